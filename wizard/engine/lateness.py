"""How late this machine itself is: so that no server is blamed for a machine that is too busy to ask it."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import deque
from importlib import import_module

from wizard.reading import read_start

BEAT = 0.02
"""Seconds from one look at the clock to the next."""
LOOK = 0.1
"""Seconds from one look at who else wants a processor to the next, at least."""
_KEPT = 65536
"""Beats that came late, and looks at a crowd, that are remembered: those of twenty minutes of nothing else."""
_CROWD = 2
"""How many others must want each processor before a server here may get none in time."""
_USUAL = 0.005
"""Seconds by which a beat may be late on any machine."""
_PART = 0.2
_LEAST = 0.25
"""The part of a check's time, and the seconds, that may be lost before its deadline says nothing of the other side."""
_MOST = 0.5
_TWITCH = 0.05
"""The part of a check's time, and the seconds, that may be lost before what took long says nothing of others."""


class Pulse:
    """A thread that wakes at every beat and notes how much later it was woken: processor and interpreter were taken.

    One that mostly sleeps is woken soon even where others get next to nothing, and so are we. Therefore it also looks
    how many want the processors: what a server on this machine lost, no clock of ours can tell.
    """

    def __init__(self) -> None:
        """Begin to count."""
        self._late: deque[tuple[float, float]] = deque(maxlen=_KEPT)
        self._crowded: deque[tuple[float, float]] = deque(maxlen=_KEPT)
        self._over = threading.Event()
        threading.Thread(target=self._beat, name="pulse", daemon=True).start()

    def _beat(self) -> None:
        before = looked = time.monotonic()
        while not self._over.wait(BEAT):
            now = time.monotonic()
            if (late := now - before - BEAT) > _USUAL:
                self._late.append((now, late))
            before = now
            if now - looked >= LOOK:
                if part := crowd(wanting(), _processors()):
                    self._crowded.append((now, part * (now - looked)))
                looked = now

    def lost_since(self, moment: float) -> float:
        """Return the seconds by which beats were late since `moment` (monotonic)."""
        return sum(late for when, late in tuple(self._late) if when > moment)

    def crowded_since(self, moment: float) -> float:
        """Return the seconds since `moment` (monotonic) in which a server on this machine had to wait for others."""
        return sum(lost for when, lost in tuple(self._crowded) if when > moment)

    def end(self) -> None:
        """Stop counting."""
        self._over.set()


def is_too_late(lost: float, allowed: float) -> bool:
    """Whether so much of the seconds that a check had was lost that an answer may only not have been seen."""
    return lost > max(_LEAST, _PART * allowed)


def is_slowed(lost: float, took: float) -> bool:
    """Whether so much of the seconds that a check took was lost that answers may have come long before they were seen.

    Milliseconds are measured there: a quarter of a second, which a deadline bears, is too much.
    """
    return lost > max(_TWITCH, _MOST * took)


def wanting() -> int:
    """Return how many others than the thread that asks run or want to, on all processors; 0 where that is not told.

    Linux tells it (proc(5), loadavg), in a container of the whole machine.
    """
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(read_start("/proc/loadavg", 100).split()[3].partition(b"/")[0]) - 1
    return 0


def crowd(others: int, processors: int) -> float:
    """Return the part of the time that one more would have to wait; 0 where few want a processor.

    A server needs little and is woken before those that never sleep. So it counts only where they are many.
    """
    return 1 - processors / (others + 1) if others >= _CROWD * processors else 0.0


def is_crowded() -> bool:
    """Return whether so many want a processor at the moment that a server on this machine may get none in time."""
    return crowd(wanting(), _processors()) > 0


def _processors() -> int:
    return os.cpu_count() or 1


def queued(thread: int) -> float:
    """Return the seconds that a thread (its native id) has waited for a processor; 0 where the system does not tell.

    Linux tells it in nanoseconds (proc(5), schedstat).
    """
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(read_start(f"/proc/self/task/{thread}/schedstat", 100).split()[1]) / 1e9
    return 0.0


def load(drivers: tuple[str, ...]) -> None:
    """Import what a probe needs before its clock starts; what cannot be imported, the probe will meet itself."""
    for name in drivers:
        with contextlib.suppress(ImportError):
            import_module(name)
