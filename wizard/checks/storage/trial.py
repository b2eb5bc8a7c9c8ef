"""A file of our own in the shared folder: written, renamed, read back, locked, deleted; and one that is synced."""

from __future__ import annotations

import os
import re
import secrets
import statistics
import threading
import time
from contextlib import suppress
from pathlib import Path

from wizard.checks.storage import locks
from wizard.checks.storage.errors import ChangedError
from wizard.dataclass import dataclass
from wizard.reading import read_start

PREFIX = ".ncw-check-"
_SIZE, _SYNCS = 4096, 3
_OWN = re.compile(re.escape(PREFIX) + r"[0-9a-f]{8}(-renamed)?")
LEFT_SECONDS = 60.0
"""From this age on a file under such a name was left by a program that was killed, and the next one removes it.

As long as our keys in Redis live. No mark of a living run is better: a lock need not be seen by other machines, and a
process ID means nothing to them.
"""


@dataclass(frozen=True, slots=True)
class Written:
    """What came of the file: whom it belongs to, and who wrote it (None on Windows)."""

    owner: int | None
    writer: int | None


class Trial:
    """One file under a name nobody else has. `clean_up` removes whatever is left of it, and no more is made then."""

    def __init__(self, folder: str) -> None:
        """Choose the names; nothing is created yet."""
        name = PREFIX + secrets.token_hex(4)
        self._first = Path(folder, name)
        self._file = Path(folder, name + "-renamed")
        self._folder = folder
        self._making = threading.Lock()
        self._is_over = False

    def write(self) -> Written:
        """Write, rename, read back; raises OSError or ChangedError."""
        data = secrets.token_bytes(_SIZE)
        descriptor = self._made()
        try:
            made = os.fstat(descriptor)
            self._sweep(made.st_mtime)
            _write(descriptor, data)
        finally:
            os.close(descriptor)  # a file server tells some of its errors only here
        self._first.rename(self._file)
        if read_start(self._file, len(data) + 1) != data:
            raise ChangedError
        writer = os.geteuid() if hasattr(os, "geteuid") else None
        return Written(None if writer is None else made.st_uid, writer)

    def _made(self) -> int:
        """Make the file, unless it was cleaned up already because the program ends: SystemExit ends the thread."""
        with self._making:
            if self._is_over:
                raise SystemExit
            return os.open(self._first, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)

    def lock(self) -> bool:
        """Say whether a lock keeps a second one out; raises OSError where none is granted."""
        return locks.is_kept(str(self._file))

    def delete(self) -> None:
        """Delete the file; raises OSError, FileExistsError if it is still there."""
        self._file.unlink()
        if os.path.lexists(self._file):
            raise FileExistsError

    def sync(self) -> int:
        """Return the median milliseconds until what was written to a file is on the disk; raises OSError.

        It may take long, or hang, so the file has no name meanwhile: it goes with the program, however that ends.
        """
        descriptor = self._made()
        try:
            with suppress(OSError):  # Windows keeps the name of an open file; `delete` tells of other reasons
                self._first.unlink()
            data = secrets.token_bytes(_SIZE)
            times = [_write_and_sync(descriptor, data) for _ in range(_SYNCS)]
        finally:
            os.close(descriptor)
        self._sync_folder()
        return round(statistics.median(times) * 1000)

    def clean_up(self) -> None:
        """Remove what is left; what cannot be removed was reported by `delete`. Safe from another thread, and twice."""
        with self._making:
            self._is_over = True
        for path in (self._first, self._file):  # in this order a renaming in between hides nothing
            with suppress(OSError):
                path.unlink()

    def _sweep(self, now: float) -> None:
        """Remove what killed programs left; `now` is the time by the folder's own clock."""
        with suppress(OSError), os.scandir(self._folder) as entries:
            for entry in entries:
                if _OWN.fullmatch(entry.name) and now - entry.stat(follow_symlinks=False).st_mtime > LEFT_SECONDS:
                    Path(entry.path).unlink()

    def _sync_folder(self) -> None:
        if os.name == "nt":  # a folder cannot be opened there
            return
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def _write_and_sync(descriptor: int, data: bytes) -> float:
    _write(descriptor, data)
    began = time.monotonic()
    os.fsync(descriptor)
    return time.monotonic() - began
