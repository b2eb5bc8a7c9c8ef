"""Who listens for the sync signal on a real Redis, beside stand-in nodes that serve."""

from contextlib import ExitStack, contextmanager

import pytest

from tests.live.redis_plans import SECRET
from tests.live.running import findings_of
from tests.patience import patience
from wizard.checks.cluster import checks as cluster
from wizard.checks.node import checks as node
from wizard.checks.redis import checks as redis
from wizard.demo.listener import Listener
from wizard.demo.nodes import Health
from wizard.demo.redis import Redis
from wizard.engine.selection import Selection
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Node

pytestmark = pytest.mark.live
ID = "cluster.sync"


def _found(server, *nodes, listeners=0, **values):
    planned = tuple(Node(name=f"node{i + 1}", host=one.host, port=one.port) for i, one in enumerate(nodes))
    plan = Plan(nodes=planned).with_value("redis.server.password", SecretRef(SECRET))
    own = {"redis.server.host": server.host, "redis.server.port": server.port}
    for key, value in {**own, "redis.server.username": server.user, **values}.items():
        plan = plan.with_value(key, value)
    secrets = {SECRET: Secret(server.password)}
    with ExitStack() as stack:
        for _ in range(listeners):
            stack.enter_context(Listener(server))
        checks = [*redis.checks(plan, secrets), *node.checks(plan, secrets)]
        found = findings_of(checks, cross_checks=cluster.cross_checks(plan), selection=Selection(only=(ID,)))
    assert set(found) == {(ID, "")}
    return found[ID, ""]


@pytest.fixture
def nodes(node_stand_in):
    """Two nodes that serve."""
    return node_stand_in("node1"), node_stand_in("node2")


def _told(finding):
    return finding.severity, finding.error


@pytest.mark.parametrize("listeners", [2, 3])
def test_a_listener_for_each_node_passes(redis8, nodes, listeners):
    finding = _found(redis8, *nodes, listeners=listeners)
    assert _told(finding) == (Severity.PASS, None)
    assert finding.facts["listeners"] == listeners


def test_nobody_who_listens_fails(redis8, nodes):
    finding = _found(redis8, *nodes)
    assert _told(finding) == (Severity.FAIL, ErrorKind.MISSING)
    assert "node1, node2 serve, and nobody listens" in finding.summary
    assert "PUBSUB_ADAPTER_REDIS_URL" in finding.remedy


def test_fewer_listeners_than_nodes_are_a_warning(redis8, nodes):
    finding = _found(redis8, *nodes, listeners=1)
    assert _told(finding) == (Severity.WARN, ErrorKind.MISSING)
    assert finding.summary == "1 process listens for the sync signal, and 2 nodes serve: node1, node2."


@contextmanager
def _by_pattern(server):
    client = server.connect()
    heard = client.pubsub()
    heard.psubscribe("main.*")
    heard.get_message(timeout=patience(10))
    try:
        yield
    finally:
        heard.close()
        client.close()


def test_whoever_listens_by_a_pattern_is_not_said_to_be_absent(redis8, nodes):
    with _by_pattern(redis8):
        finding = _found(redis8, *nodes)
    assert _told(finding) == (Severity.UNKNOWN, ErrorKind.OTHER)


def test_an_account_that_may_not_ask_is_unknown(launch, nodes):
    server = launch(lambda: Redis(user="crm", acl="~* &* +@all -pubsub"))
    finding = _found(server, *nodes)
    assert _told(finding) == (Severity.UNKNOWN, ErrorKind.PERMISSION)
    assert "redis.neighbours" in finding.summary


def test_a_server_that_is_not_there_is_unknown(redis8, nodes, closed_port):
    finding = _found(redis8, *nodes, **{"redis.server.port": closed_port.port})
    assert finding.severity is Severity.UNKNOWN
    assert "redis.connect" in finding.summary


def test_nodes_that_do_not_serve_are_not_missed(redis8, nodes):
    nodes[1].health = Health.COMMANDING
    finding = _found(redis8, *nodes)
    assert finding.severity is Severity.SKIP
    assert "node.health" in finding.summary


def test_a_cluster_without_the_plugins_is_not_asked(redis8, nodes):
    assert _found(redis8, *nodes, **{"licence.without_plugins": True}).severity is Severity.SKIP
