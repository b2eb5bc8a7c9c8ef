"""What the window holds in memory after its first paint, against a bare PySide6 window; resident, on Linux."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.first_window import _BARE, _OURS
from benchmarks.timing import not_measured, of_a_new_user, tell_sizes

WANTED = 1.5
REPEAT = 3
TITLE = "memory after the first paint ÷ bare PySide6 window"
_STATM = Path("/proc/self/statm")
_END = "os._exit(0)"
_TELL = f"(sys.__stdout__.write(open({str(_STATM)!r}).read()), sys.__stdout__.flush(), {_END})"


def _held(program: str, home: str) -> float:
    """Return the bytes that are resident when a program has painted its window."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **of_a_new_user(home)}
    command = [sys.executable, "-c", program.replace(_END, _TELL)]
    done = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, text=True, timeout=60)
    return int(done.stdout.split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main() -> bool:
    """Measure and tell; return whether the ratio holds."""
    if not _STATM.exists():
        return not_measured(TITLE, WANTED, "this system has no /proc")
    with tempfile.TemporaryDirectory() as home:
        bare, ours = (statistics.median(_held(program, home) for _ in range(REPEAT + 1)) for program in (_BARE, _OURS))
    return tell_sizes(TITLE, ours / bare, WANTED, bare=bare, ours=ours)


if __name__ == "__main__":
    sys.exit(not main())
