"""Look at a PostgreSQL server on an open connection."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, LiteralString, TypeVar

from wizard.checks.database import executions
from wizard.checks.database import facts as found
from wizard.checks.database.errors import STATEMENTS, explain_postgres
from wizard.checks.database.facts import Facts, GoneError, RefusedStepError
from wizard.checks.database.target import Target
from wizard.engine.check import value_of
from wizard.engine.facts import Fact, Known, Trouble, attempt
from wizard.net.clock import Clock
from wizard.plan.i18n import mark

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

T = TypeVar("T")
_OF_STATEMENTS = found.Pooler(present=True, mixed=True, statements=True)


def _ask(action: Callable[[], T]) -> Known[T] | Trouble:
    return attempt(action, explain_postgres)


def _ask_on(connection: Connection, action: Callable[[], T]) -> Known[T] | Trouble:
    """Ask on a connection that an earlier question may have ended; raises `GoneError` if it has."""
    if connection.closed:
        raise GoneError
    return _ask(action)


def look_at_gate(connection: Connection, facts: Facts) -> None:
    """Fill what tells the server that was reached: `version` and `encryption`."""
    facts.version = _ask(lambda: found.ServerVersion(str(_one(connection, "SELECT version()"))))
    facts.encryption = _ask(lambda: _encryption(connection))


def look(target: Target, connection: Connection, facts: Facts, connect: Callable[[], Connection]) -> None:
    """Fill `facts` from `role` on; `connect` gives a second connection, needed only behind a pooler.

    A pooler that allows no transaction ends the connection at the first one, and the look with it.
    """
    facts.role = _ask_on(connection, lambda: _role(connection))
    writable = isinstance(facts.role, Known) and not facts.role.value.hindrances
    facts.rights = _ask_on(connection, lambda: _try_rights(target, connection)) if writable else Known(None)
    if _allows_no_transaction(facts.rights):
        facts.pooler = Known(_OF_STATEMENTS)
        return
    facts.ownership = _ask_on(connection, lambda: _ownership(target, connection))
    facts.encoding = _ask_on(connection, lambda: str(_one(connection, "SHOW server_encoding")))
    facts.table_names = Known(None)
    facts.limits = _ask_on(connection, lambda: _limits(connection))
    facts.clock = _ask_on(connection, lambda: _clock(connection))
    facts.pooler = _ask_on(connection, lambda: _pooler(connection, connect))
    if _allows_no_transaction(facts.pooler):
        facts.pooler = Known(_OF_STATEMENTS)
    facts.tables = _ask_on(connection, lambda: _tables(target, connection))
    installed = found.expected_table(target, value_of(facts.tables))
    facts.application = _ask_on(connection, lambda: _application(target, connection)) if installed else Known(None)
    facts.plugins = _ask_on(connection, lambda: _plugins(target, connection)) if installed else Known(None)
    facts.storage = _ask_on(connection, lambda: _storage(target, connection)) if installed else Known(None)
    rows = partial(every, connection)
    facts.roles = _ask_on(connection, lambda: executions.roles(target, rows)) if installed else Known(None)
    facts.work = _ask_on(connection, lambda: executions.work(target, rows)) if installed else Known(None)
    facts.latency = _ask_on(connection, lambda: _latency(connection))


def _allows_no_transaction(fact: Fact[Any]) -> bool:
    return isinstance(fact, Trouble) and fact.about == STATEMENTS


def _one(connection: Connection, query: LiteralString, values: tuple[Any, ...] = ()) -> Any:
    row = connection.execute(query, values).fetchone()
    return row[0] if row else None


@contextmanager
def _patient(connection: Connection) -> Iterator[None]:
    """Return a transaction that waits for a lock no longer than a moment, and is rolled back.

    For the transaction alone: a setting of the session would pass on to others behind a pooler.
    """
    from psycopg import sql

    with connection.transaction(force_rollback=True):
        connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(f"{found.LOCK_SECONDS}s"))
        yield


def _encryption(connection: Connection) -> found.Encryption:
    if not connection.pgconn.ssl_in_use:
        return found.Encryption("")
    query = "SELECT version, cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl"
    row = connection.execute(query).fetchone()
    return found.Encryption(row[0], row[1]) if row else found.Encryption("TLS")


def _role(connection: Connection) -> found.Role:
    standby = _one(connection, "SELECT pg_is_in_recovery()")
    read_only = _one(connection, "SHOW transaction_read_only") == "on"
    named = (("pg_is_in_recovery()", standby), ("default_transaction_read_only", read_only and not standby))
    return found.Role(tuple(name for name, holds in named if holds))


def _try_rights(target: Target, connection: Connection) -> tuple[str, ...]:
    """Do what NocoBase does at each start, in a transaction that is rolled back: nothing is left even if we are killed.

    NocoBase runs CREATE SCHEMA IF NOT EXISTS for every schema but public, which needs the right on the database even
    where the schema exists.
    """
    import secrets

    from psycopg import sql

    table = found.TABLE_HEAD + secrets.token_hex(4)
    names = {
        "schema": sql.Identifier(target.schema),
        "table": sql.Identifier(target.schema, table),
        "index": sql.Identifier(f"{table}_index"),
    }
    steps: list[tuple[str, LiteralString]] = [
        (mark("create a table"), "CREATE TABLE {table} (id BIGSERIAL PRIMARY KEY, name VARCHAR(255))"),
        (mark("alter a table"), "ALTER TABLE {table} ADD COLUMN more JSON"),
        (mark("index a table"), "CREATE UNIQUE INDEX {index} ON {table} (name)"),
        (mark("write into a table"), "INSERT INTO {table} (name) VALUES ('x')"),
        (mark("drop a table"), "DROP TABLE {table}"),
    ]
    if target.schema != "public":
        steps.insert(0, (mark("create the schema"), "CREATE SCHEMA IF NOT EXISTS {schema}"))
    with _patient(connection):
        for step, statement in steps:
            try:
                connection.execute(sql.SQL(statement).format(**names))
            except Exception as error:  # whatever the driver raised: the step is named here, the error explained above
                raise RefusedStepError(step) from error
    return tuple(step for step, _statement in steps)


def _ownership(target: Target, connection: Connection) -> found.Ownership:
    """Look whether NocoBase's core tables, if there are any, are our role's: only an owner may alter a table."""
    query = (
        "SELECT tablename, tableowner FROM pg_catalog.pg_tables WHERE schemaname = %s AND tablename = ANY(%s)"
        " AND NOT pg_has_role(current_user, tableowner, 'USAGE') ORDER BY tablename"
    )
    rows = connection.execute(query, (target.schema, list(target.core_tables))).fetchall()
    return found.Ownership(tuple(str(table) for table, _owner in rows), str(rows[0][1]) if rows else "")


def _limits(connection: Connection) -> found.Limits:
    names = ["max_connections", "superuser_reserved_connections", "reserved_connections"]
    rows = connection.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", (names,)).fetchall()
    settings = {name: int(value) for name, value in rows}
    account = _one(connection, "SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user")
    database = _one(connection, "SELECT datconnlimit FROM pg_database WHERE datname = current_database()")
    in_use = _one(
        connection,
        "SELECT sum(numbackends) - (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND usename = current_user) FROM pg_stat_database",
    )
    return found.Limits(
        most=settings["max_connections"],
        reserved=settings["superuser_reserved_connections"] + settings.get("reserved_connections", 0),
        account=account if account is not None and account >= 0 else None,
        database=database if database is not None and database >= 0 else None,
        in_use=int(in_use) if in_use is not None else None,
    )


def _clock(connection: Connection) -> Clock:
    before, began = time.time(), time.monotonic()
    row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8, current_setting('TimeZone')")
    theirs, zone = row.fetchone() or (before, "")
    half = (time.monotonic() - began) / 2
    return Clock(theirs - (before + half), half, zone)


def _pooler(connection: Connection, connect: Callable[[], Connection]) -> found.Pooler:
    """A pooler makes up the process number it tells us. If a second client then gets our session, it mixes them."""
    own = _one(connection, "SELECT pg_backend_pid()")
    if own == connection.info.backend_pid:
        return found.Pooler(present=False)
    with closing(connect()) as second, second.transaction():
        return found.Pooler(present=True, mixed=_one(second, "SELECT pg_backend_pid()") == own)


def _tables(target: Target, connection: Connection) -> found.Tables:
    query = (
        "SELECT schemaname, tablename FROM pg_catalog.pg_tables"
        " WHERE tablename ILIKE '%%applicationversion' OR tablename ILIKE '%%application\\_version' ORDER BY 1, 2"
    )
    names = [(str(schema), str(table)) for schema, table in connection.execute(query, ()).fetchall()]
    counted = "SELECT count(*), count(*) FILTER (WHERE tablename = %s) FROM pg_catalog.pg_tables WHERE schemaname = %s"
    total, collections = connection.execute(counted, (target.collections_table, target.schema)).fetchone() or (0, 0)
    return found.Tables(found.version_tables(names), int(total), bool(collections))


def _application(target: Target, connection: Connection) -> str:
    from psycopg import sql

    query = sql.SQL("SELECT value FROM {}").format(sql.Identifier(target.schema, target.version_table))
    with _patient(connection):
        return found.installed_version(connection.execute(query).fetchone())


def _plugins(target: Target, connection: Connection) -> tuple[found.Plugin, ...]:
    from psycopg import sql

    query = sql.SQL("SELECT {}, enabled, installed FROM {}").format(
        sql.Identifier(target.package_column), sql.Identifier(target.schema, target.plugins_table)
    )
    with _patient(connection):
        rows = connection.execute(query).fetchall()
    return tuple(found.Plugin(str(name), bool(enabled), bool(installed)) for name, enabled, installed in rows)


def _storage(target: Target, connection: Connection) -> found.FileStorage | None:
    from psycopg import sql

    query = sql.SQL('SELECT name, type FROM {} WHERE "default" ORDER BY id').format(
        sql.Identifier(target.schema, target.storages_table)
    )
    with _patient(connection):
        row = connection.execute(query).fetchone()
    return found.FileStorage(str(row[0]), str(row[1])) if row else None


def every(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    """Run a statement and return all its rows; it waits for a lock no longer than a moment."""
    with _patient(connection):
        return connection.execute(query.encode()).fetchall()


def _latency(connection: Connection) -> float:
    """Return the median of a few round trips, in milliseconds."""
    times = []
    for _round in range(found.LATENCY_ROUNDS):
        began = time.perf_counter()
        _one(connection, "SELECT 1")
        times.append((time.perf_counter() - began) * 1000)
    return sorted(times)[len(times) // 2]
