"""What is folded away on a page: how much of it differs from its default, and what must be in sight. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from wizard.guide import places
from wizard.guide.findings_store import FindingsStore, of_rules
from wizard.plan.finding import Severity
from wizard.plan.plan import Plan
from wizard.plan.sections import Node

_WANTING = frozenset({Severity.FAIL, Severity.UNKNOWN})


def differing(plan: Plan, keys: Iterable[str]) -> int:
    """Return how many of these settings stand otherwise than a new cluster has them."""
    return sum(plan.get(key) != _usual(key) or bool(plan.problem(key)) for key in keys)


def found_at(plan: Plan, record: FindingsStore) -> frozenset[str]:
    """Return the keys of the settings where something can be mended that a run found; made once for all pages."""
    return record.once(plan, _found_at)


def _found_at(plan: Plan, record: FindingsStore) -> frozenset[str]:
    wanting = (item for item in record.all if item.severity in _WANTING and not item.accepted and not of_rules(item))
    return frozenset(places.of_finding(plan, item) for item in wanting)


def _usual(key: str) -> Any:
    section, _dot, rest = key.partition(".")
    if section == "nodes":
        return getattr(Node(), rest.partition(".")[2])
    return _new().get(key)


@cache
def _new() -> Plan:
    return Plan()
