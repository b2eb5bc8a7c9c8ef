"""How long a test waits for an event before it gives up: a last resort, long, and longer on a busy machine."""

import os

SECONDS = 60.0


def factor() -> float:
    """Return how much slower than a quiet one this machine may be: what the environment says, or its load."""
    told = float(os.environ.get("NCW_TEST_PATIENCE", "1"))
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return max(1.0, told, load / (os.cpu_count() or 1))


def patience(seconds: float = SECONDS) -> float:
    """Return the seconds to wait for what a quiet machine does long before `seconds` are over."""
    return seconds * factor()


def processor_time(seconds: float) -> float:
    """Return the bound for processor time: what waits costs none, and two threads that share a core halve its pace."""
    return seconds * min(2.0, factor())
