"""The one way in which this program reads files and archives: plain files alone, and never more than a bound.

A device, a pipe or a folder in the place of a file is neither read nor waited for. What an archive declares of its
sizes is its own word: the bytes that come out are counted.
"""

from __future__ import annotations

import contextlib
import errno
import io
import json
import lzma
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from wizard.plan.i18n import decimal, mark, tr

LARGEST = 4 * 1024 * 1024
"""Bytes: no file that a person writes for this program is longer."""

LARGEST_ARCHIVE = 8 * 1024 * 1024
"""Bytes: a bundle has less than 1 MiB, and each entry of an archive costs memory before it is read."""

MOST_UNPACKED = 8 * LARGEST
"""Bytes that all entries of one archive may unpack to, together."""

LARGEST_PEM = 1024 * 1024
"""Bytes of a file of certificates: all public authorities have a quarter. OpenSSL compares each with the others."""

_MOST_GROUPS, _MOST_VALUES = 300_000, 600_000
"""Lists and objects, and commas, in one JSON document: each costs some hundred bytes; a run of 32 nodes has a tenth."""

_PIECE = 64 * 1024
_PACKED_AS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""The methods that unpack in pieces of a bounded size; bzip2 and LZMA unpack each piece whole, however large."""

_KINDS = (
    (stat.S_ISDIR, mark("it is a folder")),
    (stat.S_ISFIFO, mark("it is a pipe, and nobody can tell when it ends; write what it gives into a file")),
    (stat.S_ISCHR, mark("it is a device, not a file")),
    (stat.S_ISBLK, mark("it is a device, not a file")),
    (stat.S_ISSOCK, mark("it is a socket, not a file")),
)
_BROKEN = (RecursionError, MemoryError, zlib.error, lzma.LZMAError, UnicodeError, LookupError, OverflowError, EOFError)
"""What a hostile or damaged content makes its reader raise, beside ValueError and OSError."""


class UnreadableError(OSError):
    """A file or archive that is not read. `strerror` is the reason, in words; `filename` the name as it was given."""


def unreadable(name: object, reason: str) -> UnreadableError:
    """Return the error that `name` cannot be read for this reason."""
    return UnreadableError(errno.EINVAL, reason, str(name))


def path_of(name: str) -> Path:
    """Return the path that a person wrote; `~` is a home folder, unless nobody has it."""
    return Path(os.path.expanduser(name))  # noqa: PTH111 - pathlib's own raises for a user that nobody knows


def read_file(path: str | Path, largest: int = LARGEST) -> bytes:
    """Return the bytes of a plain file; raises OSError, UnreadableError for another kind and for a longer one."""
    found = read_start(path, largest + 1)
    if len(found) > largest:
        raise too_large(path, largest)
    return found


def read_start(path: str | Path, most: int) -> bytes:
    """Return the first bytes of a plain file, `most` at most; raises OSError, UnreadableError for another kind."""
    descriptor = _opened(path)
    try:
        found = bytearray()
        while len(found) < most and (piece := os.read(descriptor, min(_PIECE, most - len(found)))):
            found += piece
        return bytes(found)
    finally:
        os.close(descriptor)


def read_end(path: str | Path, most: int) -> bytes:
    """Return the last bytes of a plain file, `most` at most; raises OSError, UnreadableError for another kind."""
    descriptor = _opened(path)
    try:
        os.lseek(descriptor, max(0, os.fstat(descriptor).st_size - most), os.SEEK_SET)
        return os.read(descriptor, most)
    finally:
        os.close(descriptor)


def read_text(path: str | Path, largest: int = LARGEST, errors: str = "strict") -> str:
    """Return the text of a plain file in UTF-8, without its mark; raises as `read_file`, and UnicodeDecodeError."""
    return read_file(path, largest).decode("utf-8-sig", errors)


def readable_size(path: str | Path, largest: int = LARGEST) -> int | None:
    """Return the bytes of a plain file that this program may read; None where there is none, or it is too large."""
    try:
        descriptor = _opened(path)
    except (OSError, ValueError):
        return None
    try:
        size = os.fstat(descriptor).st_size
    finally:
        os.close(descriptor)
    return size if size <= largest else None


def _opened(path: str | Path) -> int:
    """Return a descriptor of a plain file. Looked at before it is opened, as opening a device may do something."""
    _refuse_other_kinds(path, os.stat(path).st_mode)  # noqa: PTH116 - a path or a name alike
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    descriptor = os.open(path, flags)
    try:
        _refuse_other_kinds(path, os.fstat(descriptor).st_mode)  # it may be another one by now
    except BaseException:  # also an interrupt: a descriptor would stay open
        os.close(descriptor)
        raise
    return descriptor


def _refuse_other_kinds(path: str | Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        words = next((words for is_kind, words in _KINDS if is_kind(mode)), mark("it is no plain file"))
        raise unreadable(path, tr(words))


def too_large(name: object, largest: int = LARGEST) -> UnreadableError:
    """Return the error that `name` is larger than so many bytes."""
    most = decimal(largest / 1024 / 1024, "g")
    return unreadable(name, tr("it is larger than {most} MiB", most=most))


@contextlib.contextmanager
def guarded(name: object) -> Iterator[None]:
    """Turn what a hostile or damaged content makes its reader raise into UnreadableError with this name."""
    try:
        yield
    except _BROKEN as error:
        reason = tr("its content cannot be taken in ({kind})", kind=type(error).__name__)
        raise unreadable(name, reason) from None


def parse_json(data: bytes, name: object) -> Any:
    """Return what a JSON document says; raises ValueError, UnreadableError for one too deep or with too many values."""
    if sum(map(data.count, (b"[", b"{"))) > _MOST_GROUPS or data.count(b",") > _MOST_VALUES:
        raise unreadable(name, tr("it has too many values"))
    with guarded(name):
        return json.loads(data)


class Archive:
    """A ZIP archive whose entries are read within bounds; to be used in a `with`.

    Raises UnreadableError where it is damaged, encrypted or too large.
    """

    def __init__(self, path: Path) -> None:
        """Open the archive at `path`, a plain file; raises OSError."""
        self._path = path
        self._left = MOST_UNPACKED
        data = io.BytesIO(read_file(path, LARGEST_ARCHIVE))
        with self._understood():
            self._zip = zipfile.ZipFile(data)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._zip.close()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files in it."""
        return tuple(entry.filename for entry in self._zip.infolist() if entry.filename and not entry.is_dir())

    def read(self, name: str) -> bytes | None:
        """Return the content of one file; None if there is none of that name, or it is larger than a file may be."""
        with self._understood():
            try:
                entry = self._zip.getinfo(name)
            except KeyError:
                return None
            if entry.compress_type not in _PACKED_AS:
                raise unreadable(self._path, tr("it is packed in a way that is not read here; pack it as plain ZIP"))
            with self._zip.open(entry) as packed:
                return self._unpacked(packed)

    def _unpacked(self, packed: Any) -> bytes | None:
        found = bytearray()
        while piece := packed.read(_PIECE):
            found += piece
            self._left -= len(piece)
            if self._left < 0:
                raise too_large(self._path, MOST_UNPACKED)
            if len(found) > LARGEST:
                return None
        return bytes(found)

    @contextlib.contextmanager
    def _understood(self) -> Iterator[None]:
        try:
            with guarded(self._path):
                yield
        except UnreadableError:
            raise
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError):
            raise unreadable(self._path, tr("it is a damaged or encrypted archive")) from None


def is_archive(data: bytes) -> bool:
    """Whether a file's bytes begin or end as a ZIP archive's do, also one that was cut off."""
    return data.startswith(b"PK\x03\x04") or b"PK\x05\x06" in data[-65557:]
