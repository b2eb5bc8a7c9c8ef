"""A full check of 32 nodes at 20 ms of round trip: against its slowest single check, and against 4 nodes there.

Every server stands behind a relay, in another process, that passes each piece 10 ms later, both ways.
"""

from __future__ import annotations

import sys

from benchmarks.demo_apart import demo_apart
from benchmarks.full_check import measured
from benchmarks.timing import tell
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
        found, slowest = measured(plan, secrets, first=1, repeat=REPEAT)
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
