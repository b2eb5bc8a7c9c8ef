"""Runs a command and fails if anything it started, directly or not, is still there when it ended.

`python -m tests.servers.leftovers COMMAND…` ends as the command did, or with 1 and the names of what was left:
processes (also those that became daemons), mounts under the cache, and folders of servers.
"""

import ctypes
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

from tests.servers.debian import cache
from wizard.demo.process import wait_until

_PR_SET_CHILD_SUBREAPER = 36
_PATIENCE_SECONDS = 5.0


def main(command: list[str]) -> int:
    """Run it; return its exit code, or 1 where it left something."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    folders = _folders()
    code = subprocess.run(command, check=False).returncode
    wait_until(lambda: not _processes(), _PATIENCE_SECONDS)
    left = [f"process {_describe(process)}" for process in _processes()]
    left += [f"mount {mount}" for mount in _mounts()]
    left += [f"folder {folder}" for folder in sorted(_folders() - folders)]
    for process in _processes():
        process.kill()
    if left:
        sys.stderr.write("\n  ".join([f"left behind by {' '.join(command)}", *left]) + "\n")
    return code or int(bool(left))


def _processes() -> list[psutil.Process]:
    _reap()
    return psutil.Process().children(recursive=True)


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _describe(process: psutil.Process) -> str:
    try:
        return f"{process.pid} {' '.join(process.cmdline())[:200] or process.name()}"
    except psutil.Error:
        return f"{process.pid}, meanwhile gone"


def _mounts() -> list[str]:
    return [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines() if str(cache()) in line]


def _folders() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("nocobase-cluster-demo-*"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
