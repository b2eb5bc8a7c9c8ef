"""A full check of a local cluster, against its slowest single check: what runs at once costs little more than one."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from benchmarks.stand_ins import stand_ins
from benchmarks.timing import medians, tell
from wizard.checks.events import Event, RunFinished
from wizard.checks.runner import Run
from wizard.demo.cluster import DemoCluster
from wizard.plan.plan import Plan
from wizard.verbs.check import prepare
from wizard.verbs.demo import running_demo

WANTED = 1.2
SLACK = 0.15
"""Seconds that the whole may take beyond the ratio."""
NODES = 32


def _took(make: Callable[[Callable[[Event], None]], Run]) -> float:
    done = threading.Event()
    run = make(lambda event: done.set() if isinstance(event, RunFinished) else None)
    began = time.perf_counter()
    run.start()
    if not done.wait(60):
        raise TimeoutError("the run did not end within 60 s")
    return time.perf_counter() - began


def many_nodes(demo: DemoCluster, ports: list[int]) -> Plan:
    """Give the demo's plan with a node at each of these ports."""
    first = demo.plan.nodes[0]
    nodes = tuple(replace(first, name=f"node{number + 1}", port=port) for number, port in enumerate(ports))
    return demo.plan.with_value("nodes", nodes)


def _single(plan: Plan, demo: DemoCluster, name: str) -> Callable[[], float]:
    def alone(emit: Callable[[Event], None]) -> Run:
        run = prepare(plan, demo.secrets, emit)
        return replace(run, checks=[check for check in run.checks if check.name == name], cross_checks=())

    return lambda: _took(alone)


def main() -> bool:
    """Measure and tell; gives whether the whole stays within 1.2 times the slowest check plus 0.15 s."""
    with running_demo(lambda _line: None) as demo, stand_ins(NODES) as ports:
        plan = many_nodes(demo, ports)
        names = [check.name for check in prepare(plan, demo.secrets, lambda _event: None).checks]
        chosen = [name for name in names if not name.startswith("node ")] + [names[names.index("node node1")]]
        singles = medians(3, **{name: _single(plan, demo, name) for name in chosen})
        slowest = max(singles, key=lambda name: singles[name])
        found = medians(
            7,
            full=lambda: _took(lambda emit: prepare(plan, demo.secrets, emit)),
            slowest=_single(plan, demo, slowest),
        )
    allowed = found["slowest"] * WANTED + SLACK
    ratio = found["full"] / found["slowest"]
    wanted = allowed / found["slowest"]
    return tell(f"full check of {len(names)} checks ÷ its slowest ({slowest})", ratio, wanted, **found)


if __name__ == "__main__":
    sys.exit(not main())
