"""What the tables of an installation tell of its work: roles, workflows that wait, schedules that ran twice.

NocoBase's IDs hold the time and the worker (packages/core/snowflake-id/src/snowflake-id.ts), so no column of a time is
read, whose zone would have to be known. A waiting execution has no status and was not dispatched
(plugin-workflow, server/constants.ts and Dispatcher.ts); a schedule of the mode 0 runs once a moment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from wizard.checks.database.target import Target, sql_name
from wizard.dataclass import dataclass
from wizard.plan.sql import quoted_text

EPOCH = 1_605_024_000
"""Seconds: the moment from which NocoBase's IDs count, 2020-11-11."""
_TICKS, _WORKER = 2**21, 2**16
"""An ID divided by the first is the second it was made in, by the second it ends in the worker's number."""
_DAY = 86_400
_MOST = 20
"""Schedules that are told at most."""

Rows = Callable[[str], Sequence[Sequence[Any]]]
"""Runs a statement and returns its rows."""


@dataclass(frozen=True, slots=True)
class Twice:
    """A schedule that ran more than once in one second: its title, how often in the last day, and by which workers."""

    title: str
    seconds: int
    workers: int


@dataclass(frozen=True, slots=True)
class Work:
    """Executions that wait, the age of the oldest in seconds, and the schedules that ran twice."""

    waiting: int
    oldest: int
    twice: tuple[Twice, ...]


def roles(target: Target, rows: Rows) -> int | None:
    """Return how many roles the installation has; None where it has no such table."""
    if not have(target, rows, "roles"):
        return None
    return int(rows(f"SELECT count(*) FROM {table_of(target, 'roles')}")[0][0])  # noqa: S608 - a quoted name


def work(target: Target, rows: Rows) -> Work | None:
    """Return what the workflows do; None where the installation has none."""
    if not have(target, rows, "executions", "workflows"):
        return None
    waiting, oldest = rows(_waiting(target))[0]
    found = [Twice(str(title or ""), int(seconds), int(workers)) for title, seconds, workers in rows(_twice(target))]
    return Work(int(waiting), max(0, int(oldest or 0)), tuple(found))


def have(target: Target, rows: Rows, *names: str) -> bool:
    """Whether the plan's schema has these tables; `names` are NocoBase's own, without the plan's prefix."""
    listed = ", ".join(quoted_text(target.prefix + name, backslash=not target.postgres) for name in names)
    where = quoted_text(target.schema) if target.postgres else "DATABASE()"
    query = (
        "SELECT count(*) FROM information_schema.tables"  # noqa: S608 - quoted texts
        f" WHERE table_schema = {where} AND table_name IN ({listed})"
    )
    return int(rows(query)[0][0]) == len(names)


def _waiting(target: Target) -> str:
    return (
        f"SELECT count(*), {_now(target)} - {EPOCH} - {_second(target, 'min(id)')}"  # noqa: S608 - quoted names
        f" FROM {table_of(target, 'executions')} WHERE dispatched = false AND status IS NULL"
    )


def _twice(target: Target) -> str:
    """Return the statement for the schedules of the last day that ran more than once in one second."""
    key = sql_name(target, "key")
    workflow = sql_name(target, "workflow_id" if target.underscored else "workflowId")
    mode = "(w.config::json->>'mode')" if target.postgres else "JSON_UNQUOTE(JSON_EXTRACT(w.config, '$.mode'))"
    since = f"({_now(target)} - {EPOCH + _DAY}) * {_TICKS}"
    inner = (
        f"SELECT w.{key} AS {key}, max(w.title) AS title, {_second(target, 'e.id')} AS moment,"  # noqa: S608
        f" count(DISTINCT mod({_divided(target, 'e.id', _WORKER)}, 32)) AS workers"
        f" FROM {table_of(target, 'executions')} e JOIN {table_of(target, 'workflows')} w ON w.id = e.{workflow}"
        f" WHERE w.type = 'schedule' AND {mode} = '0' AND e.id > {since}"
        f" GROUP BY w.{key}, {_second(target, 'e.id')} HAVING count(*) > 1"
    )
    return (
        f"SELECT max(title), count(*), max(workers) FROM ({inner}) t"  # noqa: S608 - quoted names
        f" GROUP BY {key} ORDER BY 2 DESC LIMIT {_MOST}"
    )


def _now(target: Target) -> str:
    return "extract(epoch FROM now())::bigint" if target.postgres else "CAST(UNIX_TIMESTAMP() AS SIGNED)"


def _second(target: Target, what: str) -> str:
    return _divided(target, what, _TICKS)


def _divided(target: Target, what: str, by: int) -> str:
    return f"({what} / {by})" if target.postgres else f"({what} DIV {by})"


def table_of(target: Target, name: str) -> str:
    """Return a table of the plan's installation as it stands in a statement."""
    table = sql_name(target, target.prefix + name)
    return f"{sql_name(target, target.schema)}.{table}" if target.postgres else table
