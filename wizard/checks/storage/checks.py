"""The shared folder, looked at on the machine that this program runs on."""

from __future__ import annotations

from functools import partial
from typing import Any

from wizard.checks.storage.judge import judge
from wizard.checks.storage.probe import StorageFacts, probe
from wizard.checks.storage.specs import SPECS
from wizard.checks.storage.target import target_of
from wizard.engine.check import Check, Prerequisites
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets


def checks(plan: Plan, secrets: Secrets) -> list[Check[Any]]:
    """Return the check of the shared folder; it has no subject."""
    if stopped := Prerequisites(plan, secrets, settings=("storage.path",)).missing("storage", "", SPECS):
        return [stopped]
    target = target_of(plan, secrets)
    return [
        Check(
            component="storage",
            specs=SPECS,
            facts=StorageFacts,
            probe=partial(probe, target),
            judge=partial(judge, target),
        )
    ]
