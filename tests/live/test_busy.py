"""A busy machine is told from a silent server: what a probe needs is loaded before its clock starts."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.live.running import findings_of
from tests.servers.fixtures import running
from tests.servers.redis import sound_redis
from tests.unit.plans import SECRETS, good_plan
from wizard.checks.registry import checks_for
from wizard.engine.component import Request
from wizard.engine.lateness import wanting
from wizard.engine.runner import Selection
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.plan.sections import Dialect, QueueKind

pytestmark = pytest.mark.live

_IMPORTED_LATE = """
import json, sys
from dataclasses import replace
from pathlib import Path
from tests.live.test_busy import asked
from wizard.engine.lateness import load
check = asked(sys.argv[1], int(sys.argv[2]))
load(check.drivers)
before = {name.partition(".")[0] for name in sys.modules}
check.probe(check.facts())
found = {name.partition(".")[0] for name in sys.modules} - before - set(sys.stdlib_module_names)
print(json.dumps(sorted(found - {"wizard"})))
"""


def plan_at(port: int, dialect: Dialect = Dialect.POSTGRES) -> Plan:
    """Return a plan whose servers are all at one port of this machine."""
    plan = good_plan()
    for key, value in {
        "database.host": "127.0.0.1",
        "database.port": port,
        "database.dialect": dialect,
        "redis.server.host": "127.0.0.1",
        "redis.server.port": port,
        "queue.kind": QueueKind.RABBITMQ,
        "queue.host": "127.0.0.1",
        "queue.port": port,
        "queue.username": "app",
        "application.public_url": f"http://127.0.0.1:{port}",
    }.items():
        plan = plan.with_value(key, value)
    return replace(plan, nodes=tuple(replace(node, host="127.0.0.1", port=port) for node in plan.nodes))


def asked(component: str, port: int):
    """Return the check of a component that asks somebody, without a password that it would want."""
    dialect = Dialect.MYSQL if component == "mysql" else Dialect.POSTGRES
    name = "database" if component == "mysql" else component
    checks = checks_for(plan_at(port, dialect), SECRETS)
    return next(one for one in checks if one.component == name and (one.drivers or name == "node"))


@contextmanager
def closed_port() -> Iterator[int]:
    """Return a port that refuses: bound, and nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@contextmanager
def silent_port() -> Iterator[int]:
    """Return a port that takes connections and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        yield listening.getsockname()[1]


@contextmanager
def busy(loops: int) -> Iterator[None]:
    """Keep the processors at work meanwhile, for five minutes at most, and let them be counted."""
    spin = "import time\nend = time.monotonic() + 300\nwhile time.monotonic() < end: pass"
    with ExitStack() as stack:
        for _ in range(loops):
            process = stack.enter_context(subprocess.Popen([sys.executable, "-c", spin]))
            stack.callback(process.kill)
        stack.enter_context(pytest.MonkeyPatch.context()).setattr("wizard.engine.lateness.wanting", wanting)
        yield


@pytest.mark.parametrize("component", ["database", "mysql", "redis", "rabbitmq", "node", "balancer"])
def test_a_probe_imports_no_library_after_its_clock_started(component):
    with closed_port() as port:
        done = subprocess.run(
            [sys.executable, "-c", _IMPORTED_LATE, component, str(port)],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        )
    assert json.loads(done.stdout) == []


_GATES = ("database.connect", "redis.connect", "rabbitmq.connect", "node.connect")


def _gates(port: int, dialect: Dialect, **options):
    selection = Selection(only=_GATES, whole_ids=frozenset(_GATES))
    checks = checks_for(plan_at(port, dialect), SECRETS, Request(selection=selection))
    found = [item for item in findings_of(checks, selection=selection, **options).values() if item.error]
    assert {item.id for item in found} == set(_GATES)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("dialect", [Dialect.POSTGRES, Dialect.MYSQL])
def test_a_port_that_refuses_is_told_so_beside_twelve_busy_loops(dialect):
    with busy(12), closed_port() as port:
        found = _gates(port, dialect)
    assert {finding.error for finding in found} == {ErrorKind.REFUSED}, found
    assert {finding.severity for finding in found} == {Severity.FAIL}, found


def _last_in_turn(process: int) -> None:
    """Let a server get a processor only where next to nobody else wants one, as on a machine that is worked to death.

    Linux may share its processors among sessions first; the server has one of its own.
    """
    os.setpriority(os.PRIO_PROCESS, process, 19)
    group = Path(f"/proc/{process}/autogroup")
    if group.exists():
        group.write_text("19")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how many want a processor")
def test_a_server_that_others_keep_from_a_processor_is_not_called_dead():
    chosen = Selection(only=("redis",))
    with running(sound_redis) as server, busy(8 * (os.cpu_count() or 1)):
        secrets = dict.fromkeys(SECRETS, Secret(server.password))
        _last_in_turn(server.process.pid)
        checks = checks_for(plan_at(server.port), secrets, Request(selection=chosen))
        found = findings_of(checks, selection=chosen, timeout=0.5)
    assert not [item for item in found.values() if item.severity in {Severity.FAIL, Severity.WARN}]
    late = {item.summary for item in found.values() if item.severity is Severity.UNKNOWN}
    assert late <= {"Could not be found out: this machine was too busy to tell."}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how many want a processor")
def test_a_silent_server_of_a_crowded_machine_cannot_be_told_from_one_that_gets_no_time():
    with busy(8 * (os.cpu_count() or 1)), silent_port() as port:
        found = _gates(port, Dialect.POSTGRES)
    assert {finding.severity for finding in found} == {Severity.UNKNOWN}, found


@pytest.mark.slow
def test_a_port_that_is_silent_is_never_called_refused_beside_twelve_busy_loops():
    with busy(12), silent_port() as port:
        found = _gates(port, Dialect.POSTGRES)
    assert {finding.error for finding in found} == {ErrorKind.TIMEOUT}
    assert {finding.severity for finding in found} <= {Severity.FAIL, Severity.UNKNOWN}
    told = {finding.summary for finding in found if finding.severity is Severity.UNKNOWN}
    assert told <= {"Could not be found out: this machine was too busy to tell."}
