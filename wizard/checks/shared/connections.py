"""How many connections a cluster may open to its database, and the statement that allows more."""

from __future__ import annotations

from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.remedy import Remedy, steps
from wizard.plan.sections import Dialect
from wizard.plan.worker_mode import ASYNC_TASK, read

RESERVE = 10
"""Connections kept for administrators and backup tools."""
DEFAULT_ASYNC_TASKS = 3
USUAL_LIMITS = {Dialect.POSTGRES: 100, Dialect.MYSQL: 151, Dialect.MARIADB: 151}
"""`max_connections` as the servers come."""


CONNECTIONS_READ = (
    "application.async_tasks",
    "database.pool_max",
    "nodes",
    "nodes.*.processes",
    "nodes.*.worker_mode",
)
"""The settings that `connections_needed` reads."""


def task_pools(plan: Plan) -> int:
    """Return the async tasks at work at once: on each node that takes them, each with a pool of its own (inferred)."""
    takers = sum(read(node.worker_mode)[0].takes(ASYNC_TASK) for node in plan.nodes) if plan.nodes else 1
    return takers * (plan.application.async_tasks or DEFAULT_ASYNC_TASKS)


def connections_needed(plan: Plan) -> int:
    """Return the most connections the cluster may open: pools of all processes and async tasks, and a reserve."""
    return (max(plan.processes, 1) + task_pools(plan)) * plan.database.pool_max + RESERVE


def raise_limit(dialect: Dialect, most: int) -> Remedy:
    """Return the statement that lets the server take `most` connections, and what makes it take effect or last."""
    if dialect is Dialect.POSTGRES:
        return steps(
            tr("Takes effect after a restart of the server, which ends every connection:"),
            f"ALTER SYSTEM SET max_connections = {most};",
            comment="--",
        )
    words = tr("Lasts until a restart; in my.cnf, too: {line}", line=f"max_connections = {most}")
    return steps(words, f"SET GLOBAL max_connections = {most};", comment="--")
