"""What a bundle on disk consists of, beside what its manifest says: an exported folder or archive, perhaps changed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from wizard.dataclass import dataclass
from wizard.pattern import pattern
from wizard.plan.bundle_names import ACCEPTED, MANIFEST
from wizard.plan.i18n import tr
from wizard.reading import MOST_UNPACKED, Archive, UnreadableError, parse_json, read_file, unreadable

SCHEMA = 1
_READ_BESIDE = pattern(r"(?:compose|env|kubernetes)/(?:[^\0]+\.(?:ya?ml|json|env)|\.env)")
"""What Compose, a node or kubectl is given beside what was exported."""
_MOST_BESIDE = 100
_READ_BY_OTHERS = stat.S_IRGRP | stat.S_IROTH


@dataclass(frozen=True, slots=True)
class Listed:
    """What a manifest says of one file: its SHA-256, and whether it holds secrets.

    `block` is the digest of its marked block where it has one, `empty` that of the whole with all its `placeholders`,
    lines that wait for a secret, in place.
    """

    sha256: str
    block: str = ""
    secret: bool = False
    empty: str = ""
    placeholders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PreviousBundle:
    """A bundle as it lies there: what its manifest lists, and what is found beside the manifest, by path.

    `found` has the bytes of listed files; None stands for what is not listed, no plain file, too long or unreadable.
    `beside` has the bytes of those that no export put there and that the readers of its files may read with them.
    `readable` are the files that others than their owner may read, each with the place on disk where that is: its own,
    or the archive it is in. `refused` are listed files that this account may not read.
    """

    listed: Mapping[str, Listed]
    found: Mapping[str, bytes | None]
    manifest: bytes
    readable: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, bytes] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()

    @property
    def newer(self) -> bool:
        """Whether a newer version of this program wrote it, which may mean something else by what is in it."""
        schema = self._said("schema")
        return isinstance(schema, int) and schema > SCHEMA

    @property
    def version(self) -> str:
        """The version of this program that wrote it."""
        tool = self._said("tool")
        return str(tool.get("version", "")) if isinstance(tool, dict) else ""

    @property
    def language(self) -> str:
        """The language that it was written in; nothing where its manifest does not say."""
        language = self._said("language")
        return language if isinstance(language, str) else ""

    @property
    def unwanted(self) -> frozenset[str]:
        """The targets that somebody did not want in it, by their names; nothing where its manifest does not say."""
        names = self._said("unwanted")
        return frozenset(name for name in names if isinstance(name, str)) if isinstance(names, list) else frozenset()

    @property
    def changed(self) -> tuple[str, ...]:
        """The files that are not as they were exported."""
        both = sorted(self.found.keys() & self.listed.keys())
        return tuple(path for path in both if self.listed[path].sha256 and not self._same(path))

    @property
    def missing(self) -> tuple[str, ...]:
        """The files that were exported and are gone."""
        return tuple(sorted(self.listed.keys() - self.found.keys()))

    @property
    def foreign(self) -> tuple[str, ...]:
        """The files that no export put there."""
        return tuple(sorted(self.found.keys() - self.listed.keys()))

    def text(self, path: str) -> str | None:
        """Return a listed file's text; None where there is none that can be read. What is no UTF-8 is replaced."""
        data = self.found.get(path)
        return None if data is None else data.decode("utf-8", errors="replace")

    def _said(self, key: str) -> Any:
        return parse_json(self.manifest, MANIFEST).get(key)

    def _same(self, path: str) -> bool:
        data = self.found[path]
        return data is not None and hashlib.sha256(data).hexdigest() == self.listed[path].sha256


def read_previous(path: Path) -> PreviousBundle | None:
    """Read the bundle that lies at `path`, a folder or an archive; None if there is none (no manifest of a bundle).

    Raises OSError where a folder cannot be looked through. A damaged archive is none.
    """
    return _read_folder(path) if path.is_dir() else _read_archive(path)


