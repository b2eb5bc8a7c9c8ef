"""What lies in the shared folder already: keys, licence files, marks, links, and what should not be there."""

from __future__ import annotations

import os
import time
from collections import deque
from contextlib import suppress
from dataclasses import field
from pathlib import Path

from wizard.dataclass import dataclass
from wizard.plan.secret import Secret
from wizard.reading import read_start

JWT_FILE = "apps/main/jwt_secret.dat"
AES_FILES = ("apps/main/aes_key.dat", "environment-variables/main/aes_key.dat")
"""In the order in which NocoBase looks (packages/core/server/src/aes-encryptor.ts)."""
LICENCE_KEY_FILE, INSTANCE_ID_FILE = ".license/license-key", ".license/instance-id"
MARKERS = (".upgrading", "app-upgrading")
DATABASE_SIGNS = {
    "PG_VERSION": "PostgreSQL",
    "ibdata1": "MySQL",
    "aria_log_control": "MariaDB",
    "dump.rdb": "Redis",
    "appendonlydir": "Redis",
}
_LARGEST = 64 * 1024
_DEPTH, _A_FOLDER, _SECONDS = 4, 1000, 1.0
"""How far the tree is looked at: levels below the folder, entries of one folder, seconds in all."""
_OWN = frozenset({"apps", "backups", "cache", "logs", "node_modules", "plugins", "tmp", "uploads"})
"""What NocoBase itself fills, deep and with many files: looked at last, and there the bounds leave nothing open."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file of a key: where it is, how many bytes it has, and its content as hexadecimal digits."""

    path: str
    size: int
    content: Secret


@dataclass(frozen=True, slots=True)
class LicenceFiles:
    """The licence key in the folder, and whether the instance ID is there."""

    key: Secret | None
    instance_id: bool


@dataclass(frozen=True, slots=True)
class Tree:
    """What a bounded walk found, by path below the folder.

    `links_absolute` lead into the folder by its name on this machine, which is given, too. `unreadable` are folders;
    `cut_short`: there is more than the bounds let in.
    """

    databases: tuple[tuple[str, str], ...]
    links_out: tuple[str, ...]
    links_absolute: tuple[tuple[str, str], ...]
    looked_at: int
    unreadable: tuple[str, ...]
    cut_short: bool

    @property
    def complete(self) -> bool:
        """Whether what was not found is not there."""
        return not (self.unreadable or self.cut_short)


def markers(folder: str) -> tuple[str, ...]:
    """Return the marks of an unfinished upgrade; raises OSError where they cannot be looked for."""
    return tuple(name for name in MARKERS if _is_there(Path(folder, name)))


def _is_there(path: Path) -> bool:
    """Tell "it is not there" from "it cannot be seen", which raises OSError; `Path.exists` need not."""
    with suppress(FileNotFoundError, NotADirectoryError):
        path.lstat()
        return True
    return False


def key_file(folder: str, *names: str) -> KeyFile | None:
    """Read the first of these files that exists; raises OSError where it cannot be read."""
    for name in names:
        path = Path(folder, name)
        with suppress(FileNotFoundError, NotADirectoryError):
            content = read_start(path, _LARGEST)
            return KeyFile(str(path), len(content), Secret(content.hex()))
    return None


def licence_files(folder: str) -> LicenceFiles:
    """Read the licence's files; raises OSError where they cannot be read."""
    found = key_file(folder, LICENCE_KEY_FILE)
    text = bytes.fromhex(found.content.reveal()).decode("utf-8", "replace").strip() if found else ""
    return LicenceFiles(Secret(text) if text else None, _is_there(Path(folder, INSTANCE_ID_FILE)))


def walk(folder: str) -> Tree:
    """Look through the tree within bounds, without following a link.

    Raises OSError where the folder itself cannot be listed; below it, what cannot be read is named.
    """
    top = os.path.realpath(folder)
    found = _Found(top)
    found.look_into(top, 0)
    until = time.monotonic() + _SECONDS
    while (found.waiting or found.own) and time.monotonic() < until:
        place, depth = (found.waiting or found.own).popleft()
        try:
            found.look_into(place, depth)
        except OSError:
            found.unreadable.append(found.below(place))
    return Tree(
        tuple(found.databases),
        tuple(found.links_out),
        tuple(found.links_absolute),
        found.looked_at,
        tuple(found.unreadable),
        found.cut_short or bool(found.waiting),
    )


@dataclass(slots=True)
class _Found:
    """What the walk came upon so far, and the folders (with their depth) it has still to look into."""

    top: str
    databases: list[tuple[str, str]] = field(default_factory=list)
    links_out: list[str] = field(default_factory=list)
    links_absolute: list[tuple[str, str]] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    waiting: deque[tuple[str, int]] = field(default_factory=deque)
    own: deque[tuple[str, int]] = field(default_factory=deque)
    looked_at: int = 0
    cut_short: bool = False

    def below(self, path: str) -> str:
        """Return the path below the folder."""
        return os.path.relpath(path, self.top)

    def _is_own(self, path: str) -> bool:
        return not _OWN.isdisjoint(Path(self.below(path)).parts[:1])

    def look_into(self, place: str, depth: int) -> None:
        """Look at the entries of one folder. Raises OSError."""
        with os.scandir(place) as entries:
            for number, entry in enumerate(entries):
                if number == _A_FOLDER:
                    self.cut_short |= not self._is_own(place)
                    return
                self._look_at(entry, depth)

    def _look_at(self, entry: os.DirEntry[str], depth: int) -> None:
        self.looked_at += 1
        below = self.below(entry.path)
        if entry.name in DATABASE_SIGNS:
            self.databases.append((DATABASE_SIGNS[entry.name], below))
        if entry.is_symlink():
            to = str(Path(entry.path).readlink())
            if not _is_inside(os.path.realpath(entry.path), self.top):
                self.links_out.append(below)
            elif Path(to).is_absolute():
                self.links_absolute.append((below, to))
        elif entry.is_dir(follow_symlinks=False):
            self._go_on(entry.path, depth)

    def _go_on(self, path: str, depth: int) -> None:
        is_own = self._is_own(path)
        if depth < _DEPTH:
            (self.own if is_own else self.waiting).append((path, depth + 1))
        else:
            self.cut_short |= not is_own


def _is_inside(path: str, top: str) -> bool:
    return path == top or path.startswith(top.rstrip(os.sep) + os.sep)
