"""Reach a MySQL or MariaDB server as NocoBase would.

No bare TCP connection is ever made: one that closes before the handshake counts towards `max_connect_errors`, after
which the server blocks this host.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from wizard.checks.database.errors import CLEAR_PASSWORD, NEEDS_TLS, explain_files, explain_mysql
from wizard.checks.database.executions import Rows
from wizard.checks.database.facts import CLIENT_NAME, ClearPasswordError, Facts, GoneError, Trust
from wizard.checks.database.look_mysql import every, look, look_at_gate
from wizard.checks.database.target import Target
from wizard.checks.database.trust import find_files, tls_context
from wizard.engine.facts import Known, Trouble, attempt
from wizard.net.errors import explain_any, resolve
from wizard.plan.finding import ErrorKind
from wizard.plan.sections import Tls

if TYPE_CHECKING:
    import pymysql

T = TypeVar("T")
CONNECT_SECONDS = 4
SEVERAL_SECONDS = 2
"""For each address, where a name has several."""
_CLIENT_SSL = 1 << 11
"""The flag by which a server's greeting says that it speaks TLS."""

_IN_CLEAR = ("mysql_clear_password", "dialog")
"""Methods by which PyMySQL sends the password as it is (pymysql/connections.py, `_process_auth`)."""


class _Withheld:
    """Refuses a method of signing in that would give the password away."""

    def __init__(self, _connection: object) -> None:
        """Nothing is wanted of the connection."""

    def authenticate(self, _packet: object) -> None:
        raise ClearPasswordError


def probe(target: Target, facts: Facts, *, gate_alone: bool = False) -> None:
    """Fill `facts`; stop where no connection is made, and with `gate_alone` where it is known what was reached."""
    facts.trust = attempt(lambda: find_files(target), explain_files)
    facts.addresses = attempt(lambda: tuple(resolve(target.host, target.port)), explain_any)
    if not isinstance(facts.addresses, Known) or not isinstance(facts.trust, Known):
        return
    trust, addresses = facts.trust.value, facts.addresses.value
    seconds = CONNECT_SECONDS if len(addresses) == 1 else SEVERAL_SECONDS
    prepared = attempt(lambda: _prepare(target, trust, seconds), explain_mysql)
    if isinstance(prepared, Trouble):
        facts.connected = prepared
        return
    connection = prepared.value
    link = attempt(lambda: _enter(connection), explain_mysql)
    if isinstance(link, Trouble):
        offers_tls = bool(getattr(connection, "server_capabilities", 0) & _CLIENT_SSL)
        denied = link.kind is ErrorKind.CREDENTIALS and link.about != CLEAR_PASSWORD
        refused = denied and target.tls is Tls.OFF and offers_tls
        facts.connected = _reconsidered(target, trust, link) if refused else link
        return
    with closing(connection), suppress(GoneError):
        facts.connected = Known(True, link.elapsed_ms)
        look_at_gate(connection, facts)
        if not gate_alone:
            look(target, connection, facts)


def answer(target: Target, question: Callable[[Rows], T]) -> Known[T] | Trouble:
    """Connect, and return what a question gives that is put to the rows of the database."""
    trust = attempt(lambda: find_files(target), explain_files)
    if isinstance(trust, Trouble):
        return trust
    prepared = attempt(lambda: _prepare(target, trust.value, CONNECT_SECONDS), explain_mysql)
    if isinstance(prepared, Trouble):
        return prepared
    link = attempt(lambda: _enter(prepared.value), explain_mysql)
    if isinstance(link, Trouble):
        return link
    with closing(prepared.value) as connection:
        return attempt(lambda: question(partial(every, connection)), explain_mysql)


def _enter(connection: pymysql.Connection[Any]) -> None:
    """Connect, and ask for something: MariaDB lets a password in that has expired, and then refuses every statement."""
    connection.connect()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except BaseException:  # also where the run is cancelled: the session must not stay on the server
        connection.close()
        raise


def _reconsidered(target: Target, trust: Trust, trouble: Trouble) -> Trouble:
    """Tell a wrong password from an account or a MariaDB that demands TLS: both are "access denied"."""
    encrypted = _prepare(replace(target, tls=Tls.ENCRYPT), trust, SEVERAL_SECONDS, hides_password=True)
    if isinstance(attempt(lambda: _enter(encrypted), explain_mysql), Trouble):
        return trouble
    encrypted.close()
    return replace(trouble, kind=ErrorKind.TLS, about=NEEDS_TLS)


def _prepare(target: Target, trust: Trust, seconds: int, *, hides_password: bool = False) -> pymysql.Connection[Any]:
    """Return a connection that is not connected yet.

    With `hides_password` it is not given to who asks for it as it is, not even over TLS: nobody checks who that is.
    """
    import pymysql

    tls: dict[str, Any] = {"ssl_disabled": True} if target.tls is Tls.OFF else {"ssl": tls_context(target, trust)}
    return pymysql.connect(
        host=target.host,
        port=target.port,
        user=target.user,
        password=target.password.reveal() if target.password else "",
        database=target.name,
        charset="utf8mb4",
        autocommit=True,
        connect_timeout=seconds,
        read_timeout=seconds,
        write_timeout=seconds,
        program_name=CLIENT_NAME,
        auth_plugin_map=dict.fromkeys(_IN_CLEAR, _Withheld) if hides_password or target.hides_password else None,
        defer_connect=True,
        **tls,
    )
