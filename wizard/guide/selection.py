"""Verb check, its selection: what contradicts itself, and what was asked for and nothing was checked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from wizard.checks.registry import wanted
from wizard.engine.selection import Selection
from wizard.plan.finding import Finding
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan


def contradiction(selection: Selection) -> str:
    """Return the sentence for a selection, or a part of it, that leaves no check in any plan; empty if none does."""
    for prefix in selection.only:
        if selection.withheld and not wanted(_part(selection, prefix)):
            return tr("Before the first start nothing of “{prefix}” can be asked.", prefix=prefix)
        if not wanted(_part(selection, prefix)):
            return tr("What is skipped leaves nothing of “{prefix}”.", prefix=prefix)
    if not wanted(selection):
        return tr("What is skipped leaves no check.")
    return ""


def unanswered(plan: Plan, selection: Selection, findings: Iterable[Finding]) -> list[str]:
    """Return a sentence for each part of the selection that nothing was found for, with the reason."""
    found = {finding.id for finding in findings}
    return [
        tr(
            "Nothing was checked for “{prefix}”: {reason}",
            prefix=prefix,
            reason=_reason(plan, _part(selection, prefix)),
        )
        for prefix in selection.only
        if not any(_part(selection, prefix).wants(identifier) for identifier in found)
    ]


def _part(selection: Selection, prefix: str) -> Selection:
    return replace(selection, only=(prefix,))


def _reason(plan: Plan, part: Selection) -> str:
    asked = wanted(part)
    reason = asked[0].absent(plan) if len(asked) == 1 else ""
    return reason or tr("the plan has nothing that it looks at.")
