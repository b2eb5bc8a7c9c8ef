"""500 full checks in one process: what it holds in memory then, against what it held after the first hundred."""

from __future__ import annotations

import gc
import sys

import psutil

from benchmarks.demo_apart import demo_apart
from benchmarks.full_check import _whole
from benchmarks.timing import tell_sizes

WANTED = 1.05
NODES = 2
RUNS, FIRST = 500, 100


def main() -> bool:
    """Measure and tell; return whether the ratio holds."""
    held = {}
    with demo_apart(NODES) as (plan, secrets):
        run = _whole(plan, secrets)
        for number in range(1, RUNS + 1):
            run()
            if number in {FIRST, RUNS}:
                gc.collect()
                held[number] = float(psutil.Process().memory_info().rss)
    title = f"memory after {RUNS} runs ÷ after {FIRST}"
    return tell_sizes(title, held[RUNS] / held[FIRST], WANTED, first=held[FIRST], last=held[RUNS])


if __name__ == "__main__":
    sys.exit(not main())
