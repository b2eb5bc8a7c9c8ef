"""What lies at a path that somebody named as a source: a file, a folder or an archive, read within bounds."""

from __future__ import annotations

import contextlib
import os
import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

from wizard import reading
from wizard.dataclass import dataclass
from wizard.formats.allowance import Cost, spend
from wizard.formats.files import SourceError, not_utf8
from wizard.formats.recognise import Form, recognise
from wizard.plan import recent_texts
from wizard.plan.i18n import tr

_T = TypeVar("_T")
_MOST_NAMES = 5000
_OF_A_MAC = "__MACOSX/"
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"(\xb5/\xfd")
_TAR, _TAR_AT = b"ustar", 257
"""How files begin that are packed otherwise than as ZIP, and what stands at that place in a tar archive."""
_LOOKED_AT = 64 * 1024
"""Bytes that tell a file's kind."""


@dataclass(frozen=True)
class Material:
    """What a source is read from. `title` is the name that was given for it, and stands in every complaint.

    `data` are the bytes of a file; a folder or an archive has none, and gives those of the files in it.
    """

    title: str
    path: Path
    data: bytes = field(default=b"", repr=False)
    holds_files: bool = False
    archive: bool = False
    inner: str = ""
    """The folder in an archive that all of its files are in, if they are: names count from there."""
    file: Callable[[str], bytes | None] = field(default=lambda _name: None, repr=False)
    """Return the bytes of a file in a folder or an archive, by its path with `/`; None if there is none."""
    names: tuple[str, ...] = ()
    """The files right in a folder, sorted."""
    folders: tuple[str, ...] = ()
    """The folders right in it, alike."""
    packed: tuple[str, ...] = ()
    """All files of an archive, by their paths."""

    @cached_property
    def text(self) -> str:
        """The text of a file; raises SourceError that names the line where it is not UTF-8."""
        if self.data.startswith(_PACKED) or self.data[_TAR_AT:].startswith(_TAR):
            raise SourceError(
                tr("{name} is packed in a way that is not read here: unpack it, or pack it as ZIP.", name=self.title)
            )
        return decoded(self.data, self.title)

    @cached_property
    def looks(self) -> str:
        """The beginning of a file's text, for a look at it, whatever its bytes are."""
        return self.data[:_LOOKED_AT].decode("utf-8-sig", errors="replace")

    @cached_property
    def form(self) -> Form | None:
        """What kind of configuration a file is, by its name and its beginning; asked by every kind of source."""
        return recognise(self.looks, self.path.name)

    def text_of(self, name: str) -> str | None:
        """Return the text of a file in it; None if there is none. Raises SourceError."""
        data = self.file(name)
        return None if data is None else _counted(decoded(data, f"{self.title}/{name}"))

    def unread(self, name: str) -> SourceError:
        """Return the error that says why a file cannot be read that is right in it."""
        error: OSError = reading.too_large(name)
        if not self.archive:
            try:
                reading.read_file(self.path / name)
            except OSError as found:
                error = found
        reason = error.strerror or error
        return SourceError(tr("{name} cannot be read: {reason}.", name=f"{self.title}/{name}", reason=reason))

    def look_at(self, name: str) -> str:
        """Return the beginning of a file in it, whatever its bytes are, for a look at it."""
        return (self.file(name) or b"")[:_LOOKED_AT].decode("utf-8-sig", errors="replace")

    def near(self, name: str) -> str | None:
        """Return the text of a file in it, or of one beside it; None if there is none that can be read as text."""
        return self._held(name) if self.holds_files else self.beside(name)

    def _held(self, name: str) -> str | None:
        try:
            data = self.file(name)
            return None if data is None else _counted(data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            return None

    def member(self, name: str) -> Material:
        """Return a file of an archive by itself; what is beside it is in the archive, too."""
        title, path = f"{self.title}/{name}", self.path / name
        data = self.file(name) or b""
        return Material(title, path, data, archive=True, file=self.file, packed=self.packed)

    def names_in(self, folder: str) -> list[str]:
        """Return the paths of the files right in a folder in it, sorted."""
        if self.archive:
            return sorted(one for one in self.packed if posixpath.dirname(one) == folder)
        try:
            return [f"{folder}/{name}" for name in _listed(self.path / folder, f"{self.title}/{folder}")[0]]
        except OSError:
            return []

    def names_beside(self, folder: str, suffix: str) -> list[str]:
        """Return the paths of the files with that ending in a folder beside this file, sorted."""
        if self.holds_files:
            return []
        if self.archive:
            return sorted(one for one in self.packed if posixpath.dirname(one) == folder and one.endswith(suffix))
        try:
            names, _folders = _listed(self.path.parent / folder, folder)
        except OSError:
            return []
        return [f"{folder}/{name}" for name in names if name.endswith(suffix)]

    def names_within(self, folder: str, suffix: str) -> list[str]:
        """Return the paths of the files with that ending in a folder in it, or beside this file, sorted."""
        if not self.holds_files:
            return self.names_beside(folder, suffix)
        return [name for name in self.names_in(posixpath.normpath(folder)) if name.endswith(suffix)]

    def beside(self, name: str) -> str | None:
        """Return the text of a file beside this one; None if there is none that can be read as text."""
        if self.holds_files:
            return None
        if self.archive:
            return self._held(name)
        try:
            return _counted(reading.read_text(self.path.parent / name))
        except (OSError, ValueError):  # also a name that no file can have
            return None


@contextlib.contextmanager
def material(path: Path, title: str) -> Iterator[Material]:
    """Open what lies at `path`; raises OSError, and SourceError where there is too much in it."""
    if path.is_dir():
        files, folders = _listed(path, title)
        yield Material(title, path, holds_files=True, file=partial(_file_in, path), names=files, folders=folders)
        return
    data = _data(path)
    if not reading.is_archive(data):
        yield Material(title, path, data)
        return
    with reading.Archive(path) as archive:
        names = _few(archive.names, title)
        names = [name for name in names if not name.startswith(_OF_A_MAC)]
        inner = _only_folder(names)
        names = [name.removeprefix(inner) for name in names]
        yield Material(
            title,
            path,
            holds_files=True,
            archive=True,
            inner=inner,
            file=lambda name: archive.read(f"{inner}{posixpath.normpath(name)}"),
            names=tuple(sorted(name for name in names if "/" not in name)),
            folders=tuple(sorted({name.partition("/")[0] for name in names if "/" in name})),
            packed=tuple(names),
        )


def _only_folder(names: Sequence[str]) -> str:
    """Return the folder that all files of an archive are in, with its `/`: a folder was packed as a whole."""
    first = names[0].partition("/")[0] if names else ""
    return f"{first}/" if first and all(name.startswith(f"{first}/") for name in names) else ""


def _counted(text: str) -> str:
    """Return a text that is read beside another, and count it; raises SourceError where it is one too many."""
    spend(Cost.TEXT, len(text))
    recent_texts.note(text)
    return text


def _data(path: Path) -> bytes:
    """Return a file's bytes; of an archive, which may be longer, the beginning tells enough."""
    start = reading.read_start(path, reading.LARGEST + 1)
    return start if reading.is_archive(start) else reading.read_file(path)


def _listed(folder: Path, title: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the files and of the folders right in a folder, sorted; raises OSError, and SourceError."""
    with os.scandir(folder) as entries:
        found = _few(entries, title)
        files = sorted(entry.name for entry in found if entry.is_file())
        return tuple(files), tuple(sorted(entry.name for entry in found if entry.is_dir()))


def _few(entries: Iterable[_T], title: str) -> list[_T]:
    """Return the entries of a folder or an archive; raises SourceError where they are too many to look at each."""
    found = list(islice(entries, _MOST_NAMES + 1))
    if len(found) > _MOST_NAMES:
        raise SourceError(
            tr(
                "{name} has more than {most} entries, and not all would be looked at: name the file in it that is "
                "meant.",
                name=title,
                most=_MOST_NAMES,
            )
        )
    return found


def _file_in(folder: Path, name: str) -> bytes | None:
    try:
        return reading.read_file(folder / name)
    except OSError:
        return None


def decoded(data: bytes, title: str) -> str:
    """Return the text of a source; raises SourceError that names the line where it is not UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise not_utf8(title, error) from None
    recent_texts.note(text)
    return text
