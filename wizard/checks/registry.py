"""All components that can be checked, in the order they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wizard.checks import balancer, cluster, database, licence, node, rabbitmq, redis, storage
from wizard.checks.plan import bundle_files, checks
from wizard.engine.check import Check, CrossCheck
from wizard.engine.runner import Selection
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets
from wizard.plan.spec import Spec

COMPONENTS = ("plan", "licence", "database", "redis", "rabbitmq", "storage", "node", "balancer", "cluster")

_ROOMS = (checks, bundle_files, licence, database, redis, rabbitmq, storage, node, balancer, cluster)
ALL_SPECS: tuple[Spec, ...] = tuple(spec for room in _ROOMS for spec in room.SPECS)


def checks_for(plan: Plan, secrets: Secrets, exported: balancer.SiteFile | None = None) -> list[Check[Any]]:
    """Return every check of the plan, those first that wait the most: the others end meanwhile.

    `exported` is the balancer's configuration that lies in the bundle under check, if there is a bundle.
    """
    found = node.checks(plan, secrets)
    found += balancer.checks(plan, secrets, exported)
    for room in (cluster, rabbitmq, database, redis, licence, storage, checks):
        found += room.checks(plan, secrets)
    return found


def cross_checks_for(plan: Plan) -> list[CrossCheck]:
    """Return the checks that look at the facts of several subjects together."""
    return [*redis.cross_checks(plan), *node.cross_checks(), *cluster.cross_checks()]


def selection(only: Iterable[str] = (), skip: Iterable[str] = ()) -> Selection:
    """Return which ids are wanted: by ids, or by how they begin."""
    return Selection(tuple(only), tuple(skip), frozenset(spec.id for spec in ALL_SPECS))
