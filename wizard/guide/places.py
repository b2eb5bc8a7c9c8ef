"""Where a finding or an action leads to: the very field where that can be done, else its step. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wizard.dataclass import dataclass
from wizard.guide import flow
from wizard.plan.action import Action
from wizard.plan.finding import OUT_OF_TIME, UNSAID, ErrorKind, Finding
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.sections import Layout, RedisRole

_FIELDS: dict[ErrorKind, tuple[str, ...]] = {
    ErrorKind.DNS: ("host",),
    ErrorKind.REFUSED: ("port", "host"),
    ErrorKind.TIMEOUT: ("host",),
    ErrorKind.TLS: ("tls",),
    ErrorKind.CREDENTIALS: ("password", "key"),
}
"""The settings of a server, the likeliest first, that are looked at again by what went wrong."""


@dataclass(frozen=True, slots=True)
class Link:
    """A way to a place: the id of a step or the key of a setting, and what the way is called."""

    place: str
    words: str


def link(plan: Plan, finding: Finding, here: str = "") -> Link | None:
    """Return the way from the step `here` to where a finding can be mended; None if it leads nowhere else."""
    place = of_finding(plan, finding)
    if not place or place == here:
        return None
    return Link(place, words(plan, place, near=step_of(place) == here))


def of_finding(plan: Plan, finding: Finding) -> str:
    """Return the key of the setting that a finding is about, else the id of its step; nothing if it has none."""
    step = flow.step_of(finding)
    for key in _keys(plan, finding, step):
        if plan.has_setting(key):
            return key
    return step


def of_action(plan: Plan, action: Action, findings: Iterable[Finding]) -> str:
    """Return where an action is done: the place of the first finding that it clears and that has one."""
    if action.remedy and action.remedy.value and plan.has_setting(action.remedy.value.setting):
        return action.remedy.value.setting
    findings = tuple(findings)
    own_ones = (one for one in findings if (f"{one.id}:{one.subject}" if one.subject else one.id) == action.id)
    if wanted := next((key for one in own_ones for key in _wanted(plan, one)), ""):
        return wanted  # wherever its step is: it is what is to be entered
    cleared = set(action.clears)
    places = [of_finding(plan, one) for one in findings if (one.id, one.subject) in cleared]
    own = [place for place in places if step_of(place) == action.step]
    return next((place for place in own if place != action.step), action.step)


def step_of(place: str) -> str:
    """Return the step on which a place is; nothing for nowhere."""
    return place if place in flow.IDS else flow.step_of_key(place)


def words(plan: Plan, place: str, *, near: bool = False) -> str:
    """Say where a place leads to; `near`: somebody is on its step already, and only the field needs a name."""
    if near and place not in flow.IDS:
        return tr("Go to “{label}”", label=tr(plan.setting(place).label))
    return tr("Go to {step}", step=tr(flow.step(step_of(place)).title))


def _keys(plan: Plan, finding: Finding, step: str) -> Iterator[str]:
    yield from _wanted(plan, finding)
    yield str(finding.facts.get("setting", ""))
    if finding.remedy_value:
        yield finding.remedy_value.setting
    if finding.error is None or finding.facts.get(OUT_OF_TIME):
        return
    for group in _groups(plan, finding, step):
        for name in _FIELDS.get(finding.error, ()):
            yield f"{group}.{name}"


def _wanted(plan: Plan, finding: Finding) -> Iterator[str]:
    """Return the settings for want of which a finding knows nothing: not said, empty, or a secret not at hand."""
    wanted = finding.facts.get(UNSAID, ()), (finding.lacks,), finding.because
    return (key for keys in wanted for key in keys if plan.has_setting(key))


def _groups(plan: Plan, finding: Finding, step: str) -> Iterator[str]:
    """Return the groups of settings that a finding of a run may be about: its node, its role's server, its section."""
    for index, node in enumerate(plan.nodes):
        if node.name and node.name == finding.subject and step == "nodes":
            yield f"nodes.{index}"
    role = next((role for role in RedisRole if role.value == finding.subject), None)
    if role and step == "redis":
        yield f"redis.{role.field}" if plan.redis.layout is Layout.PER_ROLE else "redis.server"
    yield step
