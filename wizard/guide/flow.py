"""The wizard's flow as data: its steps, which findings belong to each, and what its line at the side says. No Qt."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import TypeAlias

from wizard.checks import registry
from wizard.dataclass import dataclass
from wizard.engine.component import Component
from wizard.guide import status, summary
from wizard.guide.findings_store import FindingsStore, of_rules
from wizard.plan.finding import WORST_FIRST, Finding, Severity, component_of
from wizard.plan.i18n import listing, mark, tr
from wizard.plan.plan import Plan
from wizard.plan.sections import RedisRole


class State(StrEnum):
    """What a step's icon shows; the values are names of icons."""

    TODO = "todo"
    CURRENT = "current"
    RUNNING = "running"
    DONE = "pass"
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"
    STALE = "stale"


STATE_WORDS = {
    State.TODO: mark("not yet"),
    State.CURRENT: mark("current step"),
    State.RUNNING: mark("being tested"),
    State.DONE: mark("done"),
    State.WARN: mark("warning"),
    State.FAIL: mark("failed"),
    State.UNKNOWN: mark("could not be found out"),
    State.STALE: mark("changed since the test"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One page: its id is the section's name where it edits one."""

    id: str
    title: str
    intro: str

    @property
    def tests(self) -> bool:
        """Whether the step has a Test button of its own."""
        return self.id not in {"start", "review", "export"}

    @property
    def asks(self) -> bool:
        """Whether its Test asks something real, and does not judge the values alone."""
        return self.tests and self.id != "application"


STEPS: tuple[Step, ...] = (
    Step("start", mark("Start"), mark("Check a cluster you know, begin a new one, or read one that runs.")),
    Step(
        "licence",
        mark("Licence"),
        mark("Cluster mode needs four commercial plug-ins. Every node downloads them with this licence at its start."),
    ),
    Step(
        "application",
        mark("Application"),
        mark(
            "What users see, and the keys that all nodes share. Nodes with different keys sign each other's users out."
        ),
    ),
    Step(
        "database",
        mark("Database"),
        mark("One database server behind all nodes. It holds everything but files."),
    ),
    Step(
        "redis",
        mark("Redis"),
        mark("Cache, sync, lock and worker IDs live in Redis. One server with a database for each is enough."),
    ),
    Step(
        "queue",
        mark("Queue"),
        mark("Workflows and long tasks wait in a queue until a node takes them."),
    ),
    Step(
        "storage",
        mark("Storage"),
        mark("One folder that all nodes share: uploads, plug-ins and the licence are in it."),
    ),
    Step(
        "nodes",
        mark("Nodes"),
        mark("The NocoBase instances. Each process of each node takes one of 32 worker IDs."),
    ),
    Step(
        "balancer",
        mark("Balancer"),
        mark("The balancer stands before the nodes, takes every request and passes it to a node that serves."),
    ),
    Step("review", mark("Review"), ""),
    Step("export", mark("Export"), mark("Write the files that start this cluster. Nothing is sent anywhere.")),
)
IDS = tuple(step.id for step in STEPS)


_STEP_OF_SECTION = {"name": "start", "reach": "nodes"}
"""The steps of what is entered on one of another name."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a step says at the side: its icon, and one fact."""

    state: State
    fact: str


def step(identifier: str) -> Step:
    """Return the step of this id; raises KeyError."""
    try:
        return STEPS[IDS.index(identifier)]
    except ValueError:
        raise KeyError(identifier) from None


def components(which: Step, plan: Plan) -> tuple[str, ...]:
    """Return the components that the Test of a step runs: those entered there, the rules alone where there is none.

    Where Redis carries the queue, it is what the queue's Test runs.
    """
    return tuple(one.name for one in registry.components() if which.id in one.steps(plan))


def _asks_nobody(which: Step, plan: Plan) -> bool:
    """Whether the Test of a step judges the values alone."""
    return all(map(registry.asks_nobody, components(which, plan)))


def belongs(which: Step, plan: Plan, finding: Finding) -> bool:
    """Whether a finding is shown on a step: where it can be mended, and the queue's role of Redis on the queue's too.

    What compares the whole cluster is shown on the review alone.
    """
    return finding.component not in _absent(plan) and which.id in _places(
        plan, finding, step_of(finding), _by_their_step()
    )


def _absent(plan: Plan) -> frozenset[str]:
    """Return the names of the components whose findings no step shows."""
    return frozenset(one.name for one in registry.components() if not one.steps(plan))


def _by_their_step() -> dict[str, list[Component]]:
    sorted_: dict[str, list[Component]] = {}
    for one in registry.components():
        sorted_.setdefault(one.step, []).append(one)
    return sorted_


def _places(plan: Plan, finding: Finding, own: str, components: Mapping[str, Sequence[Component]]) -> set[str]:
    """Return the ids of the steps that show a finding whose own step is `own`; `components` are sorted by theirs."""
    return {own, *(one.shown_on(plan, finding) for one in components.get(own, ()))}


def step_of(finding: Finding) -> str:
    """Return the id of the one step where a finding can be mended, and counts; nothing if there is none.

    A role's server and database are entered on the step Redis, so the queue's findings there count there.
    """
    return _step_of_id(finding.id) or (_step_of_rule(finding) if of_rules(finding) else "")


@cache
def _step_of_id(identifier: str) -> str:
    """Return the step of all findings of an id; nothing where a rule's own findings say it, or there is none."""
    name = component_of(identifier)
    if name not in registry.MODULES:
        return ""
    asked = registry.component(name)
    spec = asked.spec(identifier)
    own = "" if asked.offline else asked.step
    return spec.step if spec and spec.step else own


def _step_of_rule(finding: Finding) -> str:
    """Return the step of a rule's finding: by the setting or the variable it names, else the application's."""
    return step_of_key(str(finding.facts.get("setting", "") or finding.subject)) or "application"


def step_of_key(key: str) -> str:
    """Return the step where a setting or a variable is entered; nothing without one."""
    section = key.partition(".")[0]
    section = _STEP_OF_SECTION.get(section, section)
    if section in IDS:
        return section
    variable = key.removeprefix("extra.").removeprefix("unreadable.")
    other = "application" if key else ""
    return next((one.step for one in registry.components() if variable.startswith(one.variables)), other)


def called(plan: Plan, key: str) -> str:
    """Say which setting it is, as several bear one label: `Database: Password`, `Redis, Cache: Password`."""
    label = status.label(plan, key)
    if key in {"nodes", label}:  # the page itself, or a variable that no setting covers
        return label
    title, parts = tr(step(step_of_key(key)).title), key.split(".")
    if parts[0] == "nodes":
        title += f", {plan.nodes[int(parts[1])].name}"
    elif parts[0] == "redis" and parts[1] in {role.field for role in RedisRole}:
        title = listing((title, tr(plan.setting(f"redis.databases.{parts[1]}").label)))
    return tr("{title}: {label}", title=title, label=label)


def findings(which: Step, plan: Plan, record: FindingsStore) -> list[Finding]:
    """Return the findings a step shows, in the order they came."""
    return [finding for finding, _own in record.once(plan, _by_step).get(which.id, ())]


_Shown: TypeAlias = tuple[Finding, str]
"""A finding that a step shows, with the one step where it counts."""


def _by_step(plan: Plan, record: FindingsStore) -> dict[str, list[_Shown]]:
    """Sort all findings by the steps that show them, in one go."""
    sorted_: dict[str, list[_Shown]] = {}
    components, absent = _by_their_step(), _absent(plan)
    for finding in record.all:
        own = step_of(finding)
        if finding.component not in absent:
            for place in _places(plan, finding, own, components):
                sorted_.setdefault(place, []).append((finding, own))
    return sorted_


@dataclass(frozen=True, slots=True)
class Situation:
    """Where the wizard is: which step is shown, which were left or tested, what was exported.

    `testing` are the components of which a check has not ended yet. `origin` says where the plan came from, `outdated`
    that the plan was edited since the export.
    """

    current: str
    visited: Collection[str]
    testing: Collection[str] = ()
    exported: str = ""
    origin: str = ""
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a step: its own findings, those that a run found, and what it shows that counts elsewhere."""

    mine: Sequence[Finding]
    live: Sequence[Finding]
    elsewhere: Sequence[_Shown] = ()

    @property
    def mended_on(self) -> str:
        """The step where the gravest of what counts elsewhere is mended; nothing where nothing wants a person."""
        wanting = [item for item in self.elsewhere if status.wants_person(item[0])]
        wanting.sort(key=lambda item: WORST_FIRST.index(item[0].severity))
        return wanting[0][1] if wanting else ""


def line(which: Step, plan: Plan, record: FindingsStore, now: Situation) -> Line:
    """Say how a step stands."""
    known = _known(which, plan, record)
    state = _state(which, plan, record, now, known)
    seen = which.id in now.visited or (bool(known.live) and which.id != "review")
    fact = _fact(which, plan, record, now, known if seen else _Known((), ()))
    return Line(State.CURRENT if which.id == now.current and state is not State.RUNNING else state, fact)


def _known(which: Step, plan: Plan, record: FindingsStore) -> _Known:
    if which.id == "review":
        return _Known(record.all, [finding for finding in record.all if not of_rules(finding)])
    shown: Sequence[_Shown] = record.once(plan, _by_step).get(which.id, ())
    if which.id == "export":  # an export or an edit has overtaken what was said of the bundle
        shown = [item for item in shown if not record.stale(item[0])]
    live = [finding for finding, _own in shown if not of_rules(finding)]
    mine = [finding for finding, own in shown if own == which.id]
    return _Known(mine, live, [item for item in shown if item[1] != which.id])


def _state(which: Step, plan: Plan, record: FindingsStore, now: Situation, known: _Known) -> State:
    if which.tests and set(now.testing) & set(components(which, plan)):
        return State.RUNNING
    if which.id == "export":
        return _of_export(now, known)
    if _untouched(which, plan, now, known):
        return State.TODO
    if any(record.stale(finding) for finding in known.live):
        return State.STALE
    state = _by_severity([*known.mine, *(finding for finding, _own in known.elsewhere)])
    return State.TODO if state is State.DONE and not _finished(which, plan, record, known.live) else state


def _of_export(now: Situation, known: _Known) -> State:
    if now.outdated:
        return State.STALE
    state = _by_severity(known.mine)
    return State.TODO if state is State.DONE and not now.exported else state


def _finished(which: Step, plan: Plan, record: FindingsStore, live: Sequence[Finding]) -> bool:
    """Whether a step was really tested: a check that leads its component passed, and none was left out midway."""
    if which.id == "review":
        return record.checked
    if not which.tests or _asks_nobody(which, plan):
        return True
    return all(status.tested(component, live) for component in components(which, plan))


def _untouched(which: Step, plan: Plan, now: Situation, known: _Known) -> bool:
    """Whether nothing is known of a step yet: it was neither tested nor left, or only a test could tell."""
    if which.id == "review":  # what nobody has come to yet would be counted there alone
        return which.id not in now.visited or not (known.live or status.counted(known.mine))
    if known.live:
        return False
    if which.id not in now.visited:
        return True
    return which.tests and not _asks_nobody(which, plan) and not status.counted(known.mine)


def _by_severity(mine: Sequence[Finding]) -> State:
    for severity, state in (
        (Severity.FAIL, State.FAIL),
        (Severity.UNKNOWN, State.UNKNOWN),
        (Severity.WARN, State.WARN),
    ):
        if any(finding.severity is severity and not finding.accepted for finding in mine):
            return state
    return State.DONE


def _fact(which: Step, plan: Plan, record: FindingsStore, now: Situation, known: _Known) -> str:
    counted = status.counted(known.mine)
    if which.id == "export":
        return tr("changed since the export") if now.outdated else counted or now.exported
    if stale := [finding for finding in known.live if record.stale(finding)]:
        return status.stale_words(stale, record, short=True)
    if counted:
        return counted if plan.nodes or which.id != "nodes" else tr("No node yet")
    if other := known.mended_on:
        return tr("see {step}", step=tr(step(other).title))
    if known.live and which.id != "review" and not _finished(which, plan, record, known.live):
        untested = all(finding.severity is Severity.SKIP for finding in known.live)
        return tr("not tested yet") if untested else tr("not finished")
    return now.origin if which.id == "start" else summary.fact(which.id, plan, known.live)
