"""Which values were changed since a test, by their labels. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable

from wizard.guide import flow
from wizard.guide.findings_store import FindingsStore
from wizard.plan.finding import Finding
from wizard.plan.i18n import listing
from wizard.plan.plan import Plan

_MOST = 3
"""As many values are named."""


def changed_values(plan: Plan, record: FindingsStore, found: Iterable[Finding]) -> str:
    """Return the labels of the values whose edits have overtaken findings; empty where they are many, or not known."""
    keys = record.edited_since(found)
    if len(keys) > _MOST:
        return ""
    return listing(flow.called(plan, key) for key in keys)
