"""The rules that need no network, as a check: so that a run, its selection and its report know one kind of thing."""

from __future__ import annotations

from typing import Any

from wizard.checks.plan.rules import rules
from wizard.checks.plan.specs import RULES
from wizard.engine.check import Check, Nothing
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets


def checks(plan: Plan, secrets: Secrets) -> list[Check[Any]]:
    """Return the one check of the plan's rules. They are judged by the runner, which survives a rule that breaks."""
    return [
        Check(
            component="plan",
            specs=RULES,
            facts=Nothing,
            probe=lambda _facts: None,
            judge=lambda _facts: rules(plan, secrets),
        )
    ]
