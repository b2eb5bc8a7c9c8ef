"""Remedies that are values of the plan, taken over: of one setting, or of the same one of all nodes. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wizard.pattern import pattern
from wizard.plan.action import Action
from wizard.plan.finding import Finding
from wizard.plan.plan import Plan
from wizard.plan.remedy import PlanValue

_OF_A_NODE = pattern(r"nodes\.\d+\.(.+)")


def offered(plan: Plan, action: Action, findings: Iterable[Finding]) -> tuple[PlanValue, ...]:
    """Return the values that an action's *Use this* puts into `plan`, one a setting; none if there is nothing to take.

    Where the value is one of a node's, what the same check offers the other nodes for that setting is taken, too.
    """
    own = action.remedy.value if action.remedy else None
    if own is None:
        return ()
    told, cleared = list(findings), set(action.clears)
    ids = {finding.id for finding in told if finding.remedy_value == own}
    name = _name_in_nodes(own.setting)
    values = {own.setting: own}
    for finding in told:
        value = finding.remedy_value
        if value is None:
            continue
        alike = name and name == _name_in_nodes(value.setting) and finding.id in ids
        if alike or (finding.id, finding.subject) in cleared:
            values.setdefault(value.setting, value)
    return tuple(value for value in values.values() if changes(plan, value))


def changes(plan: Plan, value: PlanValue) -> bool:
    """Whether a plan with the value would be another one: the setting is there, and stands otherwise."""
    try:
        return _with(plan, value) != plan
    except KeyError:
        return False


def taken(plan: Plan, values: Sequence[PlanValue]) -> Plan:
    """Return a plan with all the values."""
    for value in values:
        plan = _with(plan, value)
    return plan


def _with(plan: Plan, value: PlanValue) -> Plan:
    text = plan.setting(value.setting).kind.render(value.value) if isinstance(value.value, bool) else str(value.value)
    return plan.with_text(value.setting, text)


def _name_in_nodes(key: str) -> str:
    """Return the name of a node's setting, nothing for one of another section."""
    match = _OF_A_NODE.fullmatch(key)
    return match[1] if match else ""
