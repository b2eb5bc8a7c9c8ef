"""The example clusters over sound servers: none is told to be broken, be this machine idle or busy.

What the six are: PostgreSQL, MariaDB; one Redis, or one for each role with TLS; RabbitMQ with TLS and without; nginx
and HAProxy, with TLS and behind another proxy; a path below another site; bare, in containers, on Kubernetes.
"""

from dataclasses import dataclass

import pytest

from tests.live.example_clusters import EXAMPLES, example_cluster
from tests.live.running import findings_of, unhurried
from tests.live.test_busy import busy
from tests.live.test_whole_cluster import BY_THE_DISK, SOUND_OTHERWISE, WITH_A_KEY
from tests.live.whole_cluster import WholeCluster
from tests.servers.fixtures import running
from wizard.app.check import prepare
from wizard.guide.actions import actions_of
from wizard.plan.finding import ErrorKind, Severity

pytestmark = [pytest.mark.live, pytest.mark.slow]
BY_THE_PLACE = {"plan.database_localhost", "plan.redis_localhost", "plan.queue_localhost"}
"""The tests' servers are at this machine's own address, which for a container is another one."""
ASKED_FOR = {name: {"plan.public_url"} for name in ("rabbitmq", "single-server")}
"""Warnings that an example is there for: these two are told that passwords travel in clear."""
EXCUSED = WITH_A_KEY | BY_THE_DISK | BY_THE_PLACE
ALARMS = {Severity.FAIL, Severity.WARN, Severity.UNKNOWN}
TOO_BUSY = "Could not be found out: this machine was too busy to tell."


@dataclass
class _Example:
    name: str
    cluster: WholeCluster


@pytest.fixture(scope="module", params=EXAMPLES)
def example(request, authority, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    with running(lambda: example_cluster(request.param, authority, folder)) as cluster:
        yield _Example(request.param, cluster)


def _alarms(example):
    run = prepare(example.cluster.plan, example.cluster.secrets, lambda _event: None)
    with unhurried():
        found = findings_of(run.checks, cross_checks=run.cross_checks)
    return [
        item
        for item in found.values()
        if item.severity in ALARMS
        and SOUND_OTHERWISE.get(item.id) is not item.severity
        and item.id not in EXCUSED | ASKED_FOR.get(example.name, set())
    ]


def _words(findings):
    return [f"{item.severity} {item.id} {item.subject}: {item.summary} {item.detail}" for item in findings]


def test_an_example_raises_no_alarm(example):
    found = _alarms(example)
    assert _words(found) == []
    assert [action.id for action in actions_of(found) if action.remedy is None] == []


def test_an_example_raises_no_alarm_beside_twelve_busy_loops(example):
    with busy(12):
        found = _alarms(example)
    late = [item for item in found if (item.error, item.summary) == (ErrorKind.TIMEOUT, TOO_BUSY)]
    assert _words(item for item in found if item not in late) == []
