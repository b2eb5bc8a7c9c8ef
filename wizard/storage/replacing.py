"""Put a new folder in the place of an old one, whatever kills the program, and carry over what lies there for others.

At the top of a bundle's folder what begins with a dot is none of ours: version control's, an editor's. It moves to the
new folder by its name, unread, and so does the file of what is accepted. That cannot be one step with the exchange of
the folders, so the next export ends what a killed one began. It knows the old folder from the new one by the file
system's number of the new one, told in the name.
"""

from __future__ import annotations

import glob
import os
import shutil
from pathlib import Path

from wizard.plan.bundle_names import ACCEPTED
from wizard.storage.atomic_files import ended, sync_folder
from wizard.storage.swap import ASIDE, exchange

_DROP, _KEEP = ".drop", ".keep"
"""How the name ends under which the folders change places: what becomes of the old one."""


def replace_folder(staged: Path, destination: Path, *, keep: bool) -> Path | None:
    """Put the folder `staged` in the place of the folder `destination`, and give where that is kept, if it is to be.

    Raises OSError, and then `destination` is as it was and `staged` too.
    """
    old = staged.with_name(f".{destination.name}.{os.getpid()}-{staged.stat().st_ino}{_KEEP if keep else _DROP}")
    staged.rename(old)
    try:
        exchange(old, destination)
    except OSError:
        old.rename(staged)
        raise
    try:
        _carry(old, destination)
    except OSError:
        _carry(destination, old)
        exchange(old, destination)
        old.rename(staged)
        raise
    return _put_away(old, destination, keep=keep)


def settle(destination: Path) -> None:
    """End what killed exports began beside `destination`; raises OSError."""
    for end in (ASIDE, _DROP, _KEEP):
        for left in list(destination.parent.glob(f".{glob.escape(destination.name)}.*-*{end}")):
            if ended(left, destination):
                _end(left, destination)


def _end(left: Path, destination: Path) -> None:
    name = left.name.removesuffix(ASIDE)
    if name.removesuffix(_DROP).removesuffix(_KEEP).endswith(f"-{left.stat().st_ino}"):
        shutil.rmtree(left, ignore_errors=True)  # the new one, which never got to its place
    elif destination.exists():
        _carry(left, destination)
        _put_away(left, destination, keep=name.endswith(_KEEP))
    else:
        left.rename(destination)


def _carry(source: Path, target: Path) -> None:
    """Move what is none of ours, where the target has no such name."""
    for entry in _of_others(source):
        if not os.path.lexists(target / entry.name):
            entry.rename(target / entry.name)


def _of_others(folder: Path) -> list[Path]:
    return [entry for entry in folder.iterdir() if entry.name.startswith(".") or entry.name == ACCEPTED]


def _put_away(old: Path, destination: Path, *, keep: bool) -> Path | None:
    """Remove the old folder, or give it a name to be kept under: for its own sake, or for what could not be carried."""
    kept = free_name(destination) if keep or _of_others(old) else None
    sync_folder(destination)
    sync_folder(destination.parent)
    if kept:
        old.rename(kept)
    else:
        shutil.rmtree(old, ignore_errors=True)
    return kept


def free_name(destination: Path, end: str = "") -> Path:
    """Return the next free name to keep a former bundle under; an archive's ends with `end`."""
    stem = destination.name.removesuffix(end)
    number = 1
    while (kept := destination.with_name(f"{stem}.kept-{number}{end}")).exists():
        number += 1
    return kept
