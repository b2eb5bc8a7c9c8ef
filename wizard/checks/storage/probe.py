"""Look at the shared folder. Every call may hang on a mount whose server is gone; the runner then abandons it."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from pathlib import Path

from wizard.checks.storage import contents
from wizard.checks.storage.contents import AES_FILES, JWT_FILE, KeyFile, LicenceFiles, Tree
from wizard.checks.storage.errors import NoFolderError, explain
from wizard.checks.storage.mounts import Mount, mount_of
from wizard.checks.storage.target import Target
from wizard.checks.storage.trial import Trial, Written
from wizard.dataclass import dataclass
from wizard.engine.facts import PENDING, Fact, Trouble, attempt
from wizard.net.cleanup import CLEANUP


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder without links, its permission bits and its owner."""

    path: str
    mode: int
    owner: int


@dataclass(frozen=True, slots=True)
class Space:
    """Bytes and files that may still be written; None: the file system counts no files."""

    free: int
    total: int
    files: int | None


@dataclass(slots=True)
class StorageFacts:
    """What was found. `suspected` is the mount by the path's name alone, known even when the mount hangs.

    `fsync` is in milliseconds.
    """

    suspected: Fact[Mount | None] = PENDING
    folder: Fact[Folder] = PENDING
    mount: Fact[Mount | None] = PENDING
    space: Fact[Space] = PENDING
    tree: Fact[Tree] = PENDING
    markers: Fact[tuple[str, ...]] = PENDING
    jwt_key: Fact[KeyFile | None] = PENDING
    aes_key: Fact[KeyFile | None] = PENDING
    licence: Fact[LicenceFiles] = PENDING
    write: Fact[Written] = PENDING
    lock: Fact[bool] = PENDING
    delete: Fact[None] = PENDING
    fsync: Fact[int] = PENDING


def probe(target: Target, facts: StorageFacts) -> None:
    """Fill `facts`, reading first, writing last; the file written is removed whatever happens."""
    facts.suspected = attempt(lambda: mount_of(str(Path(target.path).absolute())), explain)
    facts.folder = attempt(lambda: _look_at(target.path), explain)
    if isinstance(facts.folder, Trouble):
        return
    path = facts.folder.value.path
    facts.mount = attempt(lambda: mount_of(path), explain)
    facts.space = attempt(lambda: _space(path), explain)
    facts.tree = attempt(lambda: contents.walk(path), explain)
    facts.markers = attempt(lambda: contents.markers(path), explain)
    facts.jwt_key = attempt(lambda: contents.key_file(path, JWT_FILE), explain)
    facts.aes_key = attempt(lambda: contents.key_file(path, *AES_FILES), explain)
    facts.licence = attempt(lambda: contents.licence_files(path), explain)
    _try_out(path, facts)


def _try_out(path: str, facts: StorageFacts) -> None:
    trial = Trial(path)
    with CLEANUP.pending(trial.clean_up):
        facts.write = attempt(trial.write, explain)
        if isinstance(facts.write, Trouble):
            return
        facts.lock = attempt(trial.lock, explain)
        facts.delete = attempt(trial.delete, explain)
        facts.fsync = attempt(trial.sync, explain)


def _look_at(path: str) -> Folder:
    found = Path(path).stat()
    if not stat.S_ISDIR(found.st_mode):
        raise NoFolderError
    return Folder(str(Path(path).resolve()), stat.S_IMODE(found.st_mode), found.st_uid)


def _space(path: str) -> Space:
    if sys.platform == "win32":
        usage = shutil.disk_usage(path)
        return Space(usage.free, usage.total, None)
    found = os.statvfs(path)
    files = found.f_favail if found.f_files else None
    return Space(found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize, files)
