"""The cluster as a picture: boxes from left to right with their states, and the lines between them. Knows no Qt."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from wizard.checks import registry
from wizard.dataclass import dataclass
from wizard.engine.component import Column, Component
from wizard.guide import flow, status
from wizard.guide.findings_store import FindingsStore
from wizard.guide.nodes import title_of
from wizard.plan.display import entered
from wizard.plan.finding import ErrorKind, Finding, Severity, worst
from wizard.plan.i18n import listing, mark, tr, trn
from wizard.plan.plan import Plan
from wizard.plan.sections import WORKER_ID_COUNT

ERROR_WORDS = {
    ErrorKind.DNS: mark("host name not found"),
    ErrorKind.REFUSED: mark("connection refused"),
    ErrorKind.TIMEOUT: mark("no answer"),
    ErrorKind.TLS: mark("TLS failed"),
    ErrorKind.CREDENTIALS: mark("sign-in refused"),
    ErrorKind.PERMISSION: mark("not permitted"),
    ErrorKind.MISSING: mark("something is missing"),
    ErrorKind.VERSION: mark("wrong version"),
    ErrorKind.PROTOCOL: mark("unexpected answer"),
    ErrorKind.OTHER: mark("failed"),
}
RUNNING = "running"
"""The state of what is being tested, beside those of `status`; it is the name of an icon."""
_MOST_NODES = WORKER_ID_COUNT
"""A cluster cannot have more; nodes beyond them are drawn as one box."""


@dataclass(frozen=True, slots=True)
class Box:
    """One part of the cluster. `state` is the name of an icon, `step` where a click leads, `component` tests it.

    `subject` is the one that the component's check of this part alone has, if there is one. To a node that
    `serves` the balancer sends.
    """

    title: str
    fact: str
    state: str
    step: str
    component: str = ""
    subject: str = ""
    serves: bool = False

    @property
    def words(self) -> str:
        """The box in words; of what is being tested not for how long, as nobody wants to hear that each second."""
        fact = tr("being tested") if self.state == RUNNING else self.fact
        return f"{self.title}: {fact}" if fact else self.title

    @property
    def told(self) -> str:
        """The box as a screen reader tells it by itself: what it is, how it stands, and what else is known of it."""
        if self.state in {RUNNING, status.STALE} or self.fact == tr("not tested yet"):
            return self.words
        return listing(dict.fromkeys(part for part in (self.title, status.in_words(self.state), self.fact) if part))


@dataclass(frozen=True, slots=True)
class Diagram:
    """Three columns: the balancer, the nodes, the services."""

    balancer: Box
    nodes: tuple[Box, ...]
    services: tuple[Box, ...]

    @property
    def words(self) -> str:
        """The picture in words, for those who do not see it."""
        return ". ".join(box.words for box in (self.balancer, *self.nodes, *self.services))


def picture(
    plan: Plan,
    record: FindingsStore,
    *,
    testing: Collection[str] = (),
    seconds: int = 0,
) -> Diagram:
    """Draw the plan with what is known of each part, by a run and by the rules.

    `testing` are the components that are being tested, or the names of their checks, for `seconds`.
    """
    (balancer,) = registry.in_column(Column.BALANCER)
    behind = registry.in_column(Column.SERVICES, Column.BEYOND)
    services = (_part(plan, record, one) for one in behind if one.steps(plan))
    drawn = Diagram(_part(plan, record, balancer), tuple(_nodes(plan, record)), tuple(services))
    return _with_run(drawn, testing, seconds) if testing else drawn


def _with_run(drawn: Diagram, testing: Collection[str], seconds: int) -> Diagram:
    """Return a picture in which what is being tested says so."""
    words = tr("being tested, {seconds} s", seconds=seconds) if seconds else tr("being tested")
    components = {name.partition(" ")[0] for name in testing}

    def now(box: Box) -> Box:
        own = f"{box.component} {box.subject}" if box.subject else ""
        if box.component in testing or (own in testing if own else box.component in components):
            return replace(box, fact=words, state=RUNNING)
        return box

    return replace(
        drawn,
        balancer=now(drawn.balancer),
        nodes=tuple(map(now, drawn.nodes)),
        services=tuple(map(now, drawn.services)),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of one part: what a run found of its component, and what the rules say of its values."""

    component: str
    live: Sequence[Finding]
    rules: Sequence[Finding]


def _rules(record: FindingsStore, step: str) -> list[Finding]:
    """Return what the rules found wrong on a step."""
    return [item for item in record.rules if status.wants_person(item) and flow.step_of(item) == step]


