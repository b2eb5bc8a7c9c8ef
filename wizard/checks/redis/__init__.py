"""Redis: each role's server, account and database, and what the role does there."""

from __future__ import annotations

from functools import partial
from typing import Any

from wizard.checks.check import Check, CrossCheck, Prerequisites
from wizard.checks.redis.cross import judge_distinct
from wizard.checks.redis.facts import RedisFacts
from wizard.checks.redis.judge import judge
from wizard.checks.redis.probe import probe
from wizard.checks.redis.specs import COMPONENT, DISTINCT, SPECS, specs_of
from wizard.checks.redis.target import RedisTarget
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets
from wizard.plan.sections import QueueKind, RedisRole

__all__ = ["SPECS", "checks", "cross_checks"]


def roles(plan: Plan) -> tuple[RedisRole, ...]:
    """Give the roles that Redis has in `plan`: the queue may be RabbitMQ's."""
    without = RedisRole.QUEUE if plan.queue.kind is QueueKind.RABBITMQ else None
    return tuple(role for role in RedisRole if role is not without)


def checks(plan: Plan, secrets: Secrets) -> list[Check[Any]]:
    """Give one check a role; where the plan lacks something, the check that says so."""
    return [_check(plan, secrets, role) for role in roles(plan)]


def _check(plan: Plan, secrets: Secrets, role: RedisRole) -> Check[Any]:
    key, specs = plan.redis.endpoint_key(role), specs_of(role)
    needs = Prerequisites(
        plan,
        secrets,
        settings=(f"{key}.host", f"{key}.port", f"redis.databases.{role.field}"),
        readable=("redis.layout", f"{key}.tls", *(("queue.kind",) if role is RedisRole.QUEUE else ())),
        secret_keys=(f"{key}.password",),
    )
    target = RedisTarget.of(plan, secrets, role)
    return needs.missing(COMPONENT, role, specs) or Check(
        component=COMPONENT,
        subject=role,
        specs=specs,
        facts=partial(RedisFacts.of, role),
        probe=partial(probe, target),
        judge=partial(judge, target),
    )


def cross_checks(plan: Plan) -> list[CrossCheck]:
    """Give the check that compares the roles with one another."""
    targets = {role: RedisTarget.of(plan, {}, role) for role in roles(plan)}
    return [CrossCheck(component=COMPONENT, specs=(DISTINCT,), judge=partial(judge_distinct, targets))]
