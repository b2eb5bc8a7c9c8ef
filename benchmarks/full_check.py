"""A full check of a local cluster, against its slowest single check: what runs at once costs little more than one."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from benchmarks.demo_apart import demo_apart, worked
from benchmarks.timing import medians, tell
from wizard.app.check import prepare
from wizard.engine.events import Event, RunFinished
from wizard.engine.runner import Run
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets

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


def _whole(plan: Plan, secrets: Secrets) -> Callable[[], float]:
    return lambda: _took(lambda emit: prepare(plan, secrets, emit))


def _single(plan: Plan, secrets: Secrets, place: int) -> Callable[[], float]:
    """Measure one check alone: the one at this place of the run."""

    def alone(emit: Callable[[Event], None]) -> Run:
        run = prepare(plan, secrets, emit)
        return replace(run, checks=[run.checks[place]], cross_checks=())

    return lambda: _took(alone)


def measured(plan: Plan, secrets: Secrets, first: int, repeat: int) -> tuple[dict[str, float], int]:
    """Return the seconds of the whole and of its slowest check, and which one that is.

    Of the nodes the first one is measured, as all do the same. Each check is measured `first` times alone; the three
    that took longest then are measured beside the whole, so that a slow moment of one does not choose it.
    """
    checks = prepare(plan, secrets, lambda _event: None).checks
    node = next(place for place, check in enumerate(checks) if check.component == "node")
    chosen = [place for place, check in enumerate(checks) if check.component != "node" or place == node]
    singles = medians(first, **{str(place): _single(plan, secrets, place) for place in chosen})
    last = sorted(chosen, key=lambda place: singles[str(place)])[-3:]
    found = medians(repeat, full=_whole(plan, secrets), **{str(place): _single(plan, secrets, place) for place in last})
    slowest = max(last, key=lambda place: found[str(place)])
    return {"full": found["full"], "slowest": found[str(slowest)], **worked(_whole(plan, secrets))}, slowest


def main() -> bool:
    """Measure and tell; return whether the whole stays within 1.2 times the slowest check plus 0.15 s."""
    with demo_apart(NODES) as (plan, secrets):
        checks = prepare(plan, secrets, lambda _event: None).checks
        found, slowest = measured(plan, secrets, first=3, repeat=7)
    allowed = found["slowest"] * WANTED + SLACK
    ratio = found["full"] / found["slowest"]
    wanted = allowed / found["slowest"]
    components = ", ".join(dict.fromkeys(check.component for check in checks))
    print(f"checked: {components}")
    return tell(f"full check of {len(checks)} checks ÷ its slowest ({checks[slowest].name})", ratio, wanted, **found)


if __name__ == "__main__":
    sys.exit(not main())
