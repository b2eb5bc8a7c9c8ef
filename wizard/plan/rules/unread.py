"""No rule passes on a default that stands where a value could not be read.

Such a value is kept as text, and a plan has the default in its place. The rules judge a plan that notes which of these
defaults they look at; what rests on one is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any

from wizard.plan.finding import Finding, Severity
from wizard.plan.plan import Plan
from wizard.plan.setting import declared
from wizard.plan.spec import Spec
from wizard.plan.words import tr

_SOUND = {Severity.PASS, Severity.INFO}


class NotingPlan:
    """A plan and what was looked at in it: `seen` has the keys of settings that could not be read, since the last take.

    Without such settings, `plan` is the very plan given.
    """

    def __init__(self, plan: Plan) -> None:
        """Begin with nothing seen."""
        self._seen: set[str] = set()
        keys = frozenset(item.key for item in plan.unreadable)
        self.plan: Plan = _noting(plan, "", keys, self._seen) if keys else plan

    def take(self) -> list[str]:
        """Give the keys seen since the last call, and forget them."""
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
    """Give a copy of a group of settings, and of those in it, that notes the reading of `keys`."""
    kind, noted, values = type(group), dict[str, _Noted](), dict[str, Any]()
    for item in fields(group):
        value, key = getattr(group, item.name), prefix + item.name
        if declared(item):
            noted |= {item.name: _Noted(vars(kind)[item.name], key, seen)} if key in keys else {}
        elif is_dataclass(value):
            value = _noting(value, f"{key}.", keys, seen)
        elif item.name == "nodes":
            value = tuple(_noting(node, f"{key}.{index}.", keys, seen) for index, node in enumerate(value))
        values[item.name] = value
    return (type(kind.__name__, (kind,), {"__slots__": (), **noted}) if noted else kind)(**values)


def rested(spec: Spec, finding: Finding, plan: Plan, unread: Iterable[str]) -> Finding:
    """Give the finding, or that nothing is known, where it rests on `unread`: keys of what could not be read.

    A fault that was found without the setting it names stays one.
    """
    keys = list(unread)
    setting = finding.facts.get("setting")
    if not keys or (finding.severity not in _SOUND and setting not in keys):
        return finding
    return not_judged(spec, plan, keys, subject=finding.subject, facts={"setting": setting} if setting else {})


def not_judged(spec: Spec, plan: Plan, keys: Iterable[str], **more: Any) -> Finding:
    """Give the finding that nothing is known, as `keys` could not be read."""
    every = list(keys)
    return spec.unknown(
        tr("Not judged: {names} could not be read.", names=", ".join(label(plan, key) for key in every)),
        detail="\n".join(plan.problem(key) for key in every),
        **more,
    )


def label(plan: Plan, key: str) -> str:
    """Give what texts call a setting; a key that is none, such as a variable's name, is itself."""
    try:
        return tr("“{label}” ({key})", label=tr(plan.setting(key).label), key=key)
    except KeyError:
        return key
