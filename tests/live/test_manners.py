"""Manners of a run: it ends in time, stops at once, lets the program go, and is no burden to a server."""

import contextlib
import subprocess
import sys
import threading
from pathlib import Path

import pymysql
import pytest

from tests.live.helpers_database import check, check_plan, plan_for, run_sql
from tests.live.redis_plans import found_of, plan_of
from tests.live.running import findings_of
from tests.patience import patience, wait_until
from tests.servers.mariadb import MariaDb
from tests.servers.ports import SilentPort
from tests.servers.relay import SlowRelay
from wizard.app.check import prepare
from wizard.checks.database import checks as database
from wizard.checks.rabbitmq import checks as rabbitmq
from wizard.engine.events import CheckStarted, RunFinished
from wizard.engine.runner import Run
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Layout, Node, QueueKind, RedisRole

pytestmark = pytest.mark.live
ROOT = Path(__file__).parents[2]
CONNECTS = {
    "licence.login",
    "database.connect",
    "redis.connect",
    "rabbitmq.connect",
    "node.connect",
    "balancer.connect",
}


@pytest.fixture
def silent_hosts():
    """A plan of ten hosts of which none ever answers: package service, database, four of Redis, broker, nodes, site."""
    with contextlib.ExitStack() as stack:
        ports = [stack.enter_context(SilentPort()) for _ in range(10)]
        yield _plan_of(ports), {"licence.password": Secret("x"), "database.password": Secret("x")}


def _plan_of(ports) -> Plan:
    service, server, broker, site, *others = ports
    redis, nodes = others[:4], others[4:]
    values = {
        "licence.service_url": f"http://{service.host}:{service.port}/",
        "licence.username": "customer",
        "licence.password": SecretRef("licence.password"),
        "database.host": server.host,
        "database.port": server.port,
        "database.password": SecretRef("database.password"),
        "redis.layout": Layout.PER_ROLE,
        "queue.kind": QueueKind.RABBITMQ,
        "queue.host": broker.host,
        "queue.port": broker.port,
        "application.public_url": f"http://{site.host}:{site.port}",
        "nodes": tuple(Node(name=f"node{i + 1}", host=node.host, port=node.port) for i, node in enumerate(nodes)),
    }
    for role, port in zip((role for role in RedisRole if role is not RedisRole.QUEUE), redis, strict=True):
        values |= {f"redis.{role.field}.host": port.host, f"redis.{role.field}.port": port.port}
    plan = Plan(id="feedc0ffee00", name="silent")
    for key, value in values.items():
        plan = plan.with_value(key, value)
    return plan


def test_a_run_against_ten_silent_hosts_ends_although_none_of_them_ever_answers(silent_hosts):
    reports = []
    run = prepare(*silent_hosts, lambda event: reports.append(event.report) if isinstance(event, RunFinished) else None)
    run.start()
    assert wait_until(lambda: bool(reports), within=60)
    told = [finding for finding in reports[0].findings if finding.id in CONNECTS]
    assert len(told) == 10
    assert {finding.severity for finding in told} <= {Severity.FAIL, Severity.UNKNOWN}
    assert {finding.error for finding in told} == {ErrorKind.TIMEOUT}


def test_cancel_waits_for_no_host(silent_hosts):
    started, reports = [], []

    def take(event):
        if isinstance(event, CheckStarted):
            started.append(event)
        if isinstance(event, RunFinished):
            reports.append(event.report)

    run = prepare(*silent_hosts, take, timeout=600)
    run.start()
    assert wait_until(lambda: len(started) == len(run.checks), within=30)
    run.cancel()
    assert wait_until(lambda: bool(reports), within=30)
    assert reports[0].cancelled
    told = [finding for finding in reports[0].findings if finding.id in CONNECTS]
    assert Severity.SKIP in {finding.severity for finding in told}, "each was waited for until it gave up by itself"


HANGING = """
import threading
from tests.patience import patience
from wizard.engine.check import Check, Nothing
from wizard.engine.runner import Run
from wizard.plan.spec import Spec

for_ever = threading.Event()
spec = Spec("storage.exists", "It is there.")
probe = lambda _facts: for_ever.wait()
check = Check(component="storage", specs=(spec,), facts=Nothing, probe=probe, judge=lambda _facts: [])
run = Run([check], lambda event: print(type(event).__name__, flush=True), timeout=0.2)
run.start()
assert run.wait(patience(30))
"""


