"""What a node may be given otherwise than others: how much it does at a time, and what it tells of itself."""

from __future__ import annotations

from wizard.pattern import pattern

_VARIABLES = pattern(
    r"DB_(?:POOL_\w+|LOGGING|SQL_BENCHMARK)|NODE_(?:OPTIONS|ARGS)|(?:LOGGER|TELEMETRY)_\w+|CACHE_MEMORY_MAX"
    r"|ASYNC_TASK_(?:MAX_CONCURRENCY|WORKER_\w+)|WORKFLOW_SCRIPT_WORKER_CONCURRENCY|AI_LOCALIZATION_CONCURRENCY"
)
POOL = "database.pool_max"
"""Of the pools of several nodes the largest is planned with: no server runs out of connections by it."""


def may_differ(variable: str) -> bool:
    """Whether a worker, say, may have another value of a variable than the nodes that serve pages."""
    return _VARIABLES.fullmatch(variable) is not None
