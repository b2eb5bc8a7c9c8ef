"""A plan that notes what is read in it: what a rule declares is compared with what it really reads."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from wizard.plan.plan import Plan
from wizard.plan.setting import declared


class NotingPlan:
    """A plan, and the keys of the settings that were looked at in it since the last take."""

    def __init__(self, plan: Plan) -> None:
        self._seen: set[str] = set()
        keys = frozenset(key for key, _setting, _value in plan.settings()) | {"nodes"}
        self.plan: Plan = _noting(plan, "", keys, self._seen)

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
