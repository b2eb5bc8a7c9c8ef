"""Writing a whole bundle, as a folder or a zip archive: the old one or the new one, never a mixture."""

from __future__ import annotations

import io
import shutil
import stat
import zipfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path, PurePosixPath

from wizard.dataclass import dataclass
from wizard.plan.bundle_names import MANIFEST
from wizard.plan.i18n import listing, tr
from wizard.reading import LARGEST_ARCHIVE, read_file
from wizard.storage.atomic_files import (
    FOLDER_MODE,
    PRIVATE,
    alone_in,
    make_folders,
    sweep,
    sync_folder,
    temporary_beside,
    write_atomic,
    write_new,
)
from wizard.storage.previous_bundle import PreviousBundle, read_previous
from wizard.storage.replacing import free_name, replace_folder, settle

_SHARED_FOLDER_MODE = 0o755
_SHOWN = 3
_ATTEMPTS = 5
_DOS_FOLDER = 0x10
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The same for every file of an archive: the same plan gives the same bytes. It is the earliest a zip can say."""


class RefusedError(Exception):
    """The destination is not ours to replace; the message says what is in the way."""


@dataclass(frozen=True, slots=True)
class TreeFile:
    """One file to write: its path with `/` below the destination, its bytes, its permissions."""

    path: str
    data: bytes
    mode: int = 0o644


@dataclass(frozen=True, slots=True)
class Written:
    """Where it was written. `kept` is the former bundle, kept because files in it were changed by hand (`changed`)."""

    destination: Path
    kept: Path | None = None
    changed: tuple[str, ...] = ()


def write_tree(
    destination: Path,
    files: Sequence[TreeFile],
    carried: Mapping[str, bytes] | None = None,
    precious: Collection[str] = (),
) -> Written:
    """Write the files as the folder `destination`, or as an archive if its name ends with `.zip`.

    The destination may be missing, an empty folder, or a former bundle (known by its manifest); what begins with a dot
    at the top of it, and the file of what is accepted, is not ours and goes on in the new one (an archive with such is
    refused). `carried` are files of
    it, as they were read, whose changes by hand are in the new ones: for them it need not be kept. For the `precious`
    it is kept in any case. Raises RefusedError for anything else, OSError where the system refuses; the destination is
    then as it was.
    """
    for file in files:
        _check_path(file.path)
    destination = resolved(destination)
    make_folders(destination.parent, _SHARED_FOLDER_MODE)
    with alone_in(destination.parent):
        if not is_archive(destination):
            settle(destination)
        former = standing(destination)
        changed = kept_for(former, carried or {}, precious) if former else ()
        sweep(destination)
        write = _write_zip if is_archive(destination) else _write_folder
        return Written(destination, write(destination, files, keep=bool(changed)), changed)


def resolved(destination: Path) -> Path:
    """Return where a destination really is: absolute, without links."""
    return destination.expanduser().absolute().resolve()


def is_archive(destination: Path) -> bool:
    """Whether a bundle there is one file, by its name."""
    return destination.suffix.lower() == ".zip"


def kept_for(former: PreviousBundle, carried: Mapping[str, bytes], precious: Collection[str] = ()) -> tuple[str, ...]:
    """Return the files changed by hand that a new bundle would lose, so that the former one has to be kept."""
    lost = {path for path in former.changed if path not in carried or former.found[path] != carried[path]}
    return tuple(sorted(lost | set(precious)))


def _check_path(path: str) -> None:
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts or "\\" in path or not parts.parts:
        raise RefusedError(tr("“{path}” is no path inside a bundle.", path=path))


def _write_folder(destination: Path, files: Sequence[TreeFile], *, keep: bool) -> Path | None:
    staged = temporary_beside(destination)
    try:
        _stage(staged, files)
        kept = _put_in_place(staged, destination, keep=keep)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    sync_folder(destination.parent)
    return kept


def _stage(folder: Path, files: Sequence[TreeFile]) -> None:
    folder.mkdir(FOLDER_MODE)
    folders = {folder}
    for file in files:
        path = folder / file.path
        for missing in reversed([parent for parent in path.parents if not parent.exists()]):
            missing.mkdir(FOLDER_MODE)
            folders.add(missing)
        write_new(path, file.data, file.mode)
    for made in folders:
        sync_folder(made)


def _put_in_place(staged: Path, destination: Path, *, keep: bool) -> Path | None:
    if not destination.exists():
        staged.rename(destination)
        return None
    try:
        return replace_folder(staged, destination, keep=keep)
    except OSError as error:
        raise RefusedError(
            tr(
                "“{folder}” cannot be replaced in one step ({reason}); export into a folder inside it.",
                folder=destination,
                reason=error.strerror,
            )
        ) from error


def standing(destination: Path) -> PreviousBundle | None:
    """Return the former bundle at `destination`, None where there is nothing; raises RefusedError for all else.

    Where another program put a new one there meanwhile, it is looked at again: files of both would be a changed one.
    """
    for _attempt in range(_ATTEMPTS):
        before = _identity(destination)
        try:
            former = _standing(destination)
        except RefusedError:
            if _identity(destination) == before:
                raise
            continue
        if _identity(destination) == before:
            return former
    return _standing(destination)


def _identity(destination: Path) -> int:
    try:
        return destination.stat().st_ino
    except OSError:
        return 0


def _standing(destination: Path) -> PreviousBundle | None:
    if is_archive(destination):
        if not destination.exists():
            return None
        former = read_previous(destination) if destination.is_file() else None
        if former is None:
            raise RefusedError(tr("“{path}” is there already and is not the archive of a bundle.", path=destination))
        _refuse_foreign(destination, former)
        return former
    if not destination.exists() or (destination.is_dir() and not any(destination.iterdir())):
        return None
    if not destination.is_dir():
        raise RefusedError(tr("“{path}” is a file, not a folder.", path=destination))
    former = read_previous(destination)
    if former is None:
        raise RefusedError(
            tr(
                "“{folder}” is neither empty nor a former bundle (it has no {manifest}).",
                folder=destination,
                manifest=MANIFEST,
            )
        )
    _refuse_foreign(destination, former)
    return former


def _refuse_foreign(destination: Path, former: PreviousBundle) -> None:
    if former.newer:
        raise RefusedError(
            tr("A newer version of the wizard wrote “{folder}”; export into another folder.", folder=destination)
        )
    if former.foreign:
        names = listing(former.foreign[:_SHOWN]) + (" …" if len(former.foreign) > _SHOWN else "")
        raise RefusedError(
            tr(
                "“{folder}” holds files that are not of a bundle: {names}. Move them away first.",
                folder=destination,
                names=names,
            )
        )


def _write_zip(destination: Path, files: Sequence[TreeFile], *, keep: bool) -> Path | None:
    kept = _kept_copy(destination) if keep else None
    private = any(file.mode == PRIVATE for file in files)
    write_atomic(destination, zipped(files), PRIVATE if private else 0o644)
    return kept


def _kept_copy(archive: Path) -> Path:
    """Copy an archive beside itself. Until it is whole the copy's name is one that the next export sweeps away."""
    copy, kept = temporary_beside(archive), free_name(archive, archive.suffix)
    try:
        write_new(copy, read_file(archive, LARGEST_ARCHIVE), PRIVATE)
        copy.rename(kept)
    finally:
        copy.unlink(missing_ok=True)
    return kept


def zipped(files: Sequence[TreeFile]) -> bytes:
    """Return the files as an archive: sorted, and with one time stamp, so that the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        folders = {str(folder) for file in files for folder in PurePosixPath(file.path).parents} - {"."}
        for folder in sorted(folders):  # first, or what unpacks would make them as open as its umask says
            archive.writestr(_entry(f"{folder}/", stat.S_IFDIR | FOLDER_MODE), b"")
        for file in sorted(files, key=lambda item: item.path):
            archive.writestr(_entry(file.path, stat.S_IFREG | file.mode), file.data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _entry(path: str, mode: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _EPOCH)
    entry.create_system = 3  # Unix, on every system: the permissions are Unix's
    entry.external_attr = mode << 16 | (_DOS_FOLDER if stat.S_ISDIR(mode) else 0)
    return entry
