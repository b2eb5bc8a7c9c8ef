"""Look at a MySQL or MariaDB server on an open connection."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from wizard.checks.database import executions
from wizard.checks.database import facts as found
from wizard.checks.database.errors import explain_mysql
from wizard.checks.database.facts import Facts, GoneError, RefusedStepError
from wizard.checks.database.target import Target
from wizard.engine.check import value_of
from wizard.engine.facts import Known, Trouble, attempt
from wizard.engine.sockets import is_given_up
from wizard.net.cleanup import CLEANUP
from wizard.net.clock import Clock
from wizard.pattern import pattern
from wizard.plan.i18n import mark
from wizard.plan.sql import quoted_name

if TYPE_CHECKING:
    import pymysql

    Connection = pymysql.Connection[Any]

T = TypeVar("T")
READ_ONLY_SETTINGS = ("read_only", "super_read_only", "innodb_read_only", "transaction_read_only", "tx_read_only")
"""The last one is MariaDB's name for the one before; newer ones have both."""
_OFF = {"OFF", "0", ""}
_STRING = pattern(r"'[^']*'|`[^`]*`")
_REQUIRED = pattern(r"REQUIRE (?:SSL|X509|SUBJECT|ISSUER|CIPHER)")
"""What MySQL and MariaDB write of an account that they let in over TLS alone."""


_name = partial(quoted_name, mark="`")


def _ask(action: Callable[[], T]) -> Known[T] | Trouble:
    return attempt(action, explain_mysql)


def _ask_on(connection: Connection, action: Callable[[], T]) -> Known[T] | Trouble:
    """Ask on a connection that an earlier question may have ended; raises `GoneError` if it has."""
    if not connection.open:
        raise GoneError
    return _ask(action)


def look_at_gate(connection: Connection, facts: Facts) -> None:
    """Fill what tells the server that was reached: `version` and `encryption`."""
    facts.version = _ask(lambda: _version(connection))
    facts.encryption = _ask(lambda: _encryption(connection))


def look(target: Target, connection: Connection, facts: Facts) -> None:
    """Fill `facts` from `role` on."""
    _ask_on(connection, lambda: every(connection, "SET SESSION lock_wait_timeout = %s", (found.LOCK_SECONDS,)))
    facts.role = _ask_on(connection, lambda: _role(connection))
    writable = isinstance(facts.role, Known) and not facts.role.value.hindrances
    facts.rights = _ask_on(connection, lambda: _try_rights(connection)) if writable else Known(None)
    facts.ownership = Known(None)
    facts.encoding = _ask_on(connection, lambda: str(_row(connection, "SELECT @@character_set_database")[0]))
    facts.table_names = _ask_on(connection, lambda: int(_row(connection, "SELECT @@lower_case_table_names")[0]))
    facts.limits = _ask_on(connection, lambda: _limits(connection))
    facts.clock = _ask_on(connection, lambda: _clock(connection))
    facts.pooler = Known(None)
    facts.tables = _ask_on(connection, lambda: _tables(target, connection))
    installed = found.expected_table(target, value_of(facts.tables))
    facts.application = _ask_on(connection, lambda: _application(target, connection)) if installed else Known(None)
    facts.plugins = _ask_on(connection, lambda: _plugins(target, connection)) if installed else Known(None)
    facts.storage = _ask_on(connection, lambda: _storage(target, connection)) if installed else Known(None)
    rows = partial(every, connection)
    facts.roles = _ask_on(connection, lambda: executions.roles(target, rows)) if installed else Known(None)
    facts.work = _ask_on(connection, lambda: executions.work(target, rows)) if installed else Known(None)
    facts.latency = _ask_on(connection, lambda: _latency(connection))


def every(connection: Connection, query: str, values: tuple[Any, ...] = ()) -> tuple[tuple[Any, ...], ...]:
    """Run a statement and return all its rows."""
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        return tuple(cursor.fetchall())


def _row(connection: Connection, query: str, values: tuple[Any, ...] = ()) -> tuple[Any, ...]:
    return next(iter(every(connection, query, values)), ())


def _settings(connection: Connection, names: tuple[str, ...]) -> dict[str, str]:
    """Return those of the global variables that this server knows."""
    rows = every(connection, "SHOW GLOBAL VARIABLES WHERE Variable_name IN %s", (names,))
    return {str(name): str(value) for name, value in rows}


def _version(connection: Connection) -> found.ServerVersion:
    return found.ServerVersion(*map(str, _row(connection, "SELECT VERSION(), @@version_comment, CURRENT_USER()")))


def _encryption(connection: Connection) -> found.Encryption:
    rows = every(connection, "SHOW SESSION STATUS WHERE Variable_name IN ('Ssl_version', 'Ssl_cipher')")
    status = {str(name): str(value) for name, value in rows}
    return found.Encryption(status.get("Ssl_version", ""), status.get("Ssl_cipher", ""), _demanded(connection))


def _demanded(connection: Connection) -> str:
    """Return what demands TLS, of the server or of the account; nothing of what this server does not tell."""
    for setting, value in _settings(connection, ("require_secure_transport",)).items():
        if value.upper() not in _OFF:
            return f"{setting}={value}"
    with contextlib.suppress(Exception):  # older ones do not know the statement, and services hide it
        account = _STRING.sub("", str(_row(connection, "SHOW CREATE USER CURRENT_USER()")[0]))
        return words[0] if (words := _REQUIRED.search(account)) else ""
    return ""


