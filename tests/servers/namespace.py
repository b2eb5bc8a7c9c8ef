"""Mounts that nobody else sees, in a namespace that the kernel takes away with its first process, all others too."""

import contextlib
import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from wizard.demo.process import Missing

PRIVILEGES = "sudo scripts/test, outside of an unprivileged container"
UNSHARE = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private")

_HOLD = 'mount -t tmpfs -o mode=755 tmpfs "$1"; echo ready; exec cat'
"""Ends with this program at the latest: its standard input closes then, and the kernel takes all else away."""


class Held:
    """A namespace with an empty file system in memory: what is written, mounted or started there ends with it."""

    def __init__(self, pid: int, point: str) -> None:
        self._pid = pid
        self.inside = point
        """The file system as those in the namespace see it."""
        self.outside = Path(f"/proc/{pid}/root{point}")
        """The same as this process sees it."""

    def run(self, command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a command in the namespace, at the machine's own root; options as those of subprocess.run."""
        enter = ["nsenter", f"--target={self._pid}", "--mount", "--pid", "--", *command]
        return subprocess.run(enter, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)  # noqa: PLW1510


@contextlib.contextmanager
def held() -> Iterator[Held]:
    """Make a namespace; it is gone after the block."""
    with tempfile.TemporaryDirectory(prefix="ncw-held-") as point:
        words = [*UNSHARE, "/bin/sh", "-ec", _HOLD, "hold", point]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
            try:
                if not holder.stdout.readline():
                    raise Missing("no file system in memory can be mounted", PRIVILEGES)
                [first] = psutil.Process(holder.pid).children()
                yield Held(first.pid, point)
            finally:
                holder.kill()  # and the first process of the namespace with it


def need(what: str) -> None:
    """Raise Missing where this machine gives no such namespace; `what` needs it, the beginning of a sentence."""
    if os.name != "posix" or os.geteuid() != 0:
        raise Missing(f"{what} needs root", PRIVILEGES)
    if not shutil.which(UNSHARE[0]):
        raise Missing(f"{what} needs unshare", "apt-get install util-linux")
    if refusal := _refusal():
        raise Missing(f"{what} needs the right to mount ({refusal})", PRIVILEGES)


@functools.cache
def _refusal() -> str:
    """Return why nothing can be mounted here; empty where it can."""
    done = subprocess.run(
        [*UNSHARE, "mount", "-t", "proc", "proc", "/proc"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return " ".join(done.stderr.split()) or f"unshare ended with {done.returncode}" if done.returncode else ""
