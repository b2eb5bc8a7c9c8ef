"""Folders on file systems that do not behave: small, read-only, denying, slow, hanging, squashing. All need root."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.patience import wait_until
from tests.servers.namespace import PRIVILEGES
from wizard.demo.process import Missing

_MOUNT_SECONDS = 30.0
_STOP_SECONDS = 30.0


@contextlib.contextmanager
def small(point: Path, **options: str) -> Iterator[Path]:
    """A file system in memory, for example `size="1m"` or `nr_inodes="5"`."""
    with _mounted(point, "-t", "tmpfs", "-o", ",".join(f"{name}={value}" for name, value in options.items()), "tmpfs"):
        yield point


@contextlib.contextmanager
def read_only(point: Path, backing: Path) -> Iterator[Path]:
    """A folder through which nothing can be written."""
    with _mounted(point, "--bind", "-o", "ro", str(backing)):
        yield point


@contextlib.contextmanager
def _mounted(point: Path, *arguments: str) -> Iterator[None]:
    _need_root()
    point.mkdir(exist_ok=True)
    done = subprocess.run(["mount", *arguments, str(point)], check=False, capture_output=True, text=True)
    if done.returncode:
        raise Missing(f"nothing can be mounted here ({done.stderr.strip()})", PRIVILEGES)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(point)], check=True)


@contextlib.contextmanager
def bound(point: Path, backing: Path, *options: str, enter: Sequence[str] = ()) -> Iterator["UserSpace"]:
    """A folder through bindfs, with its options (`--delete-deny`); `enter` leads a command to the mounts it is for."""
    program = shutil.which("bindfs")
    if not program:
        raise Missing("there is no bindfs", "apt-get install bindfs")
    with _served(point, [program, "-f", *options, str(backing), str(point)], enter) as folder:
        yield folder


@contextlib.contextmanager
def faulty(point: Path, backing: Path, fault: str, kind: str = "faulty") -> Iterator["UserSpace"]:
    """A folder with one of the faults of tests.servers.faulty_folder, shown as `fuse.KIND` in the table of mounts."""
    words = [str(backing), str(point), fault, kind]
    with _served(point, [sys.executable, "-m", "tests.servers.faulty_folder", *words]) as folder:
        yield folder


class UserSpace:
    """A mount that a process serves."""

    def __init__(self, point: Path, process: subprocess.Popen) -> None:
        self.point = point
        self._process = process

    def hang(self) -> None:
        """Let every call on the mount wait, as when a file server is gone."""
        self._process.send_signal(signal.SIGSTOP)

    def die(self) -> None:
        """End the process and leave the mount."""
        self._process.kill()
        self._process.wait(_STOP_SECONDS)


@contextlib.contextmanager
def _served(point: Path, command: list[str], enter: Sequence[str] = ()) -> Iterator[UserSpace]:
    _need_root()
    if not Path("/dev/fuse").exists():
        raise Missing("the kernel has no file systems in user space", "modprobe fuse")
    point.mkdir(exist_ok=True)
    process = subprocess.Popen([*enter, *command], cwd=Path(__file__).parents[2], stdin=subprocess.DEVNULL)
    try:
        ready = wait_until(lambda: process.poll() is not None or _is_mounted(point, process.pid), _MOUNT_SECONDS)
        if not ready or process.poll() is not None:
            raise Missing(f"{command[0]} cannot mount here", PRIVILEGES)
        yield UserSpace(point, process)
    finally:
        process.kill()
        try:
            process.wait(_STOP_SECONDS)
        finally:
            subprocess.run([*enter, "umount", "-l", str(point)], check=False, stderr=subprocess.DEVNULL)


def _is_mounted(point: Path, pid: int) -> bool:
    """Whether something in user space is mounted there, as the process sees it that is to serve it."""
    lines = [line.split() for line in Path(f"/proc/{pid}/mounts").read_text().splitlines()]
    return any(line[1] == str(point) and line[2].startswith("fuse") for line in lines)


def _need_root() -> None:
    if os.name != "posix" or os.geteuid() != 0:
        raise Missing("file systems can only be mounted by root", PRIVILEGES)
