"""What was found about the shared folder means. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wizard.checks.check import obstructed, skip_rest, value_of
from wizard.checks.facts import Known, Trouble
from wizard.checks.storage import judge_contents
from wizard.checks.storage.judge_filesystem import filesystem, mounted, space
from wizard.checks.storage.judge_lock import lock
from wizard.checks.storage.probe import Folder, StorageFacts
from wizard.checks.storage.specs import DELETE, EXISTS, FSYNC, LOCK, OWNER, SPECS, WRITE
from wizard.checks.storage.steps import gate_of
from wizard.checks.storage.target import Target
from wizard.checks.storage.trial import Written
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.remedy import steps
from wizard.plan.spec import Spec
from wizard.plan.words import mark, tr

SLOW_SYNC_MS = 200
_ANYBODY_WRITES, _STICKY = 0o002, 0o1000

_WHY_NOT = {
    ErrorKind.MISSING: mark("There is no such folder on this machine."),
    ErrorKind.PERMISSION: mark("This program's user may not enter it."),
    ErrorKind.TIMEOUT: mark("The folder does not answer: usually its file server is gone and the mount hangs."),
}
_REMEDY = {
    ErrorKind.MISSING: mark("# Mount the shared folder here, or correct its path in the plan:\nfindmnt -T {path}"),
    ErrorKind.PERMISSION: mark(
        "# Let the user in, or run the check as the user that NocoBase runs as:\nnamei -l {path}"
    ),
    ErrorKind.TIMEOUT: mark("# Check the file server and the mount:\nfindmnt -T {path}\ndmesg | tail"),
}


def judge(target: Target, facts: StorageFacts) -> Iterator[Finding]:
    """Give a finding for each of SPECS."""
    if not isinstance(facts.folder, Known):
        yield _not_there(target, facts)
        yield from skip_rest(SPECS, EXISTS)
        return
    folder = facts.folder.value
    yield EXISTS.passed(
        tr("The folder {path} is there.", path=target.path),
        facts={"path": target.path, "mode": f"{folder.mode:04o}"},
        elapsed_ms=facts.folder.elapsed_ms,
    )
    gate = gate_of(facts)
    yield filesystem(target, facts.mount, gate)
    yield space(target, facts.space, gate)
    yield from judge_contents.judge(target, facts, gate)
    yield _write(target, facts, gate)
    if isinstance(facts.write, Known):
        yield owner(target, folder, facts.write.value)
        yield fsync(facts.write.value)
        yield lock(target, facts, gate)
        yield _delete(target, facts, gate)
    else:
        yield from skip_rest((OWNER, FSYNC, LOCK, DELETE), gate)


def _not_there(target: Target, facts: StorageFacts) -> Finding:
    troubles = [fact for fact in (facts.folder, facts.suspected) if isinstance(fact, Trouble)]
    found = troubles[0] if troubles else Trouble(ErrorKind.OTHER)
    why = tr(_WHY_NOT[found.kind]) if found.kind in _WHY_NOT else ""
    details = [why, f"({found.message})" if why else found.message]
    if mount := value_of(facts.suspected):
        details.append(mounted(mount))
    return obstructed(
        EXISTS,
        found,
        EXISTS,
        what=tr("The shared folder {path} cannot be used.", path=target.path),
        detail=" ".join(part for part in details if part),
        remedy=tr(_REMEDY.get(found.kind, _REMEDY[ErrorKind.MISSING]), path=target.path),
        facts={"path": target.path},
    )


def _write(target: Target, facts: StorageFacts, gate: Spec) -> Finding:
    if isinstance(facts.write, Known):
        return WRITE.passed(
            tr("A file in {path} was written, synced, renamed and read back.", path=target.path),
            elapsed_ms=facts.write.elapsed_ms,
        )
    return obstructed(
        WRITE,
        facts.write,
        gate,
        what=tr("No file can be written, renamed and read back in {path}.", path=target.path),
        remedy=steps(
            tr("Let the user that NocoBase runs as write there, and make room:"),
            f"ls -ld {target.path}",
            f"df -h {target.path}",
        ),
    )


def owner(target: Target, folder: Folder, written: Written) -> Finding:
    """Say whether files belong to who wrote them (they do not with root_squash), and whether everybody may write."""
    if written.owner is None:
        return OWNER.skip(tr("Not looked at: this system has no owners and permission bits in the sense of POSIX."))
    more: dict[str, Any] = {
        "facts": {
            "mode": f"{folder.mode:04o}",
            "folder_uid": folder.owner,
            "uid": written.writer,
            "file_uid": written.owner,
        }
    }
    if written.owner != written.writer:
        return OWNER.warn(
            tr("A file written by user {uid} belongs to user {found}.", uid=written.writer, found=written.owner),
            error=ErrorKind.PERMISSION,
            detail=tr(
                "The file server changes the owner (root_squash, all_squash). NocoBase's containers work as root: "
                "they may then not read or change what others wrote."
            ),
            remedy=steps(
                tr("Export it without squashing, as in:"), "/srv/nocobase 10.0.0.0/24(rw,sync,no_root_squash)"
            ),
            **more,
        )
    if folder.mode & _ANYBODY_WRITES and not folder.mode & _STICKY:
        return OWNER.warn(
            tr("Every user of the machine may write in {path}.", path=target.path),
            error=ErrorKind.PERMISSION,
            detail=tr("The folder holds the keys and the plug-ins' programs."),
            remedy=f"chmod o-w {target.path}",
            **more,
        )
    return OWNER.passed(tr("A file written by user {uid} belongs to that user.", uid=written.writer), **more)


def fsync(written: Written) -> Finding:
    """Say whether the disk is slow; the figure is the median of three."""
    facts = {"fsync_ms": written.fsync_ms}
    if written.fsync_ms >= SLOW_SYNC_MS:
        return FSYNC.warn(
            tr("It takes {ms} ms until a small file is on the disk.", ms=written.fsync_ms),
            detail=tr("From {limit} ms on, downloads of plug-ins and uploads are noticeably slow.", limit=SLOW_SYNC_MS),
            remedy=steps(tr("Look at the load of the file server and at the network in between:"), "nfsiostat 1 5"),
            facts=facts,
        )
    return FSYNC.passed(tr("A small file is on the disk after {ms} ms.", ms=written.fsync_ms), facts=facts)


def _delete(target: Target, facts: StorageFacts, gate: Spec) -> Finding:
    if isinstance(facts.delete, Known):
        return DELETE.passed(
            tr("A file in {path} can be deleted.", path=target.path), elapsed_ms=facts.delete.elapsed_ms
        )
    return obstructed(
        DELETE,
        facts.delete,
        gate,
        what=tr("A file in {path} cannot be deleted.", path=target.path),
        remedy=steps(tr("Remove what is left by hand:"), f"rm {target.path}/.ncw-check-*"),
    )
