"""Whether the nodes share one storage, and see one another's locks there. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from itertools import permutations

from wizard.checks.inside.compare import View, listed, too_few, unheard
from wizard.checks.inside.document import Document, Meeting, Storage
from wizard.checks.inside.facts import Meetings
from wizard.checks.inside.specs import LOCKS, STORAGE
from wizard.checks.shared.look_there import let_nodes_meet
from wizard.engine.check import stopped_by, value_of
from wizard.engine.facts import Fact, Known, Trouble
from wizard.plan.finding import ErrorKind, Finding, Severity
from wizard.plan.i18n import clauses, decimal, listing, tr
from wizard.plan.remedy import advice, steps

_GIB = 1024**3
_MISSING = frozenset({"ENOENT", "ENOTDIR"})


def judge(view: View, meetings: Fact[Meetings]) -> Iterator[Finding]:
    """Return the findings on the shared folder and on its locks."""
    documents = dict(view.documents())
    if absent := [name for name, one in documents.items() if one.storage.code in _MISSING]:
        yield _absent(absent, documents)
        yield stopped_by(STORAGE, LOCKS)
        return
    met = {name: one.value for name, one in (value_of(meetings) or {}).items() if isinstance(one, Known)}
    if len(met) < 2:  # noqa: PLR2004 - it takes two to meet
        yield _of_marks(documents, meetings)
        words = tr("Not tried: locks show only where two nodes at least are asked at once.")
        yield LOCKS.unknown(words, remedy=let_nodes_meet() if view.by_hand else None)
        return
    shared = _shared(view, documents, met)
    yield shared
    yield _locks(met) if shared.severity is Severity.PASS else stopped_by(STORAGE, LOCKS)


def _absent(absent: list[str], documents: Mapping[str, Document]) -> Finding:
    path = documents[absent[0]].storage.path
    return STORAGE.fail(
        tr("The storage {path} is not there on {names}.", path=path, names=listed(absent)),
        ErrorKind.MISSING,
        remedy=advice(tr("Mount the shared folder there, or correct STORAGE_PATH of these nodes.")),
        facts={"nodes": absent},
    )


def _shared(view: View, documents: Mapping[str, Document], met: Mapping[str, Meeting]) -> Finding:
    refused = {name: one.code for name, one in met.items() if one.code}
    if refused:
        names = listed(list(refused))
        return STORAGE.unknown(
            tr("Could not be found out: on {names} the script can leave no file in the storage.", names=names),
            error=ErrorKind.PERMISSION,
            detail=listing(f"{name}: {code}" for name, code in refused.items()),
            remedy=advice(tr("Let the way into the nodes run the script as NocoBase's own user.")),
            facts={"codes": refused},
        )
    unseen = [(one, other) for one, other in permutations(met, 2) if other not in (met[one].seen or {})]
    blind = [(one, other) for one, other in unseen if _looked_beside(met[one], met[other])]
    facts = {name: _about(documents[name].storage) for name in met if name in documents}
    if blind:
        return _apart(documents, met, blind, facts)
    if unseen:
        return _missed(unseen)
    if silent := [name for name in view.names() if name not in met]:
        return unheard(STORAGE, silent)
    slowest = max(after for one in met.values() for after in (one.seen or {}).values())
    return STORAGE.passed(
        tr(
            "All nodes see in the storage what the others write, after {seconds} s at most.",
            seconds=decimal(slowest / 1000, ".1f"),
        ),
        facts={"storage": facts, "slowest_ms": slowest},
    )


def _apart(
    documents: Mapping[str, Document],
    met: Mapping[str, Meeting],
    blind: list[tuple[str, str]],
    facts: Mapping[str, object],
) -> Finding:
    """Say which nodes have a storage of their own: what the others write they did not see in time."""
    paths = clauses(f"{name}: {one.storage.path} ({one.storage.mount})" for name, one in documents.items())
    alone = _alone(met, blind)
    return STORAGE.fail(
        tr(
            "A storage of its own is in use on {names}: what the others write does not arrive there.",
            names=listed(alone),
        ),
        ErrorKind.MISSING,
        detail=tr("{pairs}. The folders: {paths}.", pairs=_listed_pairs(blind), paths=paths),
        remedy=steps(
            tr("Mount the same folder at the storage of {names}. What is mounted there now:", names=listed(alone)),
            f"findmnt -T {shlex.quote(documents[alone[0]].storage.path)}" if alone[0] in documents else "findmnt",
        ),
        facts={"nodes": alone, "storage": facts},
    )


def _looked_beside(one: Meeting, other: Meeting) -> bool:
    """Whether `one` surely looked while the other's file lay there long enough to be seen."""
    together = min(one.until, other.until) - max(one.since, other.since)
    return together * 1000 >= one.needed


