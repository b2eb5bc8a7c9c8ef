"""What lies in the shared folder already: keys, licence files, marks, links, and what should not be there."""

from __future__ import annotations

import os
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from wizard.plan.secret import Secret

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
_DEPTH, _A_FOLDER, _SECONDS = 3, 1000, 1.0
"""How far the tree is looked at: levels below the folder, entries of one folder, seconds in all."""


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
    """What a bounded walk found, by path below the folder. Not `complete`: there is more than was looked at."""

    databases: tuple[tuple[str, str], ...]
    links_out: tuple[str, ...]
    looked_at: int
    complete: bool


def markers(folder: str) -> tuple[str, ...]:
    """Give the marks of an unfinished upgrade; raises OSError where they cannot be looked for."""
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
        with suppress(FileNotFoundError, NotADirectoryError), path.open("rb") as file:
            content = file.read(_LARGEST)
            return KeyFile(str(path), len(content), Secret(content.hex()))
    return None


def licence_files(folder: str) -> LicenceFiles:
    """Read the licence's files; raises OSError where they cannot be read."""
    found = key_file(folder, LICENCE_KEY_FILE)
    text = bytes.fromhex(found.content.reveal()).decode("utf-8", "replace").strip() if found else ""
    return LicenceFiles(Secret(text) if text else None, _is_there(Path(folder, INSTANCE_ID_FILE)))


def walk(folder: str) -> Tree:
    """Look through the tree within bounds, without following a link.

    Raises OSError where the folder itself cannot be listed; below it, what cannot be read is left out.
    """
    top = os.path.realpath(folder)
    found = _Found(top)
    complete, until = found.look_into(top, 0), time.monotonic() + _SECONDS
    while found.waiting and time.monotonic() < until:
        place, depth = found.waiting.popleft()
        try:
            complete = found.look_into(place, depth) and complete
        except OSError:
            complete = False
    return Tree(tuple(found.databases), tuple(found.links), found.looked_at, complete and not found.waiting)


@dataclass(slots=True)
class _Found:
    """What the walk came upon so far, and the folders (with their depth) it has still to look into."""

    top: str
    databases: list[tuple[str, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    waiting: deque[tuple[str, int]] = field(default_factory=deque)
    looked_at: int = 0

    def look_into(self, place: str, depth: int) -> bool:
        """Look at the entries of one folder; say whether that were all. Raises OSError."""
        with os.scandir(place) as entries:
            for number, entry in enumerate(entries):
                if number == _A_FOLDER:
                    return False
                self._look_at(entry, depth)
        return True

    def _look_at(self, entry: os.DirEntry[str], depth: int) -> None:
        self.looked_at += 1
        below = os.path.relpath(entry.path, self.top)
        if entry.name in DATABASE_SIGNS:
            self.databases.append((DATABASE_SIGNS[entry.name], below))
        if entry.is_symlink():
            if not _is_inside(os.path.realpath(entry.path), self.top):
                self.links.append(below)
        elif depth < _DEPTH and entry.is_dir(follow_symlinks=False):
            self.waiting.append((entry.path, depth + 1))


def _is_inside(path: str, top: str) -> bool:
    return path == top or path.startswith(top.rstrip(os.sep) + os.sep)
