"""The cluster as a whole as a component."""

from __future__ import annotations

from typing import Any

from wizard.checks.cluster.specs import DATABASE, SESSION, SPECS
from wizard.engine.check import Check, CrossCheck
from wizard.engine.component import Component, Request
from wizard.plan.i18n import mark
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets


class _Cluster(Component):
    def checks(self, plan: Plan, secrets: Secrets, request: Request) -> list[Check[Any]]:  # noqa: ARG002
        from wizard.checks.cluster.checks import checks

        return checks(plan, secrets)

    def cross_checks(self, plan: Plan) -> list[CrossCheck]:
        from wizard.checks.cluster.checks import cross_checks

        return cross_checks(plan)


COMPONENT = _Cluster(
    name="cluster",
    title=mark("Whole cluster"),
    specs=SPECS,
    step="nodes",
    overtaken_by=("application", "database", "redis", "queue", "storage", "nodes", "balancer"),
    secrets={"application.check_password": (*SESSION, DATABASE)},
    turn=30,
    spans=True,
)
