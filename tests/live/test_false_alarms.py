"""Sound clusters of seven shapes, over real servers and nodes' stand-ins: none of them is told to be broken.

The example clusters, each over servers of its own, are in test_examples_are_sound.py.
"""

import contextlib
from dataclasses import replace

import pytest

from tests.live.balancing import exported_haproxy
from tests.live.running import findings_of, unhurried
from tests.live.test_busy import busy
from tests.live.test_whole_cluster import BY_THE_DISK, SOUND_OTHERWISE, WITH_A_KEY
from tests.live.whole_cluster import VERSION, both_kinds
from tests.servers.fixtures import running
from tests.servers.pgbouncer import PgBouncer
from wizard.app.check import prepare
from wizard.checks.registry import selection
from wizard.demo.nodes import NodeStandIn
from wizard.guide.actions import actions_of
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.sections import BalancerKind
from wizard.plan.sections.redis import Layout
from wizard.plan.spec import Stage

pytestmark = pytest.mark.live


def _redis_for_each_role(plan):
    """Return the plan with an address for each role; all of them lead to one server."""
    server = plan.redis.server
    for role in plan.redis_roles:
        for name in ("host", "port", "password"):
            plan = plan.with_value(f"redis.{role.field}.{name}", getattr(server, name))
    return plan.with_value("redis.layout", Layout.PER_ROLE)


def _without_plugins(plan):
    return plan.with_value("licence.without_plugins", True)


_BY_ANOTHER_WAY = "PgBouncer, and HAProxy before a path below another site"
SHAPES = {
    "PostgreSQL, RabbitMQ and an account": (0, lambda plan: plan),
    "MariaDB, Redis alone and a key": (1, lambda plan: plan),
    "RabbitMQ, and an address for each role of Redis": (0, _redis_for_each_role),
    "MariaDB, and an address for each role of Redis": (1, _redis_for_each_role),
    "PostgreSQL without the commercial plug-ins": (0, _without_plugins),
    "MariaDB without the commercial plug-ins": (1, _without_plugins),
    _BY_ANOTHER_WAY: (2, lambda plan: plan),
}
"""Each shape, by the cluster it is made of: on PostgreSQL and RabbitMQ, on MariaDB, and the first by another way."""
ASKED_FOR = {shape: {"plan.plugins"} for shape in SHAPES if "without" in shape}
"""Warnings that a shape is there for: a plan that lacks something on purpose is told what it lacks."""
ASKED_FOR[_BY_ANOTHER_WAY] = {"database.connections"}  # a pooler tells its limits to its administrator alone


@pytest.fixture(scope="module")
def clusters(authority, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound")
    with (
        running(lambda: both_kinds(authority, folder)) as both,
        running(lambda: _by_another_way(both[0], authority)) as third,
    ):
        yield (*both, third)


@contextlib.contextmanager
def _by_another_way(first, authority):
    """Return the first cluster with other nodes, below /crm/, that HAProxy spreads, PgBouncer before the database."""
    cluster = replace(first, secrets=dict(first.secrets))
    cluster.set(application__public_path="/crm/", balancer__kind=BalancerKind.HAPROXY)
    with contextlib.ExitStack() as stack:
        nodes = []
        for node in first.plan.nodes:
            made = NodeStandIn(node.name, public_path="/crm/", version=VERSION, users=first.users)
            stack.enter_context(made)
            nodes.append(replace(node, host=made.host, port=made.port))
        cluster.plan = replace(cluster.plan, nodes=tuple(nodes))
        site = stack.enter_context(exported_haproxy(cluster.plan, authority.sign()))
        database = stack.enter_context(PgBouncer(first.servers["database"], "session", authority.sign()))
        cluster.set(
            balancer__certificate=str(site.folder / "server.crt"),
            balancer__certificate_key=str(site.folder / "server.crt.key"),
            balancer__site_file=str(site.folder / "haproxy.cfg"),
            balancer__tls_port=site.port,
            balancer__port=site.http_port,
            application__public_url=f"https://localhost:{site.port}",
            database__port=database.port,
        )
        yield cluster


def _found(clusters, shape, stage=Stage.RUN):
    place, change = SHAPES[shape]
    chosen = selection(stage=stage)
    run = prepare(change(clusters[place].plan), clusters[place].secrets, lambda _event: None, selection=chosen)
    with unhurried():
        return findings_of(run.checks, cross_checks=run.cross_checks, selection=chosen)


def _alarms(found, shape):
    excused = WITH_A_KEY | BY_THE_DISK | ASKED_FOR.get(shape, set())
    return [
        f"{item.severity} {item.id} {item.subject}: {item.summary} {item.detail}"
        for item in found.values()
        if item.severity in {Severity.FAIL, Severity.WARN, Severity.UNKNOWN}
        and SOUND_OTHERWISE.get(item.id) is not item.severity
        and item.id not in excused
    ]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_sound_cluster_raises_no_alarm(clusters, shape):
    found = _found(clusters, shape)
    assert _alarms(found, shape) == []
    assert not [item.id for item in found.values() if item.severity is Severity.FAIL]
    assert [action.id for action in actions_of(found.values()) if action.remedy is None] == []


@pytest.mark.parametrize("shape", SHAPES)
def test_before_the_first_start_no_node_and_no_balancer_is_asked(clusters, shape):
    found = _found(clusters, shape, Stage.START)
    assert _alarms(found, shape) == []
    assert {item.component for item in found.values()} & {"node", "cluster"} == set()
    assert {item.id for item in found.values() if item.component == "balancer"} <= {
        "balancer.syntax",
        "balancer.upstream",
        "balancer.limits",
        "balancer.uploads",
    }


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_a_sound_cluster_is_not_told_to_be_broken_beside_twelve_busy_loops(clusters, shape):
    with busy(12):
        found = _found(clusters, shape)
    assert not [f"{item.id} {item.summary}" for item in found.values() if item.severity is Severity.FAIL]
    late = [item for item in found.values() if item.severity is Severity.UNKNOWN and item.error is ErrorKind.TIMEOUT]
    assert {item.summary for item in late} <= {"Could not be found out: this machine was too busy to tell."}
