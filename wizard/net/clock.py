"""How far another machine's clock is ahead of ours, as an answer of it shows."""

from __future__ import annotations

import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

from wizard.dataclass import dataclass

MAX_SKEW = 1.0
"""Seconds that clocks may differ: NocoBase's IDs hold the time, and schedules start by it."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Seconds that a clock is ahead of ours, known up to `error` seconds; and its zone, where that was told."""

    ahead: float
    error: float
    zone: str = ""

    @property
    def span(self) -> tuple[float, float]:
        """The least and the most that it may be ahead."""
        return self.ahead - self.error, self.ahead + self.error

    def narrowed(self, other: Clock) -> Clock:
        """Return what both say of one clock; itself where they contradict each other, as after a clock was set."""
        least, most = max(self.span[0], other.span[0]), min(self.span[1], other.span[1])
        return Clock((least + most) / 2, (most - least) / 2) if least <= most else self


def asked(tell: Callable[[], float]) -> Clock:
    """Ask for a time (seconds since 1970) and compare it with ours in the middle of the question."""
    before = time.time()
    theirs = tell()
    after = time.time()
    return Clock(theirs - (before + after) / 2, (after - before) / 2)


def of_header(date: str, before: float, after: float) -> Clock | None:
    """Read HTTP's Date header, which tells full seconds; None if there is none that can be read."""
    try:
        told = parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return None
    return Clock(told + 0.5 - (before + after) / 2, 0.5 + (after - before) / 2)