def _role(connection: Connection) -> found.Role:
    settings = _settings(connection, READ_ONLY_SETTINGS)
    return found.Role(tuple(name for name in READ_ONLY_SETTINGS if settings.get(name, "OFF").upper() not in _OFF))


@CLEANUP.pending()
def _try_rights(connection: Connection) -> tuple[str, ...]:
    """Do what NocoBase does at each start, with a real table: no transaction holds a DDL statement back in MySQL.

    The first statement drops a table that does not exist: the server asks for the right before it looks, so that a
    table which could not be dropped again is never made.
    """
    table = found.TABLE_HEAD + secrets.token_hex(4)
    steps = (
        (mark("drop a table"), f"DROP TABLE IF EXISTS {table}"),
        (mark("create a table"), f"CREATE TABLE {table} (id BIGINT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255))"),
        (mark("alter a table"), f"ALTER TABLE {table} ADD COLUMN more JSON"),
        (mark("index a table"), f"CREATE UNIQUE INDEX {table}_index ON {table} (name)"),
        (mark("write into a table"), f"INSERT INTO {table} (name) VALUES ('x')"),  # noqa: S608 - a name of our own
    )
    made = False
    try:
        for step, statement in steps:
            if is_given_up():
                break
            made = made or statement.startswith("CREATE TABLE")
            try:
                _quietly(connection, statement)
            except Exception as error:  # whatever the driver raised: the step is named here, the error explained above
                raise RefusedStepError(step) from error
    finally:
        if made:
            _quietly(connection, f"DROP TABLE IF EXISTS {table}")
    _sweep(connection)
    return tuple(step for step, _statement in steps)


def _sweep(connection: Connection) -> None:
    """Remove the tables of programs that were killed: MySQL undoes no CREATE TABLE when a connection ends."""
    names = f"^{found.TABLE_HEAD}[0-9a-f]{{8}}$"
    left = (
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name REGEXP %s"
        " AND create_time < NOW() - INTERVAL %s SECOND"
    )
    with contextlib.suppress(Exception), connection.cursor() as cursor:  # what is left over is no fault of the server
        cursor.execute(left, (names, found.LEFT_SECONDS))
        for (table,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE IF EXISTS {table}")


def _quietly(connection: Connection, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _limits(connection: Connection) -> found.Limits:
    most, account = _row(connection, "SELECT @@max_connections, @@max_user_connections")
    in_use = None
    with contextlib.suppress(Exception):  # some services hide it, and the limits are known without it
        mine = "SELECT COUNT(*) FROM information_schema.processlist WHERE user = SUBSTRING_INDEX(USER(), '@', 1)"
        every = _row(connection, "SHOW GLOBAL STATUS LIKE 'Threads_connected'")[1]
        in_use = max(0, int(every) - int(_row(connection, mine)[0]))
    return found.Limits(most=int(most), reserved=0, account=int(account) or None, database=None, in_use=in_use)


def _clock(connection: Connection) -> Clock:
    before, began = time.time(), time.monotonic()
    theirs, own, system = _row(connection, "SELECT UTC_TIMESTAMP(6), @@global.time_zone, @@system_time_zone")
    half = (time.monotonic() - began) / 2
    moment = theirs.replace(tzinfo=UTC) if isinstance(theirs, datetime) else datetime.fromtimestamp(before, UTC)
    return Clock(moment.timestamp() - (before + half), half, str(system if own == "SYSTEM" else own))


def _tables(target: Target, connection: Connection) -> found.Tables:
    """List the tables; a view has no collation."""
    query = (
        "SELECT table_schema, table_name, table_collation FROM information_schema.tables"
        " WHERE table_schema = DATABASE() ORDER BY table_name"
    )
    rows = [(str(schema), str(table), str(collation or "")) for schema, table, collation in every(connection, query)]
    names = [table for _schema, table, _collation in rows]
    narrow = [table for _schema, table, collation in rows if collation and not collation.startswith("utf8mb4")]
    return found.Tables(
        found.version_tables((schema, table) for schema, table, _collation in rows),
        len(rows),
        target.collections_table in names,
        tuple(table for table in narrow if table.startswith(target.prefix)),
    )


def _application(target: Target, connection: Connection) -> str:
    query = f"SELECT value FROM {_name(target.version_table)}"  # noqa: S608 - a quoted name
    return found.installed_version(_row(connection, query))


def _plugins(target: Target, connection: Connection) -> tuple[found.Plugin, ...]:
    columns = f"{_name(target.package_column)}, enabled, installed"
    rows = every(connection, f"SELECT {columns} FROM {_name(target.plugins_table)}")  # noqa: S608 - quoted names
    return tuple(found.Plugin(str(name), bool(enabled), bool(installed)) for name, enabled, installed in rows)


def _storage(target: Target, connection: Connection) -> found.FileStorage | None:
    table = _name(target.storages_table)
    row = _row(connection, f"SELECT name, type FROM {table} WHERE `default` = 1 ORDER BY id")  # noqa: S608 - a quoted name
    return found.FileStorage(str(row[0]), str(row[1])) if row else None


def _latency(connection: Connection) -> float:
    """Return the median of a few round trips, in milliseconds."""
    times = []
    for _round in range(found.LATENCY_ROUNDS):
        began = time.perf_counter()
        _row(connection, "SELECT 1")
        times.append((time.perf_counter() - began) * 1000)
    return sorted(times)[len(times) // 2]
