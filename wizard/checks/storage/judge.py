"""What was found about the shared folder means. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wizard.checks.storage import judge_contents
from wizard.checks.storage.judge_filesystem import filesystem, mounted, space
from wizard.checks.storage.judge_lock import lock
from wizard.checks.storage.mounts import Family, Mount
from wizard.checks.storage.probe import Folder, StorageFacts
from wizard.checks.storage.remedies import quoted
from wizard.checks.storage.specs import DELETE, EXISTS, FSYNC, LOCK, OWNER, SPACE, SPECS, WRITE
from wizard.checks.storage.steps import gate_of
from wizard.checks.storage.target import Target
from wizard.checks.storage.trial import PREFIX, Written
from wizard.engine.check import obstructed, skip_rest, value_of
from wizard.engine.facts import Fact, Known, Trouble
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import mark, sentences, tr
from wizard.plan.remedy import Remedy, advice, commands, steps
from wizard.plan.spec import Spec

SLOW_SYNC_MS = 200
_ANYBODY_WRITES, _STICKY = 0o002, 0o1000
_ROOT = 0
_TRY_AS_ROOT = 'f=$(mktemp "$1/.ncw-check-XXXXXX") && stat -c %u "$f"; rm -f "$f"'

_WHY_NOT = {
    ErrorKind.MISSING: mark("There is no such folder on this machine."),
    ErrorKind.PERMISSION: mark("This program's user may not enter it."),
    ErrorKind.TIMEOUT: mark("The folder does not answer: usually its file server is gone and the mount hangs."),
}
_REMEDY = {
    ErrorKind.MISSING: (mark("Mount the shared folder here, or correct its path in the plan:"), "namei -l {path}"),
    ErrorKind.PERMISSION: (
        mark("Let the user in, or run the check as the user that NocoBase runs as:"),
        "namei -l {path}",
    ),
    ErrorKind.TIMEOUT: (mark("Check the file server and the mount:"), "findmnt -T {path}", "dmesg | tail"),
}
_NOT_WRITTEN = {
    ErrorKind.TIMEOUT: mark("Writing, renaming and reading back a file in {path} did not end in time."),
}
_WRITE_REMEDY = {
    ErrorKind.PERMISSION: (
        mark("Let the user that NocoBase runs as write there:"),
        "namei -l {path}",
        "findmnt -T {path}",
    ),
    ErrorKind.TIMEOUT: (
        mark("Look at the load of the file server, and at the mount:"),
        "nfsiostat 1 5",
        "findmnt -T {path}",
        "dmesg | tail",
    ),
    ErrorKind.OTHER: (mark("Make room, or look at the mount:"), "df -h {path}", "df -i {path}", "findmnt -T {path}"),
}


def judge(target: Target, facts: StorageFacts) -> Iterator[Finding]:
    """Return a finding for each of SPECS."""
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
        yield owner(target, folder, facts.write.value, value_of(facts.mount))
        yield fsync(target, facts.fsync, gate)
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
        detail=sentences(*details),
        remedy=_pasted(_REMEDY.get(found.kind, _REMEDY[ErrorKind.MISSING]), target),
        facts={"path": target.path},
    )


def _pasted(remedy: tuple[str, ...], target: Target) -> Remedy:
    words, *lines = remedy
    return steps(tr(words), *(line.format(path=quoted(target.path)) for line in lines))


def _write(target: Target, facts: StorageFacts, gate: Spec) -> Finding:
    if isinstance(facts.write, Known):
        return WRITE.passed(
            tr("A file in {path} was written, renamed and read back.", path=target.path),
            elapsed_ms=facts.write.elapsed_ms,
        )
    kind = facts.write.kind if isinstance(facts.write, Trouble) else ErrorKind.OTHER
    what = _NOT_WRITTEN.get(kind, mark("No file can be written, renamed and read back in {path}."))
    return obstructed(
        WRITE,
        facts.write,
        gate,
        what=tr(what, path=target.path),
        remedy=_pasted(_WRITE_REMEDY.get(kind, _WRITE_REMEDY[ErrorKind.OTHER]), target),
        because=(SPACE.id,),
    )


def owner(target: Target, folder: Folder, written: Written, mount: Mount | None) -> Finding:
    """Say whether files belong to who wrote them, and whether everybody may write.

    With root_squash those of root alone do not, so that only root can find it out, unless the disk is this machine's.
    """
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
            remedy=_unsquashed(target, mount),
            **more,
        )
    if folder.mode & _ANYBODY_WRITES and not folder.mode & _STICKY:
        return _open_to_all(target, more)
    if written.writer != _ROOT and (mount is None or mount.family is not Family.LOCAL):
        return OWNER.unknown(
            tr("Could not be found out whether files of root in {path} stay root's.", path=target.path),
            detail=tr(
                "NocoBase's containers work as root, and a file server may change the owner of root's files alone "
                "(root_squash). This check ran as user {uid}, whose files keep their owner.",
                uid=written.writer,
            ),
            remedy=steps(tr("It must print 0:"), f"sudo sh -c '{_TRY_AS_ROOT}' sh {quoted(target.path)}"),
            **more,
        )
    return OWNER.passed(tr("A file written by user {uid} belongs to that user.", uid=written.writer), **more)


def _open_to_all(target: Target, more: Mapping[str, Any]) -> Finding:
    return OWNER.warn(
        tr("Every user of the machine may write in {path}.", path=target.path),
        error=ErrorKind.PERMISSION,
        detail=tr("The folder holds the keys and the plug-ins' programs."),
        remedy=steps(
            tr(
                "First see that NocoBase runs as the folder's owner or in its group, on every node: as another "
                "user it could write no more. Then:"
            ),
            f"chmod o-w {quoted(target.path)}",
        ),
        **more,
    )


def _unsquashed(target: Target, mount: Mount | None) -> Remedy:
    """Return the line of /etc/exports for the mount, or words where it is no export."""
    if mount is None or mount.family is not Family.NFS or ":/" not in mount.device:
        return advice(tr("Let the file server keep the owner of each file, root's too (NFS: no_root_squash)."))
    server, _colon, exported = mount.device.rpartition(":")
    machines = " ".join(f"{host}(rw,sync,no_root_squash)" for host in dict.fromkeys(target.hosts))
    place = f'"{exported}"' if " " in exported else exported
    words = tr("In /etc/exports on {server}, beside the machines that stand there already:", server=server)
    return commands(steps(words, f"{place} {machines}"), steps(tr("Then, there:"), "exportfs -ra"))


def fsync(target: Target, fact: Fact[int], gate: Spec) -> Finding:
    """Say whether the disk is slow; the figure is the median of three."""
    slow = steps(tr("Look at the load of the file server and at the network in between:"), "nfsiostat 1 5")
    if isinstance(fact, Trouble) and fact.kind is ErrorKind.TIMEOUT:
        return FSYNC.warn(
            tr("A small file in {path} was not on the disk in time.", path=target.path),
            error=fact.kind,
            detail=fact.message,
            remedy=slow,
            elapsed_ms=fact.elapsed_ms,
        )
    if not isinstance(fact, Known):
        what = tr("A file in {path} cannot be brought to the disk.", path=target.path)
        return obstructed(FSYNC, fact, gate, what=what, remedy=_pasted(_WRITE_REMEDY[ErrorKind.TIMEOUT], target))
    facts, ms = {"fsync_ms": fact.value}, fact.value
    if ms >= SLOW_SYNC_MS:
        return FSYNC.warn(
            tr("It takes {ms} ms until a small file is on the disk.", ms=ms),
            detail=tr("From {limit} ms on, downloads of plug-ins and uploads are noticeably slow.", limit=SLOW_SYNC_MS),
            remedy=slow,
            facts=facts,
        )
    return FSYNC.passed(tr("A small file is on the disk after {ms} ms.", ms=max(1, ms)), facts=facts)


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
        remedy=steps(
            tr("Let the user that NocoBase runs as delete there, and remove what is left:"),
            f"rm {quoted(target.path)}/{PREFIX}*",
        ),
    )
