"""The shared folder, looked at on the machine that this program runs on."""

from __future__ import annotations

from functools import partial
from typing import Any

from wizard.checks.storage.judge import judge
from wizard.checks.storage.judge_source import in_the_source
from wizard.checks.storage.probe import StorageFacts, probe
from wizard.checks.storage.specs import DATABASE_FILES, SPECS
from wizard.checks.storage.target import target_of
from wizard.engine.check import Check, Nothing, Prerequisites
from wizard.plan.observed import Topic
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets


def checks(plan: Plan, secrets: Secrets) -> list[Check[Any]]:
    """Return the check of the shared folder; it has no subject."""
    seen = _as_the_source_says(plan)
    if stopped := Prerequisites(plan, secrets, settings=("storage.path",)).missing("storage", "", SPECS):
        return [stopped, *seen]
    target = target_of(plan, secrets)
    return [
        *seen,
        Check(
            component="storage",
            specs=SPECS,
            facts=StorageFacts,
            probe=partial(probe, target),
            judge=partial(judge, target),
        ),
    ]


def _as_the_source_says(plan: Plan) -> list[Check[Any]]:
    """Return what needs no look at the folder: the source names a database whose files are mounted from it."""
    found = plan.seen(Topic.DATABASE_FILES)
    return [
        Check(
            component="storage",
            specs=(DATABASE_FILES,),
            facts=Nothing,
            probe=lambda _facts: None,
            judge=partial(in_the_source, item),
            subject=item.subject,
        )
        for item in found
    ]
