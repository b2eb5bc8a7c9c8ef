"""Runs a command and fails if anything it started, directly or not, is still there when it ended.

`python -m tests.servers.leftovers COMMAND…` ends as the command did, or with 1 and the names of what was left:
processes (also those that became daemons) with the test that started them, mounts under the cache and under the folder
for temporary files, and folders of servers.
"""

import contextlib
import ctypes
import datetime as dt
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psutil

from tests.patience import wait_until
from tests.servers.debian import cache

_PR_SET_CHILD_SUBREAPER = 36
_PATIENCE_SECONDS = 10.0
"""What a guardian may take to end its servers and remove its folder."""


def main(command: list[str]) -> int:
    """Run it; return its exit code, or 1 where it left something."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    folders, mounts = _folders(), _mounts()
    code = _run(command)
    wait_until(lambda: not _processes(), _PATIENCE_SECONDS)
    left = [f"process {_describe(process)}" for process in _processes()]
    left += [f"mount {mount}" for mount in sorted(_mounts() - mounts)]
    left += [f"folder {folder}" for folder in sorted(_folders() - folders)]
    for process in _processes():
        with contextlib.suppress(psutil.Error):
            process.kill()
    if left:
        sys.stderr.write("\n  ".join([f"left behind by {' '.join(command)}", *left]) + "\n")
    return code or int(bool(left))


def _run(command: list[str]) -> int:
    """Run it to its end; what it orphans meanwhile is reaped, as the first process of a machine does it."""
    child = subprocess.Popen(command)
    ended, status = 0, 0
    while ended != child.pid:
        ended, status = os.waitpid(-1, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode


def _processes() -> list[psutil.Process]:
    _reap()
    return psutil.Process().children(recursive=True)


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _describe(process: psutil.Process) -> str:
    """Say what it is and where it comes from, as far as it still tells."""
    told = {"since": lambda: dt.datetime.fromtimestamp(process.create_time()).astimezone().isoformat("T", "seconds")}
    told |= {"state": process.status, "folder": process.cwd, "parent": lambda: _command(process.parent())}
    told |= {"test": lambda: process.environ().get("PYTEST_CURRENT_TEST", "unknown")}
    parts = [f"{process.pid} {_told(lambda: _command(process))}"]
    return "\n    ".join([*parts, *(f"{name}: {_told(ask)}" for name, ask in told.items())])


def _told(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except (psutil.Error, OSError) as error:
        return f"not to be found out ({type(error).__name__})"


def _command(process: psutil.Process | None) -> str:
    return " ".join(process.cmdline())[:200] or process.name() if process else "none"


def _mounts() -> set[str]:
    points = (line.split()[1] for line in Path("/proc/mounts").read_text().splitlines())
    return {point for point in points if point.startswith((f"{cache()}/", f"{tempfile.gettempdir()}/"))}


def _folders() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("nocobase-cluster-demo-*"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
