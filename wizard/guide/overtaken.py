"""Which values were changed since a test, by their labels. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable

from wizard.guide import flow
from wizard.guide.findings_store import FindingsStore
from wizard.plan.finding import Finding
from wizard.plan.plan import Plan

_MOST = 3
"""As many values are named."""


def changed_values(plan: Plan, record: FindingsStore, found: Iterable[Finding]) -> str:
    """Return the labels of the values whose edits have overtaken findings; empty where they are many, or not known."""
    overtaken = [item for item in found if record.stale(item) and not record.awaits(item)]
    keys = list(dict.fromkeys(key for item in overtaken for key in record.touched(item)))
    if len(keys) > _MOST or not all(_is_setting(plan, key) for key in keys):
        return ""
    return ", ".join(flow.called(plan, key) for key in keys)


def _is_setting(plan: Plan, key: str) -> bool:
    try:
        plan.setting(key)
    except KeyError:
        return False
    return True
