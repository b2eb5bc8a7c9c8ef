"""A file system in user space with one fault, for `python -m tests.servers.faulty_folder BACKING POINT FAULT KIND`.

It passes everything on to the folder BACKING, except what FAULT names: `no-entry` lets nobody in, `no-search` shows no
file, `no-locks` grants no lock, `slow-sync` takes 0.3 s for each fsync, `stuck-sync` and `stuck-locks`
3 s for a fsync or a lock, while other calls are answered, `torn-writes` keeps other bytes than it got.
`far-locks` is no fault: it locks the file in BACKING, as a server's file, so that two mounts see each other's locks.
The table of mounts shows it as `fuse.KIND`.
"""

import ctypes
import errno
import fcntl
import os
import struct
import sys
import threading
from pathlib import Path

from mfusepy import FUSE, FuseOSError, Operations

_ATTRIBUTES = ("st_gid", "st_mode", "st_nlink", "st_size", "st_uid")
_FLOCK = "hhqqi4x"
_TIMES = ("st_atime", "st_ctime", "st_mtime")
_FIGURES = ("f_bavail", "f_bfree", "f_blocks", "f_bsize", "f_favail", "f_ffree", "f_files", "f_frsize", "f_namemax")


class Loopback(Operations):
    """Everything as in the folder behind it."""

    use_ns = True

    def __init__(self, backing: str) -> None:
        self._backing = backing

    def _real(self, path: str) -> str:
        return self._backing + path

    def getattr(self, path, fh=None):
        found = os.lstat(self._real(path))
        times = {name: getattr(found, f"{name}_ns") for name in _TIMES}
        return {**times, **{name: getattr(found, name) for name in _ATTRIBUTES}}

    def readdir(self, path, fh):
        return [".", "..", *os.listdir(self._real(path))]  # noqa: PTH208 - names, as asked for

    def readlink(self, path):
        return str(Path(self._real(path)).readlink())

    def statfs(self, path):
        found = os.statvfs(self._real(path))
        return {name: getattr(found, name) for name in _FIGURES}

    def create(self, path, mode, fi=None):
        return os.open(self._real(path), os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)

    def open(self, path, flags):
        return os.open(self._real(path), flags)

    def read(self, path, size, offset, fh):
        return os.pread(fh, size, offset)

    def write(self, path, data, offset, fh):
        return os.pwrite(fh, data, offset)

    def fsync(self, path, datasync, fh):
        os.fsync(fh)
        return 0

    def release(self, path, fh):
        os.close(fh)
        return 0

    def rename(self, old, new):
        Path(self._real(old)).rename(self._real(new))

    def unlink(self, path):
        Path(self._real(path)).unlink()


class NoEntry(Loopback):
    """As an export that lets this machine mount, and its root do nothing."""

    def getattr(self, path, fh=None):
        raise FuseOSError(errno.EACCES)


class NoSearch(Loopback):
    """As a folder whose bits let this user neither list it nor reach into it."""

    def getattr(self, path, fh=None):
        if path != "/":
            raise FuseOSError(errno.EACCES)
        return super().getattr(path, fh)

    def readdir(self, path, fh):
        raise FuseOSError(errno.EACCES)


class NoLocks(Loopback):
    """As a mount of NFS 3 whose lock daemon is not there."""

    def lock(self, path, fh, cmd, lock):
        raise FuseOSError(errno.ENOLCK)


class FarLocks(Loopback):
    """As a mount of a file server that keeps the locks of all machines. No lock is waited for."""

    def lock(self, path, fh, cmd, lock):
        kind, whence, start, length, _pid = struct.unpack(_FLOCK, ctypes.string_at(lock, struct.calcsize(_FLOCK)))
        fcntl.fcntl(fh, fcntl.F_OFD_SETLK, struct.pack(_FLOCK, kind, whence, start, length, 0))
        return 0

    def flock(self, path, fh, op):
        fcntl.flock(fh, op | fcntl.LOCK_NB)
        return 0


class SlowSync(Loopback):
    """As a file server under load."""

    seconds = 0.3

    def fsync(self, path, datasync, fh):
        threading.Event().wait(self.seconds)
        return super().fsync(path, datasync, fh)


class StuckSync(SlowSync):
    """As a file server that hardly moves. It does at last: Linux lets no process end that waits for user space."""

    seconds = 8.0


class StuckLocks(Loopback):
    """As a mount whose lock daemon hangs; at last it refuses."""

    def lock(self, path, fh, cmd, lock):
        threading.Event().wait(StuckSync.seconds)
        raise FuseOSError(errno.ENOLCK)


class TornWrites(Loopback):
    """As a disk that lies."""

    def write(self, path, data, offset, fh):
        return os.pwrite(fh, bytes(len(data)), offset)


FAULTS = {
    "no-entry": NoEntry,
    "no-search": NoSearch,
    "no-locks": NoLocks,
    "far-locks": FarLocks,
    "slow-sync": SlowSync,
    "stuck-sync": StuckSync,
    "stuck-locks": StuckLocks,
    "torn-writes": TornWrites,
}

if __name__ == "__main__":
    _backing, _point, _fault, _kind = sys.argv[1:]
    _options = {"fsname": "faulty", "subtype": _kind, "direct_io": True}
    FUSE(FAULTS[_fault](_backing), _point, foreground=True, nothreads=not _fault.startswith("stuck"), **_options)
