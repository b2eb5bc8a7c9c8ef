"""Redis: each role's server, account and database, and what the role does there."""

from __future__ import annotations

from functools import partial
from typing import Any

from wizard.checks.redis.cross import judge_distinct
from wizard.checks.redis.facts import RedisFacts
from wizard.checks.redis.judge import judge
from wizard.checks.redis.probe import probe
from wizard.checks.redis.specs import COMPONENT, DISTINCT, specs_of
from wizard.checks.redis.target import RedisTarget
from wizard.engine.check import Check, CrossCheck, Prerequisites
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets
from wizard.plan.sections import RedisRole

_DRIVERS = ("redis", "redis.connection")
"""What the probe imports (`Check.drivers`)."""


def checks(plan: Plan, secrets: Secrets) -> list[Check[Any]]:
    """Return one check a role; where the plan lacks something, the check that says so."""
    return [_check(plan, secrets, role) for role in plan.redis_roles]


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
        drivers=_DRIVERS,
    )


def cross_checks(plan: Plan) -> list[CrossCheck]:
    """Return the check that compares the roles with one another."""
    targets = {role: RedisTarget.of(plan, {}, role) for role in plan.redis_roles}
    return [CrossCheck(component=COMPONENT, specs=(DISTINCT,), judge=partial(judge_distinct, targets))]
