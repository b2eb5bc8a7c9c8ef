"""What the rules say of a host that each machine or container takes for itself."""

from __future__ import annotations

from typing import Any

from wizard.checks.shared.unread import not_judged
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.localhost import is_localhost
from wizard.plan.plan import Plan
from wizard.plan.spec import Spec

_DEPLOYMENT = "application.deployment"
_PLACES = (_DEPLOYMENT, "nodes", "nodes.*.host")
"""The settings that tell where nodes run."""


def places_read(*hosts: str) -> tuple[str, ...]:
    """Return the settings on which a finding about these hosts rests: where nodes run matters for “localhost” alone."""
    return _PLACES if any(map(is_localhost, hosts)) else ()


def astray(plan: Plan, spec: Spec, summary: str, **more: Any) -> Finding:
    """Return the finding of `spec` on a host that goes astray; unknown where it does so by a default alone."""
    settled = plan.several_machines or not (plan.problem(_DEPLOYMENT) or _DEPLOYMENT in plan.unsaid)
    if not settled:
        return not_judged(spec, plan, [_DEPLOYMENT], **more)
    return spec.fail(summary, ErrorKind.MISSING, **more)
