"""All components that can be checked, in the order they are shown."""

from __future__ import annotations

from typing import Any

from wizard.checks import balancer, bundle_files, cluster, database, licence, node, plan_rules, rabbitmq, redis, storage
from wizard.checks.check import Check, CrossCheck
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets
from wizard.plan.spec import Spec

COMPONENTS = ("plan", "licence", "database", "redis", "rabbitmq", "storage", "node", "balancer", "cluster")

_ROOMS = (plan_rules, bundle_files, licence, database, redis, rabbitmq, storage, node, balancer, cluster)
ALL_SPECS: tuple[Spec, ...] = tuple(spec for room in _ROOMS for spec in room.SPECS)


def checks_for(
    plan: Plan, secrets: Secrets, rendered: str | None = None, exported: balancer.SiteFile | None = None
) -> list[Check[Any]]:
    """Give every check of the plan, those first that wait the most: the others end meanwhile.

    `rendered` is the balancer's configuration for testing, None if none can be written; `exported` is the one that lies
    in the bundle under check, if there is a bundle.
    """
    found = node.checks(plan, secrets)
    found += balancer.checks(plan, secrets, rendered=rendered, exported=exported)
    for room in (cluster, rabbitmq, database, redis, licence, storage, plan_rules):
        found += room.checks(plan, secrets)
    return found


def cross_checks_for(plan: Plan) -> list[CrossCheck]:
    """Give the checks that look at the facts of several subjects together."""
    return [*redis.cross_checks(plan), *node.cross_checks(), *cluster.cross_checks()]