def bundle_around(file: Path) -> Path | None:
    """Return the folder of the exported bundle that a file lies in, or would; None if it is in none."""
    folders = file.absolute().parents
    return next((one for one in folders if _listed(_content(one / MANIFEST) or b"") is not None), None)


def _read_folder(folder: Path) -> PreviousBundle | None:
    manifest = _content(folder / MANIFEST)
    if manifest is None:
        return None
    files = {path.relative_to(folder).as_posix(): path for path in _files_below(folder)}
    files.pop(ACCEPTED, None)
    left = MOST_UNPACKED

    def content(name: str) -> bytes | None:
        nonlocal left
        data = _content(files[name])
        left -= len(data or b"")
        if left < 0:
            raise unreadable(folder, tr("its files are larger than those of any bundle"))
        return data

    former = _former(manifest, files, content)
    readable = {name: str(path) for name, path in files.items() if _open_to_others(path)}
    refused = frozenset(name for name in former.listed if name in files and _is_refused(files[name])) if former else ()
    return former and replace(former, readable=readable, refused=frozenset(refused))


def _files_below(folder: Path) -> Iterator[Path]:
    """Go through all files; a link to a folder counts as one, as what it leads to is not of the bundle.

    What begins with a dot at the top is passed over: no file of a bundle does, and a bundle may lie in version control.
    """
    # not rglob, which passes over a folder that it may not look into: files in it would count as missing
    for parent, folders, files in os.walk(folder, onerror=_raise):
        if Path(parent) == folder:
            for names in (folders, files):
                names[:] = [name for name in names if not name.startswith(".")]
        yield from (Path(parent, name) for name in files)
        yield from (link for name in folders if (link := Path(parent, name)).is_symlink())


def _raise(error: OSError) -> None:
    raise error


def _open_to_others(path: Path) -> bool:
    """Whether others than its owner may read a file; where permissions are not told so (Windows), nobody can say."""
    try:
        return os.name == "posix" and bool(path.stat().st_mode & _READ_BY_OTHERS)
    except OSError:
        return False


def _is_refused(path: Path) -> bool:
    return path.exists() and not os.access(path, os.R_OK)


def _content(path: Path) -> bytes | None:
    try:
        return read_file(path)
    except OSError:
        return None


def _read_archive(path: Path) -> PreviousBundle | None:
    try:
        with Archive(path) as archive:
            names = archive.names
            former = _former(archive.read(MANIFEST), names, archive.read)
            return former and replace(former, readable=dict.fromkeys(names, str(path)) if _open_to_others(path) else {})
    except OSError:
        return None  # no archive, a damaged or an encrypted one


def _former(
    manifest: bytes | None, names: Iterable[str], content: Callable[[str], bytes | None]
) -> PreviousBundle | None:
    listed = _listed(manifest or b"")
    if manifest is None or listed is None:
        return None
    found = {name: content(name) if name in listed else None for name in names if name != MANIFEST}
    added = [name for name in found if name not in listed and _READ_BESIDE.fullmatch(name)]
    beside = {name: data for name in sorted(added)[:_MOST_BESIDE] if (data := content(name)) is not None}
    return PreviousBundle(listed, found, manifest, beside=beside)


def _listed(data: bytes) -> Mapping[str, Listed] | None:
    """Return what a manifest lists by path; None if it is no manifest of a bundle."""
    try:
        manifest = parse_json(data, MANIFEST)
    except (ValueError, UnreadableError):
        return None
    if not isinstance(manifest, dict) or "schema" not in manifest or not isinstance(manifest.get("files"), list):
        return None
    entries = [entry for entry in manifest["files"] if isinstance(entry, dict)]
    return {str(entry.get("path", "")): _entry(entry) for entry in entries}


def _entry(entry: Mapping[str, Any]) -> Listed:
    lines = entry.get("placeholders")
    return Listed(
        sha256=str(entry.get("sha256", "")),
        block=str(entry.get("block", "")),
        secret=entry.get("secret") is True,
        empty=str(entry.get("empty", "")),
        placeholders=tuple(line for line in lines if isinstance(line, str)) if isinstance(lines, list) else (),
    )