def _nodes(plan: Plan, record: FindingsStore) -> Iterator[Box]:
    if not plan.nodes:
        yield Box(tr("No node yet"), "", status.UNTESTED, "nodes")
    asked = registry.nodes()
    live = _by_subject(record.of(asked.name))
    rules = _rules(record, "nodes")
    shown = plan.nodes if len(plan.nodes) <= _MOST_NODES else plan.nodes[: _MOST_NODES - 1]
    for index, node in enumerate(shown):
        found = _of_nodes(asked.name, live, rules, {index: node.name})
        place = asked.figure(found.live) or _address(plan, index)
        box = _box(title_of(node, index), place, record, found, "nodes")
        yield replace(box, subject=node.name, serves=_serves(node.worker_mode))
    rest = plan.nodes[len(shown) :]
    if rest:
        found = _of_nodes(asked.name, live, rules, {len(shown) + at: node.name for at, node in enumerate(rest)})
        box = _box(trn("{count} more node", "{count} more nodes", count=len(rest)), "", record, found, "nodes")
        yield replace(box, serves=any(_serves(node.worker_mode) for node in rest))


def _by_subject(found: Iterable[Finding]) -> Mapping[str, Sequence[Finding]]:
    """Sort findings by their subjects: to look through those of all nodes for each of them takes their square."""
    sorted_: dict[str, list[Finding]] = {}
    for item in found:
        sorted_.setdefault(item.subject, []).append(item)
    return sorted_


def _of_nodes(
    component: str, live: Mapping[str, Sequence[Finding]], rules: Sequence[Finding], names: Mapping[int, str]
) -> _Found:
    """Return what is known of some nodes, by their places in the plan, out of what is known of all.

    The rules name a node, or one of its settings.
    """
    own, subjects = tuple(f"nodes.{index}." for index in names), dict.fromkeys(filter(None, names.values()))
    told = [item for subject in subjects for item in live.get(subject, ())]
    ruled = [item for item in rules if item.subject in subjects or str(item.facts.get("setting", "")).startswith(own)]
    return _Found(component, told, ruled)


def _address(plan: Plan, index: int) -> str:
    host, port = (entered(plan, f"nodes.{index}.{name}") for name in ("host", "port"))
    return f"{host}:{port}" if host and port else host or tr("no host yet")


def _serves(worker_mode: str) -> bool:
    return not worker_mode or "!" in worker_mode.split(",")


def _part(plan: Plan, record: FindingsStore, asked: Component) -> Box:
    """Draw what has one box: the balancer, or a service."""
    found, (name, fact) = record.of(asked.name), asked.box(plan)
    known = _Found(asked.name, found, _rules(record, asked.step))
    return _box(f"{name} {asked.version(found)}".strip(), asked.figure(found) or fact, record, known, asked.step)


def _box(title: str, fact: str, record: FindingsStore, found: _Found, step: str) -> Box:
    """Draw one part: what an edit has overtaken says so, then the gravest counts, whoever found it."""
    return replace(_standing(title, fact, record, found, step), component=found.component)


def _standing(title: str, fact: str, record: FindingsStore, found: _Found, step: str) -> Box:
    state = status.state(found.component, found.live, record)
    if state == status.STALE:
        return Box(title, status.stale_words(found.live, record), state, step)
    tested = state != status.UNTESTED
    live = Severity(state) if tested else Severity.PASS
    gravest = worst([live, *(item.severity for item in found.rules)])
    if gravest is not live:
        return Box(title, status.counted(found.rules), gravest.value, step)
    if not tested:
        return Box(title, fact or tr("not tested yet"), state, step)
    return Box(title, _trouble(gravest, found.live) or fact or tr("works"), state, step)


def _trouble(gravest: Severity, told: Sequence[Finding]) -> str:
    if gravest not in {Severity.FAIL, Severity.UNKNOWN}:
        return ""
    first = next(item for item in told if item.severity is gravest and not item.accepted)
    here = gravest is Severity.UNKNOWN and first.error in {ErrorKind.MISSING, ErrorKind.TIMEOUT}  # not at the service
    if first.error and not here:
        spec = registry.spec_of(first) if first.error is ErrorKind.MISSING else None
        what = spec.absent if spec else ""
        return tr(what or ERROR_WORDS[first.error])
    return tr("failed") if gravest is Severity.FAIL else tr("could not be found out")
