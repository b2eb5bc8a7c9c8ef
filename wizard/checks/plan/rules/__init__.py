"""Rules that need no network: what the plan alone shows to be wrong, before anything is asked.

Each finding's facts name the setting it speaks of (`setting`), so that a form can show it beside the field. A module's
`judge` gives one group of findings a rule: between two groups it is known which settings a rule has looked at.
"""

from __future__ import annotations

from wizard.checks.plan.rules import (
    access,
    believed,
    database,
    disagreements,
    expressions,
    keys,
    nodes,
    outside,
    overridden,
    redis,
    values,
    variables,
)
from wizard.checks.plan.specs import (
    ENV_TEXT,
    EXPRESSIONS,
    OVERRIDDEN,
    READABLE,
    RULES,
    SOURCES,
    UNFILLED,
    UNREAD_VARIABLES,
)
from wizard.checks.shared.unread import NotingPlan, rested
from wizard.plan.finding import Finding
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets

_ROOMS = (
    values,
    disagreements,
    expressions,
    variables,
    believed,
    overridden,
    keys,
    access,
    outside,
    database,
    redis,
    nodes,
)
_OF_WHAT_IS_READ = {
    spec.id for spec in (READABLE, ENV_TEXT, UNFILLED, OVERRIDDEN, SOURCES, EXPRESSIONS, UNREAD_VARIABLES)
}
"""They go through all settings and speak of what could be read; the first of them names what could not."""
_BY_ID = {spec.id: spec for spec in RULES}


def rules(plan: Plan, secrets: Secrets) -> list[Finding]:
    """Judge the plan; `secrets` are the values at hand.

    A secret not at hand gives `unknown`, never a pass; so does a setting that could not be read.
    """
    found: list[Finding] = []
    noting = NotingPlan(plan)
    for room in _ROOMS:
        for findings in room.judge(noting.plan, secrets):
            every = list(findings)
            unread = noting.take()
            found += [_rested(plan, finding, unread) for finding in every]
        noting.take()
    return found


def _rested(plan: Plan, finding: Finding, unread: list[str]) -> Finding:
    return finding if finding.id in _OF_WHAT_IS_READ else rested(_BY_ID[finding.id], finding, plan, unread)
