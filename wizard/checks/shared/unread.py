"""No rule passes, or fails, on a default that stands where a value could not be read or was never said.

What could not be read is kept as text, and what a source cannot say is known by its key (`unsaid`); a plan has the
default in the place of both. The rules judge a plan that notes which of these defaults they look at; what rests on one
is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any

from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan
from wizard.plan.remedy import Remedy, steps
from wizard.plan.setting import declared
from wizard.plan.spec import Spec

_SOUND = {Severity.PASS, Severity.INFO}
_GROUPS = {"nodes": mark("which nodes there are (nodes)")}


class NotingPlan:
    """A plan, and what was looked at in it since the last take: the keys of settings that are unreadable or unsaid.

    Without such settings, `plan` is the very plan given.
    """

    def __init__(self, plan: Plan) -> None:
        """Begin with nothing seen."""
        self._seen: set[str] = set()
        keys = plan.unsaid.union(item.key for item in plan.unreadable)
        self.plan: Plan = _noting(plan, "", keys, self._seen) if keys else plan

    def take(self) -> list[str]:
        """Return the keys seen since the last call, and forget them."""
        seen = sorted(self._seen)
        self._seen.clear()
        return seen


class _Noted:
    """A field of a group of settings that notes when it is read."""

    def __init__(self, slot: Any, key: str, seen: set[str]) -> None:
        self._slot, self._key, self._seen = slot, key, seen

    def __get__(self, group: Any, owner: type) -> Any:
        self._seen.add(self._key)
        return self._slot.__get__(group, owner)

    def __set__(self, group: Any, value: Any) -> None:
        self._slot.__set__(group, value)


def _noting(group: Any, prefix: str, keys: frozenset[str], seen: set[str]) -> Any:
    """Return a copy of a group of settings, and of those in it, that notes the reading of `keys`."""
    kind, noted, values = type(group), dict[str, _Noted](), dict[str, Any]()
    for item in fields(group):
        value, key = getattr(group, item.name), prefix + item.name
        if key in keys:
            noted[item.name] = _Noted(vars(kind)[item.name], key, seen)
        if declared(item):
            pass
        elif is_dataclass(value):
            value = _noting(value, f"{key}.", keys, seen)
        elif item.name == "nodes":
            value = tuple(_noting(node, f"{key}.{index}.", keys, seen) for index, node in enumerate(value))
        values[item.name] = value
    return (type(kind.__name__, (kind,), {"__slots__": (), **noted}) if noted else kind)(**values)


def rested(spec: Spec, finding: Finding, plan: Plan, unread: Iterable[str]) -> Finding:
    """Return the finding, or that nothing is known, where it rests on `unread`: keys of what a NotingPlan noted.

    A fault that was found without the setting it names stays one.
    """
    keys = list(unread)
    setting = finding.facts.get("setting")
    if not keys or (finding.severity not in _SOUND and setting not in keys):
        return finding
    if finding.severity not in _SOUND:
        keys = [key for key in keys if key == setting]
    return not_judged(spec, plan, keys, subject=finding.subject, facts={"setting": setting} if setting else {})


def not_judged(spec: Spec, plan: Plan, keys: Iterable[str], **more: Any) -> Finding:
    """Return the finding that nothing is known, as `keys` could not be read or are unsaid."""
    every = list(keys)
    if every and all(map(plan.is_expression, every)):  # said once, by a rule of its own
        names = _labels(plan, every)
        return spec.skip(tr("Not judged: {names} is written for Compose, not for NocoBase.", names=names), **more)
    every = [key for key in every if not plan.is_expression(key)]
    unread = [key for key in every if key not in plan.unsaid]
    unsaid = [key for key in every if key in plan.unsaid]
    summary, details = [], [plan.problem(key) for key in unread]
    if unread:
        summary.append(tr("Not judged: {names} could not be read.", names=_labels(plan, unread)))
    if unsaid:
        summary.append(tr("Not judged: an env file does not say {names}.", names=_labels(plan, unsaid)))
        details.append(tr("A cluster file says it."))
        more = {"remedy": _how_to_say(), **more}
    return spec.unknown(" ".join(summary), detail="\n".join(details), **more)


def _how_to_say() -> Remedy:
    words = tr("Make a bundle of the env file, fill in its cluster.yaml, and check the bundle:")
    return steps(words, "nocobase-cluster-wizard export FILE DIR --target env", "nocobase-cluster-wizard check DIR")


def _labels(plan: Plan, keys: list[str]) -> str:
    return ", ".join(tr(_GROUPS[key]) if key in _GROUPS else label(plan, key) for key in keys)


def label(plan: Plan, key: str) -> str:
    """Return what texts call a setting; a key that is none, such as a variable's name, is itself."""
    try:
        return tr("“{label}” ({key})", label=tr(plan.setting(key).label), key=key)
    except KeyError:
        return key