def _missed(unseen: list[tuple[str, str]]) -> Finding:
    """Return what is told of nodes that may have come when the others had gone."""
    names = list(dict.fromkeys(name for pair in unseen for name in pair))
    return STORAGE.unknown(
        tr("Could not be found out: {names} did not look for one another at the same time.", names=listed(names)),
        error=ErrorKind.TIMEOUT,
        detail=tr("{pairs}. The way to one of them, or its storage, was too slow.", pairs=_listed_pairs(unseen)),
        remedy=advice(tr("Run it again when less is going on here and on the nodes.")),
        facts={"nodes": names},
    )


def _listed_pairs(pairs: list[tuple[str, str]]) -> str:
    return listing(tr("{one} sees nothing of {other}", one=one, other=other) for one, other in pairs[:6])


def _alone(met: Mapping[str, Meeting], blind: list[tuple[str, str]]) -> list[str]:
    """Return the nodes outside of the largest group that sees one another; the first node is never blamed alone."""
    apart = set(blind)
    groups: list[list[str]] = []
    for name in met:
        home = next((group for group in groups if not any({(name, one), (one, name)} & apart for one in group)), None)
        if home is None:
            groups.append([name])
        else:
            home.append(name)
    largest = max(groups, key=len)
    return [name for name in met if name not in largest]


def _about(storage: Storage) -> dict[str, object]:
    return {
        "path": storage.path,
        "mount": storage.mount,
        "owner": storage.uid,
        "mode": storage.mode,
        "free_gib": None if storage.free is None else round(storage.free / _GIB, 1),
    }


def _of_marks(documents: Mapping[str, Document], meetings: Fact[Meetings]) -> Finding:
    """Judge by what already lies in the folders; it tells two folders apart, and hardly proves that they are one."""
    if isinstance(meetings, Trouble):
        return STORAGE.unknown(
            tr("Could not be found out: the nodes did not meet in the storage in time."),
            error=meetings.kind,
            detail=meetings.message,
        )
    marks = {name: one.storage.marks or {} for name, one in documents.items() if one.key and one.storage.marks}
    if len(documents) < 2:  # noqa: PLR2004 - it takes two to differ
        return too_few(STORAGE)
    keys = {documents[name].key for name in marks}
    common = set.intersection(*(set(found) for found in marks.values())) if marks else set()
    unlike = [file for file in sorted(common) if len({found[file] for found in marks.values()}) > 1]
    if len(keys) == 1 and unlike:
        return STORAGE.fail(
            tr(
                "The nodes have storages of their own: {files} is not the same file on all of them.",
                files=listed(unlike),
            ),
            ErrorKind.MISSING,
            detail=tr("Compared by size and time of change, on {names}.", names=listed(list(marks))),
            remedy=advice(tr("Mount the same folder at every node's storage.")),
            facts={"files": unlike, "nodes": list(marks)},
        )
    return STORAGE.unknown(
        tr("Could not be found out: files collected by hand do not show whether the nodes share one storage."),
        detail=tr("What lies there speaks not against it.") if common else "",
        remedy=let_nodes_meet(),
    )


def _locks(met: Mapping[str, Meeting]) -> Finding:
    results = {(one, other): found for one in met for other, found in (met[one].locks or {}).items()}
    granted = [pair for pair, found in results.items() if found == "granted"]
    if granted:
        one, other = granted[0]
        return LOCKS.warn(
            tr(
                "{one} was granted a lock that {other} held: locks in the storage are not shared.", one=one, other=other
            ),
            detail=tr("NocoBase and its tools then trust a lock that another node does not see."),
            facts={"granted": [list(pair) for pair in granted]},
        )
    tried = {one for one, _other in (pair for pair, found in results.items() if found == "refused")}
    if untried := [name for name in met if name not in tried]:
        return LOCKS.unknown(
            tr(
                "Could not be found out: there is no flock(1) on {names}, or no other node could take a lock.",
                names=listed(untried),
            ),
            remedy=advice(tr("Install util-linux there, and check again.")),
        )
    return LOCKS.passed(
        tr("A lock that one node holds in the storage is refused to the others."), facts={"tried": len(results)}
    )
