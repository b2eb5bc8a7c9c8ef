"""How long a test waits for an event before it gives up: a last resort, long, and longer on a busy machine."""

import os
import time
from collections.abc import Callable

from wizard.demo.process import wait_until as _wait_until

SECONDS = 60.0
SLOWER = 3.0
"""How much slower than ours a machine may be that does not say so: its load is told a minute late, its pace never."""
_TURNS = 400_000
_TURNS_SECONDS = 0.013
"""Processor time that so many turns of the loop below take on the machine that the bounds were measured on."""


def factor() -> float:
    """Return how much slower than a quiet one this machine is: what the environment says, or its load."""
    told = float(os.environ.get("NCW_TEST_PATIENCE", "1"))
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return max(1.0, told, load / (os.cpu_count() or 1))


def patience(seconds: float = SECONDS) -> float:
    """Return the seconds to wait for what a quiet machine does long before `seconds` are over."""
    return seconds * max(SLOWER, factor())


def wait_until(happened: Callable[[], bool], within: float = SECONDS) -> bool:
    """Ask again and again until it happened, as long as it may take here; say whether it did."""
    return _wait_until(happened, patience(within))


def processor_time(seconds: float) -> float:
    """Return the bound for processor time: what waits costs none, but a slow or shared core takes more of it."""
    return seconds * max(min(2.0, factor()), _pace())


def _pace() -> float:
    """Return how much more processor time than on the machine of the bounds a loop takes here and now."""
    began, total = time.process_time(), 0
    for number in range(_TURNS):
        total += number % 7
    return (time.process_time() - began) / _TURNS_SECONDS
