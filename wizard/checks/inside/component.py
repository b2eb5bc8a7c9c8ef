"""The nodes from inside as a component."""

from __future__ import annotations

from typing import Any

from wizard.checks.inside.specs import ANSWERS, SPECS
from wizard.engine.check import Check
from wizard.engine.component import Component, Request
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets


class _Inside(Component):
    def checks(self, plan: Plan, secrets: Secrets, request: Request) -> list[Check[Any]]:
        if request.inside is None:
            return []
        from wizard.checks.inside.checks import checks

        return checks(plan, secrets, request.inside)

    def absent(self, plan: Plan) -> str:  # noqa: ARG002 - it is the request that lacks them
        return tr("give --nodes to look from inside, or --facts with what was gathered there.")


COMPONENT = _Inside(
    name="inside",
    title=mark("Inside the nodes"),
    specs=SPECS,
    step="nodes",
    overtaken_by=("application", "database", "redis", "queue", "storage", "nodes", "balancer", "licence", "reach"),
    leads=(ANSWERS,),
    turn=5,
    spans=True,
    on_request=True,
)
