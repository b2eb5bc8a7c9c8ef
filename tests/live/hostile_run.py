"""A process of its own that checks hostile peers, and tells what came of it: findings, memory, threads, sockets.

Standard input is JSON: `ports` by the peers' names, `jobs`, `timeout` (seconds) and `authority` (a file).
"""

import json
import logging
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.live.test_busy import plan_at
from tests.patience import wait_until
from tests.unit.plans import SECRETS
from wizard.checks.registry import checks_for
from wizard.engine.check import Check
from wizard.engine.events import CheckFinished, Event, RunFinished
from wizard.engine.runner import Run
from wizard.plan.finding import Finding
from wizard.plan.plan import Plan
from wizard.plan.sections import Dialect

COMPONENTS = {"postgres": "database", "mysql": "database", "amqp": "rabbitmq", "redis over TLS": "redis"}
A_SECOND = 1.0


def main() -> None:
    """Run, wait until nothing is left, for a second at most, and tell."""
    logging.getLogger().addHandler(logging.NullHandler())
    asked = json.load(sys.stdin)
    checks = [check_at(name, port, asked["authority"]) for name, port in asked["ports"].items()]
    before = set(threading.enumerate())
    events: list[Event] = []
    over = threading.Event()

    def take(event: Event) -> None:
        events.append(event)
        if isinstance(event, RunFinished):
            over.set()

    began = time.monotonic()
    Run(checks, take, jobs=asked["jobs"], timeout=asked["timeout"]).start()
    over.wait()
    took, worked = time.monotonic() - began, time.process_time()
    wait_until(lambda: not _left(before) and not _sockets(), within=A_SECOND)
    left = _left(before)
    found = {event.name: [_told(one) for one in event.findings] for event in events if isinstance(event, CheckFinished)}
    told = {"found": found, "took": took, "worked": worked, "threads": left, "sockets": _sockets(), "peak": _peak()}
    json.dump(told, sys.stdout)


def _left(before: set[threading.Thread]) -> list[str]:
    """Return the names of the threads that were not there before."""
    return [thread.name for thread in threading.enumerate() if thread not in before and thread.is_alive()]


def check_at(name: str, port: int, authority: str) -> Check[Any]:
    kind = name.partition(":")[0]
    component = COMPONENTS.get(kind, kind)
    plan = _plan(kind, port, authority)
    checks = checks_for(plan, SECRETS)
    one = next(one for one in checks if one.component == component and (one.drivers or component == "node"))
    return replace(one, subject=name)


def _plan(kind: str, port: int, authority: str) -> Plan:
    plan = plan_at(port, Dialect.MYSQL if kind == "mysql" else Dialect.POSTGRES)
    values: dict[str, Any] = {"licence.service_url": f"http://127.0.0.1:{port}/"}
    if kind == "balancer":
        values |= {"application.public_url": f"https://127.0.0.1:{port}", "application.extra_ca_file": authority}
    if kind == "redis over TLS":
        values |= {"redis.server.tls": True, "application.extra_ca_file": authority}
    for key, value in values.items():
        plan = plan.with_value(key, value)
    return plan


def _told(finding: Finding) -> dict[str, str]:
    kind = finding.error.value if finding.error else ""
    said = f"{finding.summary} {finding.detail}"
    return {"id": finding.id, "severity": finding.severity.value, "error": kind, "said": said}


def _sockets() -> int:
    return len(list(_links("/proc/self/fd", "socket:")))


def _links(folder: str, begin: str) -> Iterator[str]:
    for path in Path(folder).iterdir():
        try:
            target = str(path.readlink())
        except OSError:  # the descriptor of the listing itself
            continue
        if target.startswith(begin):
            yield target


def _peak() -> int:
    """Return the peak of this process's memory in bytes; what `getrusage` tells has the parent's in it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) * 1024


if __name__ == "__main__":
    main()
