"""Locks on a file, held twice by one program: what a second holder would see.

The locks of POSIX belong to a process, so a second one of the same process is always granted. Linux has locks of an
open file, which conflict as those of two processes do and take the same way to a file server; elsewhere `flock` does.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, suppress


def is_kept(path: str) -> bool:
    """Lock the file, and say whether a second lock is refused meanwhile; raises OSError where none is granted."""
    with ExitStack() as stack:
        first, second = _opened(path, stack), _opened(path, stack)
        _take(first, stack)
        try:
            _take(second, stack)
        except (BlockingIOError, PermissionError):
            return True
        return False


def _opened(path: str, stack: ExitStack) -> int:
    descriptor = os.open(path, os.O_RDWR)
    stack.callback(os.close, descriptor)
    return descriptor


def _take(descriptor: int, stack: ExitStack) -> None:
    """Lock it, and give the lock back before the file is closed: Linux tells no server in user space of the closing."""
    _lock(descriptor)
    stack.callback(_give_back, descriptor)


def _give_back(descriptor: int) -> None:
    with suppress(OSError):
        _unlock(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _unlock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl
    import struct

    def _lock(descriptor: int) -> None:
        _set(descriptor, fcntl.F_WRLCK, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(descriptor: int) -> None:
        _set(descriptor, fcntl.F_UNLCK, fcntl.LOCK_UN)

    def _set(descriptor: int, kind: int, whole: int) -> None:
        if sys.platform == "linux":
            # struct flock: type, whence, start, length (0: to the end), process id, which must be 0.
            fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, struct.pack("hhqqi4x", kind, os.SEEK_SET, 0, 0, 0))
        else:
            fcntl.flock(descriptor, whole)
