"""Rules that need no network: what the plan alone shows to be wrong, before anything is asked.

Each finding's facts name the setting it speaks of (`setting`), so that a form can show it beside the field. A module's
`RULES` say which settings each of them reads.
"""

from __future__ import annotations

from collections.abc import Iterator

from wizard.checks.plan.meant import joined
from wizard.checks.plan.rule import Rule
from wizard.checks.plan.rules import (
    access,
    addresses_and_uploads,
    believed,
    database,
    deployed,
    disagreements,
    expressions,
    keys,
    kubernetes,
    nodes,
    overridden,
    redis,
    values,
    variables,
)
from wizard.checks.plan.specs import BY_ID
from wizard.checks.shared.unread import rested
from wizard.plan.finding import Finding
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets

_MODULES = (
    values,
    disagreements,
    expressions,
    variables,
    believed,
    overridden,
    keys,
    access,
    addresses_and_uploads,
    database,
    redis,
    nodes,
    deployed,
    kubernetes,
)
RULES: tuple[Rule, ...] = tuple(rule for module in _MODULES for rule in module.RULES)


def rules(plan: Plan, secrets: Secrets) -> list[Finding]:
    """Judge the plan; `secrets` are the values at hand.

    A secret not at hand gives `unknown`, never a pass; so does a setting that could not be read.
    """
    return [finding for part in rules_in_parts(plan, secrets) for finding in part]


def rules_in_parts(plan: Plan, secrets: Secrets) -> Iterator[list[Finding]]:
    """Judge the plan rule by rule, for who must not wait for all: nothing after each rule, at the end all findings."""
    found: list[Finding] = []
    for rule in RULES:
        unread = rule.unread(plan)
        found += [rested(BY_ID[finding.id], finding, plan, unread) for finding in rule.findings(plan, secrets)]
        yield []
    yield joined(plan, found)
