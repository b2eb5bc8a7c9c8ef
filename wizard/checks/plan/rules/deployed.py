"""Rules on how nodes are run: storage, ports, what a source names and is not there. They judge what was observed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from wizard.checks.plan.rule import Rule
from wizard.checks.plan.specs import SHARED_STORAGE
from wizard.checks.plan.specs_deployed import FOLLOWED, PORTS, START_COMMAND
from wizard.formats.image import STORAGE
from wizard.pattern import pattern
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, mark, sentences, tr
from wizard.plan.observed import Observed, Sharing, Topic, Unfollowed
from wizard.plan.plan import Plan
from wizard.plan.remedy import advice
from wizard.plan.secret import Secrets

_STARTS = pattern(r"(?:^|[\s/])(?:yarn|npm|npx|pnpm|nocobase|nocobase-v1)\s+(?:run\s+)?(?:nocobase\s+)?start\b")
_WHY = {
    Unfollowed.MISSING: mark("{name} is not there."),
    Unfollowed.PATCH: mark("{name} changes objects in a way that is not followed."),
    Unfollowed.PROGRAM: mark("{name} is a program's expression, and no program is run to be read."),
    Unfollowed.FORM: mark("{name} is in a form that is not read."),
    Unfollowed.BESIDE: mark("{name} was left out, by its name: if a node gets it, give it as a further source."),
    Unfollowed.MANY: mark("{name} has more folders in it than are looked into: give each of the others as a source."),
    Unfollowed.INCLUDE: mark("{name} names another file: give what “nginx -T” prints on the balancer, which has all."),
    Unfollowed.ANOTHER: mark("{name} leads elsewhere: if that is NocoBase, give its site alone."),
    Unfollowed.APPLICATION: mark(
        "{name} is another application by its APP_MODE or ENVIRONMENT_NAME, and no node of this cluster."
    ),
    Unfollowed.IPV6: mark("{name} is at an IPv6 address, which is not taken as a node's host: give its name."),
}
_APART = mark("Check each application by itself: give what it gets as an env file of its own.")
_FAULTS = {
    Sharing.MACHINE: mark("Nodes on other machines than one do not see the storage of {subject} ({name})."),
    Sharing.ITSELF: mark("Each node of {subject} has a storage of its own ({name})."),
    Sharing.NOTHING: mark("Nothing is mounted as the storage of {subject}: its files are gone with the container."),
    Sharing.PARTS: mark(
        "Only {name} is mounted of the storage of {subject}: its other files are gone with the container."
    ),
}
_WRITTEN = ("uploads", "plugins", ".license", "apps/main")
"""Folders of the storage: uploaded files, plug-ins, the licence, and the keys that NocoBase makes itself."""
_UNMOUNTED = {Sharing.NOTHING, Sharing.PARTS}


def _followed(plan: Plan, _secrets: Secrets) -> Iterator[Finding]:
    lost = plan.seen(Topic.UNFOLLOWED)
    if lost:
        names = listing(dict.fromkeys(item.subject for item in lost))
        words = _APART if all(item.value == Unfollowed.APPLICATION for item in lost) else FOLLOWED.remedy
        lines = [f"{item.place.words}: {tr(_WHY[Unfollowed(item.value)], name=item.subject)}" for item in lost]
        yield FOLLOWED.unknown(
            tr("Not followed, so what it says is not known: {names}.", names=names),
            detail="\n".join(lines),
            remedy=advice(tr(words)),
            facts={"names": [item.subject for item in lost]},
        )
    elif any(item.topic is not Topic.UNSET for item in plan.observed):
        yield FOLLOWED.passed(tr("All that the source names was read."))
    if idle := plan.seen(Topic.IDLE):
        lines = [f"{item.place.words}: profiles: {listing(item.names)}" for item in idle]
        yield FOLLOWED.info(
            tr(
                "Not counted as nodes, as their profiles are not active: {names}.",
                names=listing(item.subject for item in idle),
            ),
            subject="COMPOSE_PROFILES",
            detail="\n".join((*lines, tr("If they run, name their profiles in COMPOSE_PROFILES, in the .env beside."))),
            facts={"services": [item.subject for item in idle]},
        )


def _storage(plan: Plan, _secrets: Secrets) -> Iterator[Finding]:
    seen = plan.seen(Topic.STORAGE)
    known = [item for item in seen if item.value != Sharing.UNKNOWN]
    several = len(plan.nodes) > 1
    found = [item for item in known if item.value in _UNMOUNTED or (several and item.value in _FAULTS)]
    if found:
        yield SHARED_STORAGE.fail(
            "\n".join(_fault(item) for item in found[:1]),
            ErrorKind.MISSING,
            detail="\n".join(line for item in found for line in (f"{item.place.words}: {_fault(item)}", *_lost(item))),
            remedy=advice(_remedy(found[0])),
            facts={"services": [item.subject for item in found]},
        )
        return
    names = list(dict.fromkeys(item.names for item in seen if item.names))
    if several and len(names) > 1:
        yield SHARED_STORAGE.fail(
            tr("The nodes have different folders as their storage: {names}.", names=listing(n[0] for n in names)),
            ErrorKind.MISSING,
            detail="\n".join(item.place.words for item in seen),
            facts={"services": [item.subject for item in seen]},
            because=("storage.path",),  # the same, where the sources of nodes say a folder each
        )
    elif known and several:
        yield SHARED_STORAGE.passed(tr("All nodes have the same storage: {name}.", name=listing(names[0])))


def _fault(item: Observed) -> str:
    names = item.names[1:] if item.value == Sharing.PARTS else item.names
    return tr(_FAULTS[Sharing(item.value)], subject=item.subject, name=listing(names))


def _lost(item: Observed) -> Iterator[str]:
    """Name what NocoBase writes beside the parts of its storage that are mounted."""
    if item.value == Sharing.PARTS:
        root, *parts = map(PurePosixPath, item.names)
        kept = [root / name for name in _WRITTEN]
        lost = [str(path) for path in kept if not any(path.is_relative_to(part) for part in parts)]
        if lost:
            yield tr("Not kept, among others: {folders}.", folders=listing(lost))


def _remedy(item: Observed) -> str:
    if item.value in _UNMOUNTED:
        root = item.names[0] if item.names else STORAGE
        mount = tr("Mount the folder that all nodes share at {folder}.", folder=root)
        return (
            mount
            if root == STORAGE
            else sentences(mount, tr("Or take STORAGE_PATH out: it is {usual} then.", usual=STORAGE))
        )
    return tr(
        "Give all nodes one volume that several machines can write: NFS, or in Kubernetes one claim with "
        "ReadWriteMany. Copy the files of one node there first."
    )


def _ports(plan: Plan, _secrets: Secrets) -> Iterator[Finding]:
    seen = plan.seen(Topic.PORT)
    reached = {item.subject for item in seen if item.value in item.names}  # beside it another may be for a debugger
    wrong = [item for item in seen if item.subject not in reached]
    for item in wrong:
        yield PORTS.fail(
            tr(
                "{subject} publishes port {port}, and its image listens on {ports}.",
                subject=item.subject,
                port=item.value,
                ports=listing(item.names),
            ),
            ErrorKind.REFUSED,
            subject=item.subject,
            detail=item.place.words,
            remedy=advice(tr("Publish {port} in its place.", port=item.names[0])),
        )
    taken = list(_taken(plan.seen(Topic.PUBLISHED)))
    yield from taken
    if seen and not wrong and not taken:
        yield PORTS.passed(tr("Each service publishes a port that its image listens on."))


def _taken(seen: Sequence[Observed]) -> Iterator[Finding]:
    """Go through the services that want a port of their machine which one before them has."""
    before: dict[str, list[Observed]] = {}
    for item in seen:
        same = before.setdefault(item.value.rpartition(":")[2], [])
        other = next((one for one in same if one.subject != item.subject and _clash(one, item)), None)
        same.append(item)
        if other:
            yield PORTS.fail(
                tr(
                    "{subject} and {other} both want port {port} of one machine.",
                    subject=other.subject,
                    other=item.subject,
                    port=item.value.rpartition(":")[2],
                ),
                ErrorKind.REFUSED,
                subject=item.subject,
                detail="\n".join((other.place.words, item.place.words, tr("The second is not started."))),
                remedy=advice(tr("Give each service a port of the machine that no other one has.")),
            )


def _clash(one: Observed, other: Observed) -> bool:
    """Whether both, who want one port, may run on one machine; without an address it is wanted at each."""
    together = not one.names or not other.names or not {*one.names}.isdisjoint(other.names)
    host, other_host = one.value.rpartition(":")[0], other.value.rpartition(":")[0]
    return together and (not host or not other_host or host == other_host)


def _start(plan: Plan, _secrets: Secrets) -> Iterator[Finding]:
    """Judge commands that start NocoBase by yarn, npm or its own program; what another script does is not known."""
    for item in plan.seen(Topic.START):
        if not _STARTS.search(item.value):
            continue
        if "--quickstart" in item.value.split():
            yield START_COMMAND.passed(
                tr("{subject} is started with --quickstart.", subject=item.subject), subject=item.subject
            )
        else:
            yield START_COMMAND.warn(
                tr("{subject} is started without --quickstart.", subject=item.subject),
                subject=item.subject,
                detail="\n".join(
                    (item.place.words, tr("It then fetches no licensed plug-in, and neither installs nor upgrades."))
                ),
            )


RULES = (Rule(_followed, None), Rule(_storage, None), Rule(_ports, None), Rule(_start, None))
