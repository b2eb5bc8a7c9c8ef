"""Where the values stand that a finding is about, in the files that the plan was read from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from wizard.checks.registry import component, names
from wizard.plan.accepted import GRAVITY
from wizard.plan.finding import OUT_OF_TIME, UNSAID, Finding, Severity
from wizard.plan.plan import Plan


def placed(finding: Finding, plan: Plan) -> Finding:
    """Return the finding with the places of the settings that it is about; one that asks for nothing has none."""
    if finding.severity not in GRAVITY or finding.places or not plan.places:
        return finding
    found = (plan.place_of(key) for key in _keys(finding, plan))
    return replace(finding, places=tuple(dict.fromkeys(place for place in found if place)))


def _keys(finding: Finding, plan: Plan) -> Iterable[str]:
    if finding.lacks:
        return (finding.lacks,)
    if finding.facts.get(UNSAID) or finding.facts.get(OUT_OF_TIME):
        return ()  # what it lacks stands nowhere
    setting = finding.facts.get("setting")
    if isinstance(setting, str) and setting:
        return (setting,)
    if finding.severity is Severity.UNKNOWN and not finding.error:
        return ()  # it was not judged for a reason of its own
    return component(finding.component).stands_at(plan, finding) if finding.component in names() else ()
