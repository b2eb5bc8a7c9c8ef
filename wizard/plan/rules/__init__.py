"""Rules that need no network: what the plan alone shows to be wrong, before anything is asked.

Each finding's facts name the setting it speaks of (`setting`), so that a form can show it beside the field.
"""

from __future__ import annotations

from wizard.plan.finding import Finding
from wizard.plan.plan import Plan
from wizard.plan.rules import access, database, keys, nodes, overridden, redis, values, variables
from wizard.plan.secret import Secrets
from wizard.plan.spec import Spec

_ROOMS = (values, variables, overridden, keys, access, database, redis, nodes)
SPECS: tuple[Spec, ...] = tuple(spec for room in _ROOMS for spec in room.SPECS)


def rules(plan: Plan, secrets: Secrets) -> list[Finding]:
    """Judge the plan; `secrets` are the values at hand. A secret not at hand gives `unknown`, never a pass."""
    return [finding for room in _ROOMS for finding in room.judge(plan, secrets)]
