"""The cluster as a whole as a component."""

from __future__ import annotations

from typing import Any

from wizard.checks.cluster.specs import DATABASE, SESSION, SPECS, SYNC
from wizard.engine.check import Check, CrossCheck
from wizard.engine.component import Component, Request
from wizard.plan.finding import Finding
from wizard.plan.i18n import mark
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets
from wizard.plan.sections import RedisRole


class _Cluster(Component):
    def checks(self, plan: Plan, secrets: Secrets, request: Request) -> list[Check[Any]]:  # noqa: ARG002
        from wizard.checks.cluster.checks import checks

        return checks(plan, secrets)

    def cross_checks(self, plan: Plan) -> list[CrossCheck]:
        from wizard.checks.cluster.checks import cross_checks

        return cross_checks(plan)

    def concerns(self, plan: Plan, finding: Finding) -> tuple[str, ...]:
        match finding.id:
            case DATABASE.id:
                return ("database.host", "database.name")
            case SYNC.id:
                return (f"{plan.redis.endpoint_key(RedisRole.SYNC)}.host",)
        return ()


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
