"""Files that a crash leaves old or new: temporary file, fsync, replace, fsync of the folder."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from wizard.plan.i18n import tr

PRIVATE = 0o600
FOLDER_MODE = 0o700
_NEW = ".new"
_LONGEST_TURN = 30.0
"""Seconds to wait for another program: opening an encrypted file takes it one or two."""
_LOOKED_AGAIN = 0.02


def write_atomic(path: Path, data: bytes, mode: int = PRIVATE) -> None:
    """Put `data` into the file `path`, whose permissions become `mode`; raises OSError and then leaves it as it was.

    The temporary file lies in the same folder and is private before the first byte. A link is followed. What a killed
    program left of an earlier attempt is taken away.
    """
    path = path.resolve()
    sweep(path)
    temporary = temporary_beside(path)
    try:
        write_new(temporary, data, mode)
        temporary.replace(path)
    except BaseException:  # also an interrupt: what is half written must not stay
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def temporary_beside(path: Path) -> Path:
    """Return a free name in the same folder; it tells this process, so that `sweep` knows when nobody needs it."""
    return path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}{_NEW}")


def make_folders(folder: Path, mode: int = FOLDER_MODE) -> None:
    """Make a folder and those above it that are missing, none of them more open than `mode`; raises OSError."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode, exist_ok=True)
    if not missing and not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Let one program at a time work in a folder that is there; the others wait. Nothing is left of it.

    Raises OSError where another one does not end. Where the system has no such lock (Windows, some network file
    systems), nobody waits. Not to be used twice at once in one program: it would wait for itself.
    """
    if os.name != "posix":
        yield
        return
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        deadline = time.monotonic() + _LONGEST_TURN
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise OSError(errno.EAGAIN, tr("another program is at work in it"), str(folder)) from None
                time.sleep(_LOOKED_AGAIN)
            except OSError:
                break  # there is no such lock
            else:
                break
        yield
    finally:
        os.close(descriptor)


def sweep(path: Path) -> None:
    """Take away what killed programs left beside `path`."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*-*{_NEW}"):
        if ended(left, path):
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def ended(left: Path, path: Path) -> bool:
    """Whether the program is gone whose process is in the name of what it left beside `path`."""
    import psutil

    pid = left.name.removeprefix(f".{path.name}.").partition("-")[0]
    return pid.isdecimal() and int(pid) != os.getpid() and not psutil.pid_exists(int(pid))


def write_new(path: Path, data: bytes, mode: int = PRIVATE) -> None:
    """Write a file that is not there yet, down to the disk; raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), PRIVATE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        if os.name == "posix":
            os.fchmod(descriptor, mode)
        os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Bring a folder's entries to the disk, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with contextlib.suppress(OSError):  # some network file systems have no fsync for folders
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