def test_a_probe_that_hangs_for_ever_does_not_keep_the_program_from_exiting():
    command = [sys.executable, "-c", HANGING]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=patience(60), check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "CheckFinished" in done.stdout


@pytest.fixture
def strict_mariadb(launch):
    """A MariaDB that blocks a host after three connections that broke off, seen from an address it keeps count of."""
    server = launch(lambda: MariaDb(lines=("max_connect_errors=3", "host_cache_size=128")))
    with SlowRelay(server.port, source="127.0.0.2") as relay:
        yield server, relay


def _is_blocked(server, relay) -> bool:
    try:
        pymysql.connect(
            host=relay.host,
            port=relay.port,
            user=server.user,
            password=server.password,
            connect_timeout=round(patience(5)),
        ).close()
    except pymysql.OperationalError as error:
        return "blocked" in str(error)
    return False


def test_a_mysql_host_is_not_blocked_however_often_and_however_badly_it_is_asked(strict_mariadb):
    server, relay = strict_mariadb
    plan = plan_for(server, "mariadb", port=relay.port)
    for _ in range(6):
        assert check_plan(plan, server.password)["database.connect"].severity is Severity.PASS
        wrong = check_plan(plan, "Not-the-password")["database.connect"]
        assert (wrong.severity, wrong.error) == (Severity.FAIL, ErrorKind.CREDENTIALS)
        _cancel_at_work(plan, server.password)
    assert not _is_blocked(server, relay)


def _cancel_at_work(plan, password):
    begun, over = threading.Event(), threading.Event()

    def take(event):
        if isinstance(event, CheckStarted):
            begun.set()
        if isinstance(event, RunFinished):
            over.set()

    run = Run(database.checks(plan, {"database.password": Secret(password)}), take)
    run.start()
    assert begun.wait(patience())
    run.cancel()
    assert over.wait(patience())


def test_a_host_that_breaks_off_is_blocked_by_that_server(strict_mariadb):
    server, relay = strict_mariadb
    for _ in range(4):
        with SilentlyLeaving(relay):
            pass
    assert wait_until(lambda: _is_blocked(server, relay), within=10), "the test above proves nothing"


class SilentlyLeaving:
    """Connects, hears the server's greeting, and leaves without a word."""

    def __init__(self, relay) -> None:
        import socket

        self._connection = socket.create_connection((relay.host, relay.port), 5)
        self._connection.recv(1024)

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def test_a_database_is_asked_on_one_connection(postgres, mariadb):
    for server, dialect in ((postgres, "postgres"), (mariadb, "mariadb")):
        with SlowRelay(server.port) as relay:
            assert check(server, dialect, port=relay.port)["database.connect"].severity is Severity.PASS
            assert relay.accepted == 1


def test_redis_is_asked_on_one_connection_a_role_and_sync_on_two(redis8):
    with SlowRelay(redis8.port) as relay:
        plan, secrets = plan_of(redis8, {"redis.server.port": relay.port})
        found_of(plan, secrets)
        assert relay.accepted == len(RedisRole) + 1


def test_a_broker_is_asked_on_few_connections(rabbitmq4):
    with SlowRelay(rabbitmq4.port) as relay:
        values = {"kind": QueueKind.RABBITMQ, "host": relay.host, "port": relay.port, "virtual_host": rabbitmq4.vhost}
        values |= {"username": rabbitmq4.user, "password": SecretRef("queue.password")}
        plan = Plan()
        for key, value in values.items():
            plan = plan.with_value(f"queue.{key}", value)
        found = findings_of(rabbitmq.checks(plan, {"queue.password": Secret(rabbitmq4.password)}))
        assert found["rabbitmq.use", ""].severity is Severity.PASS
        assert relay.accepted == 1


def test_postgres_sees_who_asks(postgres):
    with SlowRelay(postgres.port, mute_at=b"SHOW server_encoding") as relay:
        run = Run(
            database.checks(plan_for(postgres, port=relay.port), {"database.password": Secret(postgres.password)}),
            lambda _event: None,
        )
        run.start()
        name = "SELECT application_name FROM pg_stat_activity WHERE application_name LIKE 'nocobase%'"
        assert wait_until(lambda: run_sql(postgres, name) == [("nocobase-cluster-wizard",)], within=10)
        run.cancel()
    assert wait_until(lambda: run_sql(postgres, name) == [], within=10)
