"""Whether a lock on a file keeps others out: on this machine, as it was tried, and on others, by the mount. Pure."""

from __future__ import annotations

from typing import Any

from wizard.checks.storage.mounts import Family, Mount, Reach
from wizard.checks.storage.probe import StorageFacts
from wizard.checks.storage.remedies import quoted
from wizard.checks.storage.specs import FILESYSTEM, LOCK
from wizard.checks.storage.target import Target
from wizard.engine.check import obstructed, value_of
from wizard.engine.facts import Fact, Known
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, sentences, tr
from wizard.plan.remedy import Remedy, advice, steps
from wizard.plan.spec import Spec

_TRIAL_FILE = "lock-trial"
_TRIAL = (
    'import fcntl, sys; f = open(sys.argv[1], "a"); fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB); input("locked ")'
)


def lock(target: Target, facts: StorageFacts, gate: Spec) -> Finding:
    """Say whether a lock is granted, keeps a second one out, and is seen by the machines that need to see it."""
    if not isinstance(facts.lock, Known):
        return obstructed(
            LOCK,
            facts.lock,
            gate,
            what=tr("No lock is granted on a file in {path}.", path=target.path),
            remedy=_granting(value_of(facts.mount)),
        )
    if not facts.lock.value:
        return LOCK.fail(
            tr("A lock on a file in {path} is granted twice.", path=target.path),
            ErrorKind.OTHER,
            detail=tr("While one lock was held, a second one was granted on the same file."),
            remedy=advice(tr("Mount a file system that keeps locks; for FUSE, see its options about locks.")),
        )
    return _seen_by_others(target, facts.mount, facts.lock.elapsed_ms)


def _granting(mount: Mount | None) -> Remedy:
    if mount is None or mount.family is not Family.NFS:
        return advice(tr("Mount a file system that grants locks, NFS 4 for one."))
    device, point = quoted(mount.device), quoted(mount.point)
    words = tr("Let rpc.statd and lockd run on both sides (NFS 3), or stop the nodes and mount it with NFS 4:")
    return steps(words, f"umount {point}", f"mount -t nfs4 {device} {point}")


def _seen_by_others(target: Target, fact: Fact[Mount | None], elapsed_ms: int | None) -> Finding:
    mount = fact.value if isinstance(fact, Known) else None
    if mount is None:
        return _unclear(target, tr("What carries the folder could not be found out."), elapsed_ms=elapsed_ms)
    more: dict[str, Any] = {
        "facts": {"kind": mount.kind, "locks": mount.lock_reach.value},
        "elapsed_ms": elapsed_ms,
    }
    if mount.lock_reach is Reach.UNKNOWN:
        reason = tr("“{kind}” is not known to carry locks from one mount or machine to another.", kind=mount.kind)
        return _unclear(target, reason, **more)
    if mount.lock_reach is Reach.HERE and mount.family is Family.LOCAL and target.several_machines is None:
        return _unclear(target, tr("The source does not say whether the nodes are on several machines."), **more)
    if mount.lock_reach is Reach.HERE and (mount.hiding_options or not _is_one_disk(target, mount)):
        return _hidden(target, mount, more)
    return LOCK.passed(
        tr("A lock on a file in {path} keeps a second one out.", path=target.path),
        detail=tr(
            "Seen from this machine. That other machines see it is known of “{kind}”, not tried.", kind=mount.kind
        )
        if mount.lock_reach is Reach.EVERYWHERE
        else tr("The folder is on a disk of this machine, and all nodes are on one machine."),
        **more,
    )


def _is_one_disk(target: Target, mount: Mount) -> bool:
    return mount.family is Family.LOCAL and not target.several_machines


def _hidden(target: Target, mount: Mount, more: dict[str, Any]) -> Finding:
    options = listing(mount.hiding_options)
    if options:
        why = tr("{point} is mounted with {options}.", point=mount.point, options=options)
        remedy = advice(tr("Mount {point} without {options}.", point=mount.point, options=options))
    else:
        why = tr("“{kind}” keeps locks on the machine that takes them.", kind=mount.kind)
        remedy = advice(tr("Mount a file system at {point} that carries locks, NFS 4 for one.", point=mount.point))
    return LOCK.warn(
        tr("Locks in {path} are kept, but other machines do not see them.", path=target.path),
        detail=sentences(why, tr("Two nodes can then change one file at once.")),
        remedy=remedy,
        because=(FILESYSTEM.id,),
        **more,
    )


def _unclear(target: Target, reason: str, **more: Any) -> Finding:
    file = quoted(target.path, _TRIAL_FILE)
    words = tr("On two nodes, at the same time; the second must end with BlockingIOError:")
    return LOCK.unknown(
        tr("Could not be found out whether other machines see a lock on a file in {path}.", path=target.path),
        detail=sentences(reason, tr("On this machine a lock keeps a second one out.")),
        remedy=steps(words, f"python3 -c '{_TRIAL}' {file}", f"rm {file}"),
        because=(FILESYSTEM.id,),
        **more,
    )
