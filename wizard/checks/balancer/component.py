"""The balancer as a component."""

from __future__ import annotations

from typing import Any

from wizard.checks.balancer.specs import CERTIFICATE, CONNECT, SPECS, SYNTAX
from wizard.engine.check import Check
from wizard.engine.component import Component, Request
from wizard.plan.finding import Finding
from wizard.plan.i18n import mark
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets


class _Balancer(Component):
    def checks(self, plan: Plan, secrets: Secrets, request: Request) -> list[Check[Any]]:
        from wizard.checks.balancer.checks import checks

        return checks(plan, secrets, request.beside)

    def concerns(self, plan: Plan, finding: Finding) -> tuple[str, ...]:  # noqa: ARG002 - alike in every plan
        return ("application.public_url",) if finding.id in {CONNECT.id, CERTIFICATE.id} else ()


COMPONENT = _Balancer(
    name="balancer",
    title=mark("Balancer"),
    specs=SPECS,
    step="balancer",
    overtaken_by=("application", "nodes", "balancer"),
    leads=(SYNTAX, CONNECT),
    turn=20,
)
