"""A full check of 32 nodes at 20 ms of round trip: against its slowest single check, and against 4 nodes there.

Every server stands behind a relay, in another process, that passes each piece 10 ms later, both ways.
"""

from __future__ import annotations

import sys

from benchmarks.demo_apart import demo_apart, worked
from benchmarks.full_check import _single, _whole
from benchmarks.timing import medians, tell
from wizard.app.check import prepare

WANTED, WANTED_GROWTH = 1.2, 1.3
MANY, FEW = 32, 4
DELAY = 0.010
"""Seconds each way."""
REPEAT = 3


def _full(nodes: int) -> tuple[dict[str, float], str]:
    """Return the seconds of the whole and of its slowest check, with that check's name."""
    with demo_apart(nodes, DELAY) as (plan, secrets):
        checks = prepare(plan, secrets, lambda _event: None).checks
        node = next(place for place, check in enumerate(checks) if check.component == "node")
        chosen = [place for place, check in enumerate(checks) if check.component != "node" or place == node]
        singles = medians(1, **{str(place): _single(plan, secrets, place) for place in chosen})
        slowest = max(chosen, key=lambda place: singles[str(place)])
        found = medians(REPEAT, full=_whole(plan, secrets), slowest=_single(plan, secrets, slowest))
        found |= worked(_whole(plan, secrets))
    return found, checks[slowest].name


def main() -> bool:
    """Measure and tell; return whether both ratios hold."""
    few, _name = _full(FEW)
    many, name = _full(MANY)
    title = f"full check, {MANY} nodes, 20 ms of round trip ÷ its slowest ({name})"
    whole = tell(title, many["full"] / many["slowest"], WANTED, **many)
    parts = {"few": few["full"], "many": many["full"]}
    return tell(f"growth from {FEW} to {MANY} nodes", many["full"] / few["full"], WANTED_GROWTH, **parts) and whole


if __name__ == "__main__":
    sys.exit(not main())
