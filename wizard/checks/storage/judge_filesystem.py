"""Whether the folder's file system can be shared, and has room. Pure."""

from __future__ import annotations

from typing import Any

from wizard.checks.storage.mounts import Family, Mount
from wizard.checks.storage.probe import Space
from wizard.checks.storage.remedies import quoted
from wizard.checks.storage.specs import EXISTS, FILESYSTEM, SPACE
from wizard.checks.storage.steps import unread
from wizard.checks.storage.target import Target
from wizard.engine.facts import Fact, Known
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import decimal, mark, sentences, tr
from wizard.plan.remedy import commands, steps
from wizard.plan.sections.storage import StorageKind
from wizard.plan.spec import Spec

_GIB, _MIB = 1024**3, 1024**2
LITTLE, TOO_LITTLE = 5 * _GIB, 200 * _MIB
FEW_FILES = 10_000

_SUITS = {
    StorageKind.NFS: {Family.NFS},
    StorageKind.CLOUD: {Family.CLOUD, Family.NFS, Family.CLUSTER, Family.WINDOWS_SHARE},
    StorageKind.CLUSTER: {Family.CLUSTER},
    StorageKind.LOCAL: {Family.LOCAL},
}
_FAMILY_WORDS = {
    Family.LOCAL: mark("{path} is on a disk of this machine ({kind})."),
    Family.NFS: mark("{path} is on NFS ({kind})."),
    Family.CLUSTER: mark("{path} is on a cluster file system ({kind})."),
    Family.CLOUD: mark("{path} is on a cloud file system ({kind})."),
    Family.WINDOWS_SHARE: mark("{path} is on a Windows share (SMB, {kind})."),
}


def filesystem(target: Target, fact: Fact[Mount | None], gate: Spec = EXISTS) -> Finding:
    """Say whether the folder's file system can be shared, and is what the plan says."""
    unclear = tr("Could not be found out what carries {path}.", path=target.path)
    if not isinstance(fact, Known):
        return unread(FILESYSTEM, fact, gate, unclear)
    mount = fact.value
    if mount is None:
        return FILESYSTEM.unknown(unclear, error=ErrorKind.MISSING)
    return _mount(target, mount)


def _mount(target: Target, mount: Mount) -> Finding:
    more: dict[str, Any] = {
        "detail": mounted(mount),
        "facts": {"kind": mount.kind, "device": mount.device, "point": mount.point, "family": mount.family.value},
    }
    if mount.read_only:
        return FILESYSTEM.fail(
            tr("{path} is mounted read-only.", path=target.path),
            ErrorKind.PERMISSION,
            remedy=steps(
                tr("First see why: the kernel makes a disk with errors read-only (dmesg). Only where it has none:"),
                f"mount -o remount,rw {quoted(mount.point)}",
            ),
            **more,
        )
    look = f"findmnt -T {quoted(target.path)}"
    if mount.family is Family.UNKNOWN:
        reason = tr(
            "Could not be found out whether “{kind}”, the file system of {path}, is shared.", **_names(target, mount)
        )
        return FILESYSTEM.unknown(reason, remedy=commands(look), **more)
    found = tr(_FAMILY_WORDS[mount.family], **_names(target, mount))
    if mount.family is Family.LOCAL and target.several_machines:
        return FILESYSTEM.fail(
            sentences(found, tr("The nodes are on several machines.")),
            ErrorKind.OTHER,
            remedy=steps(tr("Mount the shared folder here, or choose one that all nodes share:"), look),
            **more,
        )
    if (target.kind is None or target.several_machines is None) and mount.family is Family.LOCAL:
        return FILESYSTEM.unknown(
            sentences(found, tr("The source does not say whether the nodes are on several machines.")),
            remedy=commands(look),
            **more,
        )
    if target.kind is not None and mount.family not in _SUITS[target.kind]:
        return FILESYSTEM.warn(
            sentences(found, tr("That is not what the plan says.")),
            remedy=steps(tr("Correct the kind of storage in the plan, or mount the right folder:"), look),
            **more,
        )
    return FILESYSTEM.passed(found, **more)


def _names(target: Target, mount: Mount) -> dict[str, str]:
    return {"path": target.path, "kind": mount.kind}


def space(target: Target, fact: Fact[Space], gate: Spec = EXISTS) -> Finding:
    """Say whether there is room for bytes and for files."""
    if not isinstance(fact, Known):
        return unread(SPACE, fact, gate, tr("Could not be found out how much room {path} has.", path=target.path))
    if not fact.value.total:
        return SPACE.unknown(tr("Could not be found out: the file system of {path} names no size.", path=target.path))
    return _room(target, fact.value, fact.elapsed_ms)


def _room(target: Target, found: Space, elapsed_ms: int | None) -> Finding:
    more: dict[str, Any] = {
        "facts": {"free_bytes": found.free, "total_bytes": found.total, "free_files": found.files},
        "elapsed_ms": elapsed_ms,
    }
    values = {"path": target.path, "free": _size(found.free), "total": _size(found.total), "files": found.files}
    place = quoted(target.path)
    remedy = steps(tr("Make room, or enlarge the file system:"), f"df -h {place}", f"df -i {place}")
    if found.files == 0:
        return SPACE.fail(tr("{path} can hold no more files: no inode is free.", **values), remedy=remedy, **more)
    if found.free < TOO_LITTLE:
        return SPACE.fail(tr("{path} has {free} left of {total}.", **values), remedy=remedy, **more)
    if found.free < LITTLE:
        detail = tr("Plug-ins, uploads and backups need several GiB; below 200 MiB a start can fail.")
        return SPACE.warn(tr("{path} has {free} left of {total}.", **values), detail=detail, remedy=remedy, **more)
    if found.files is not None and found.files < FEW_FILES:
        detail = tr("Plug-ins alone are thousands of files.")
        return SPACE.warn(tr("{path} can hold {files} more files.", **values), detail=detail, remedy=remedy, **more)
    return SPACE.passed(tr("{path} has {free} left of {total}.", **values), **more)


def _size(count: int) -> str:
    return f"{decimal(count / _GIB, '.1f')} GiB" if count >= _GIB else f"{count / _MIB:.0f} MiB"


def mounted(mount: Mount) -> str:
    """Say in a sentence what is mounted where."""
    return tr("{point} is {device}, {kind}.", point=mount.point, device=mount.device, kind=mount.kind)
