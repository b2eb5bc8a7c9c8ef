"""Mounts that nobody else sees, in a namespace that the kernel takes away with its first process, all others too."""

import functools
import os
import shutil
import subprocess

from wizard.demo.process import Missing

PRIVILEGES = "sudo scripts/test, outside of an unprivileged container"
UNSHARE = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private")


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
