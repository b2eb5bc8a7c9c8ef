"""The table of faults: every scenario, the test that makes it with the real thing, and what must be found."""

from tests.faults import (
    balancer,
    database,
    deployed,
    inside,
    plan,
    plan_files,
    rabbitmq,
    redis,
    redis_company,
    redis_rights,
    services,
    session,
    storage,
    written,
)

FAULTS = (
    *plan.FAULTS,
    *plan_files.FAULTS,
    *written.FAULTS,
    *deployed.FAULTS,
    *database.FAULTS,
    *redis.FAULTS,
    *redis_rights.FAULTS,
    *redis_company.FAULTS,
    *rabbitmq.FAULTS,
    *storage.FAULTS,
    *services.FAULTS,
    *session.FAULTS,
    *balancer.FAULTS,
    *inside.FAULTS,
)

CANNOT_BE_BROKEN: dict[str, str] = {}
"""Ids that cannot be broken here, and why."""
