"""Redis as a component."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wizard.checks.redis.specs import CONNECT, DISTINCT, NEIGHBOURS, SPECS, VERSION, WORKER_IDS
from wizard.engine.check import Check, CrossCheck
from wizard.engine.component import Column, Component, Request, known
from wizard.plan.display import entered
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets
from wizard.plan.sections import Layout, QueueKind, RedisRole


class _Redis(Component):
    def checks(self, plan: Plan, secrets: Secrets, request: Request) -> list[Check[Any]]:  # noqa: ARG002
        from wizard.checks.redis.checks import checks

        return checks(plan, secrets)

    def cross_checks(self, plan: Plan) -> list[CrossCheck]:
        from wizard.checks.redis.checks import cross_checks

        return cross_checks(plan)

    def concerns(self, plan: Plan, finding: Finding) -> tuple[str, ...]:
        roles = [role for role in RedisRole if role.value == finding.subject]
        parts: tuple[str, ...] = ("host",)
        match finding.error:
            case ErrorKind.CREDENTIALS | ErrorKind.PERMISSION:
                parts = ("username", "password")
            case ErrorKind.TLS:
                parts = ("tls", "host")
        return tuple(f"{plan.redis.endpoint_key(role)}.{part}" for role in roles for part in parts)

    def stands_at(self, plan: Plan, finding: Finding) -> tuple[str, ...]:
        """Return the addresses of the roles where a source has one of each, also of one server for all."""
        about = {finding.subject, *(finding.facts.get("others", ()) if finding.id == DISTINCT.id else ())}
        own = [f"redis.{role.field}" for role in RedisRole if role.value in about]
        return tuple(key for key in own if key in plan.places) or self.concerns(plan, finding)

    def rests_on(self, plan: Plan, finding: Finding) -> tuple[str, ...]:
        compared = finding.id == DISTINCT.id
        roles = [role for role in plan.redis_roles if role.value == finding.subject and not compared]
        own = (key for role in roles for key in (plan.redis.endpoint_key(role), f"redis.databases.{role.field}"))
        return (*super().rests_on(plan, finding), *(own if roles else ("redis",)))

    def steps(self, plan: Plan) -> tuple[str, ...]:
        """Return its own step, and that of the queue where Redis carries it."""
        return (self.step, *(("queue",) if plan.queue.kind is QueueKind.REDIS else ()))

    def shown_on(self, plan: Plan, finding: Finding) -> str:
        """Return the queue's step for what is about the role that carries the queue, found by a run or by a rule."""
        role = RedisRole.QUEUE.value
        of_queue = finding.subject == role or role in finding.facts.get("roles", ())
        return "queue" if of_queue and plan.queue.kind is QueueKind.REDIS else ""

    def fact(self, plan: Plan, found: Sequence[Finding]) -> str:
        if version := self.version(found):
            return f"{known(found, VERSION.id, 'product') or 'Redis'} {version}"
        return entered(plan, "redis.server.host") if plan.redis.layout is Layout.ONE else tr("A server for each role")

    def box(self, plan: Plan) -> tuple[str, str]:
        return "Redis", " · ".join(role.value for role in plan.redis_roles)


COMPONENT = _Redis(
    name="redis",
    title=mark("Redis"),
    specs=SPECS,
    step="redis",
    overtaken_by=("application.extra_ca_file", "queue.kind", "redis.layout"),
    overtaken_also={NEIGHBOURS: ("nodes.*.processes",), WORKER_IDS: ("nodes.*.processes",)},
    leads=(CONNECT,),
    never_left_out=(CONNECT,),
    secrets={"redis": SPECS},
    variables=("CACHE_", "PUBSUB_", "LOCK_", "QUEUE_", "REDIS_", "WORKER_ID_"),
    turn=60,
    column=Column.SERVICES,
)
