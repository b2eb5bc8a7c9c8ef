"""The cluster as a whole as a component."""

from __future__ import annotations

from typing import Any

from wizard.checks.cluster.specs import ASSETS, CLOCKS, DATABASE, DEFAULT_ADMIN, SESSION, SPECS, SYNC
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


_SERVING = ("nodes.*.worker_mode",)
_ACCOUNT = ("application.check_account", "application.check_password")

COMPONENT = _Cluster(
    name="cluster",
    title=mark("Whole cluster"),
    specs=SPECS,
    step="nodes",
    overtaken_by=("application.public_path", "nodes.*.host", "nodes.*.port"),
    overtaken_also={
        ASSETS: (*_SERVING, "application.public_url"),
        CLOCKS: ("database", "queue.kind", "redis"),
        DATABASE: (*_SERVING, *_ACCOUNT, "application.extra_ca_file", "database"),
        DEFAULT_ADMIN: (*_SERVING, "application.try_default_admin"),
        **dict.fromkeys(SESSION, (*_SERVING, *_ACCOUNT, "application.public_url")),
        SYNC: ("application.extra_ca_file", "licence.without_plugins", "queue.kind", "redis"),
    },
    secrets={"application.check_password": (*SESSION, DATABASE)},
    turn=30,
    spans=True,
)
