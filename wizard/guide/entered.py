"""What was entered of a cluster at a moment, and in which settings two moments differ. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import Any

from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, SecretRef

_NODES = "nodes"
_READ_OF_EACH = "nodes?"
"""What stands for a list that names something of each node."""


class Entered:
    """A plan, and the secrets that were at hand with it, by their references' names."""

    def __init__(self, plan: Plan, secrets: Mapping[str, Secret]) -> None:
        """Keep both; neither is changed by anybody."""
        self.plan, self.secrets = plan, secrets

    @cached_property
    def leaves(self) -> dict[str, Any]:
        """Return what each setting and each kept variable says, by their keys: also what cannot be read."""
        typed = {item.key: item.value for item in self.plan.unreadable}
        found = {key: (self._value(value), typed.get(key)) for key, _setting, value in self.plan.settings()}
        return found | {extra.name: (self._value(extra.value), None) for extra in self.plan.extras}

    def _value(self, value: Any) -> Any:
        return (value, self.secrets.get(value.name)) if isinstance(value, SecretRef) else value


def differences(then: Entered, now: Entered) -> tuple[str, ...]:
    """Return the keys of what differs, as they are now. A node is known by its name; one more or less is `nodes`."""
    if then.plan is now.plan and then.secrets is now.secrets:
        return ()
    was, moved = dict(then.leaves), _places(then.plan, now.plan)
    if len(moved) < max(len(then.plan.nodes), len(now.plan.nodes)):
        was[_NODES] = None
    former = dict(_moved(was, moved))
    new_nodes = set(range(len(now.plan.nodes))) - set(moved.values())
    is_new = tuple(f"{_NODES}.{index}." for index in new_nodes)
    today = {key: value for key, value in now.leaves.items() if not key.startswith(is_new)}
    keys = dict.fromkeys((*today, *former))
    return tuple(key for key in keys if key not in former or key not in today or former[key] != today[key])


def _places(then: Plan, now: Plan) -> dict[int, int]:
    """Return where each node of `then` is now: one of its name, else the one that has its place under another name."""
    there = {node.name: index for index, node in enumerate(now.nodes)}
    names = [node.name for node in then.nodes]
    found = {names.index(name): place for name, place in there.items() if name in names}
    free = set(range(len(now.nodes))) - set(found.values())
    return found | {index: index for index in range(len(then.nodes)) if index not in found and index in free}


def _moved(leaves: Mapping[str, Any], places: Mapping[int, int]) -> Iterator[tuple[str, Any]]:
    for key, value in leaves.items():
        section, _, rest = key.partition(".")
        if section != _NODES or not rest:
            yield key, value
            continue
        index, _, name = rest.partition(".")
        if int(index) in places:
            yield f"{_NODES}.{places[int(index)]}.{name}", value


def among(keys: Iterable[str], wanted: Iterable[str]) -> tuple[str, ...]:
    """Return those of `keys` that a list names: settings, groups (`database`), or of each node (`nodes.*.host`)."""
    named = _named(tuple(wanted))
    return tuple(key for key in keys if not named.isdisjoint(_names_of(key)))


@cache
def _named(wanted: tuple[str, ...]) -> frozenset[str]:
    """Return what a list names; `nodes` alone, one more or less of them, concerns what is read of each node."""
    return frozenset((*wanted, *(_READ_OF_EACH for key in wanted if key.startswith(f"{_NODES}.*."))))


@cache
def _names_of(key: str) -> tuple[str, ...]:
    """Return all names by which a list can name a key: its own, those of its groups, and those of any node."""
    if key == _NODES:
        return _NODES, _READ_OF_EACH
    parts = key.split(".")
    names = [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
    if parts[0] == _NODES and parts[1].isdecimal():
        names += [".".join((_NODES, "*", *parts[2:count])) for count in range(3, len(parts) + 1)]
    return tuple(names)
