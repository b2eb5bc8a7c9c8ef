"""Reach a PostgreSQL server as NocoBase would, and tell why it is not reached."""

from __future__ import annotations

import os
import socket
import ssl
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from wizard.checks.database.errors import CERTIFICATE, HOST_RULE, NEEDS_TLS, explain_files, explain_postgres
from wizard.checks.database.executions import Rows
from wizard.checks.database.facts import CLIENT_NAME, Facts, GoneError, Trust
from wizard.checks.database.look_postgres import every, look, look_at_gate
from wizard.checks.database.target import Target
from wizard.checks.database.trust import authorities, checks_certificate, find_files, private_key, tls_context
from wizard.engine.facts import Known, Trouble, attempt
from wizard.net.errors import explain_any, resolve
from wizard.plan.finding import ErrorKind
from wizard.plan.sections import Tls

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

T = TypeVar("T")
CONNECT_SECONDS = 4
SEVERAL_SECONDS = 2
"""For each address, where a name has several; libpq takes no less."""
NOWHERE = "/nonexistent/nocobase-cluster-wizard"
"""Keeps libpq from files of the person who runs the check (~/.postgresql, ~/.pgpass): a node has none of them."""
_SSL_REQUEST = struct.pack("!ii", 8, 80877103)


_NOT_EMPTY = {
    "min_protocol_version": "3.0",
    "max_protocol_version": "3.0",
    "sslcertmode": "allow",
    "require_auth": "!gss",
}
"""Options for which libpq takes no empty value, and what it does without one; node-postgres has no GSS either."""


def probe(target: Target, facts: Facts, *, gate_alone: bool = False) -> None:
    """Fill `facts`; stop where no connection is made, and with `gate_alone` where it is known what was reached."""
    facts.trust = attempt(lambda: find_files(target), explain_files)
    facts.addresses = attempt(lambda: tuple(resolve(target.host, target.port)), explain_any)
    if not isinstance(facts.addresses, Known) or not isinstance(facts.trust, Known):
        return
    trust = facts.trust.value
    link = _reach(target, trust, facts.addresses.value)
    if isinstance(link, Trouble):
        facts.connected = _explained(target, trust, link)
        return
    with closing(link.value) as connection, suppress(GoneError):
        facts.connected = Known(True, link.elapsed_ms)
        look_at_gate(connection, facts)
        if not gate_alone:
            look(target, connection, facts, lambda: _connect(target, trust, connection.info.hostaddr))


def answer(target: Target, question: Callable[[Rows], T]) -> Known[T] | Trouble:
    """Connect, and return what a question gives that is put to the rows of the database."""
    trust = attempt(lambda: find_files(target), explain_files)
    addresses = attempt(lambda: tuple(resolve(target.host, target.port)), explain_any)
    if isinstance(trust, Trouble) or isinstance(addresses, Trouble):
        return trust if isinstance(trust, Trouble) else cast("Trouble", addresses)
    link = _reach(target, trust.value, addresses.value)
    if isinstance(link, Trouble):
        return link
    with closing(link.value) as connection:
        return attempt(lambda: question(partial(every, connection)), explain_postgres)


def _reach(target: Target, trust: Trust, addresses: tuple[str, ...]) -> Known[Connection] | Trouble:
    """Try each address until a server speaks. Left to itself, psycopg would try a refused password at all of them."""
    seconds = CONNECT_SECONDS if len(addresses) == 1 else SEVERAL_SECONDS
    link: Known[Connection] | Trouble = Trouble(ErrorKind.DNS)
    for address in addresses:
        link = attempt(partial(_connect, target, trust, address, seconds), explain_postgres)
        if isinstance(link, Known) or link.about or link.kind not in {ErrorKind.REFUSED, ErrorKind.TIMEOUT}:
            break
    return link


def _connect(
    target: Target, trust: Trust, address: str = "", seconds: int = SEVERAL_SECONDS, *, hides_password: bool = False
) -> Connection:
    """Connect by keywords alone, with every default that a variable or file of this machine could change set.

    With `hides_password` it is not given to who asks for it as it is, not even over TLS: nobody checks who that is.
    """
    from wizard.checks.database.link_postgres import Link

    usual: dict[str, Any] = {
        "host": target.host,
        "hostaddr": address,
        "port": target.port,
        "dbname": target.name,
        "user": target.user,
        "password": target.password.reveal() if target.password else "",
        "passfile": NOWHERE,
        "sslcert": trust.cert or NOWHERE,
        "gssencmode": "disable",
        "target_session_attrs": "any",
        "options": "",
        "connect_timeout": seconds,
        "tcp_user_timeout": CONNECT_SECONDS * 1000,
        "application_name": CLIENT_NAME,
        "client_encoding": "UTF8",
    }
    if hides_password or target.hides_password:
        usual["require_auth"] = "!password,!gss"
    with _tls_options(target, trust) as tls, private_key(trust) as key:
        options = {**_unset(usual), **usual, **tls, "sslkey": key or NOWHERE}
        return Link.connect(**options, autocommit=True, prepare_threshold=None)


def _unset(given: Iterable[str]) -> dict[str, str]:
    """Return the defaults of the other options that a variable of this machine (PGREQUIREAUTH, PGSSLCRL) would change.

    Asked of libpq, as a newer one knows more of them. PGSERVICE cannot be taken back so: no name of a service is none.
    """
    from psycopg.pq import Conninfo

    known = {option.keyword.decode(): option for option in Conninfo.get_defaults() if option.envvar}
    return {
        name: _NOT_EMPTY.get(name) or (option.compiled or b"").decode()
        for name, option in known.items()
        if name not in {*given, "service"} and os.environ.get((option.envvar or b"").decode())
    }


@contextmanager
def _tls_options(target: Target, trust: Trust) -> Iterator[dict[str, str]]:
    """Return libpq's words for the plan's TLS; node-postgres never falls back to another mode either."""
    if target.tls is Tls.OFF:
        yield {"sslmode": "disable"}
    elif checks_certificate(target, trust):
        with authorities(target, trust) as file:
            yield {"sslmode": "verify-full", "sslrootcert": file}
    else:
        yield {"sslmode": "require", "sslrootcert": NOWHERE}


def _explained(target: Target, trust: Trust, trouble: Trouble) -> Trouble:
    """Look a second time where libpq's words do not tell enough."""
    if trouble.about == NEEDS_TLS:
        return replace(trouble, **_is_tls_wanted(target, trust))
    if trouble.about == CERTIFICATE:
        reason = _certificate_problem(target, trust)
        return replace(trouble, message=f"{reason} ({trouble.message})" if reason else trouble.message)
    return trouble


def _is_tls_wanted(target: Target, trust: Trust) -> dict[str, Any]:
    """Tell a server that lets us in with TLS alone from one that has no rule for us at all."""
    encrypted = replace(target, tls=Tls.ENCRYPT)
    second = attempt(lambda: _connect(encrypted, trust, hides_password=True), explain_postgres)
    if isinstance(second, Known):
        second.value.close()
    if isinstance(second, Trouble) and second.about == HOST_RULE:
        return {"about": HOST_RULE}
    without = isinstance(second, Trouble) and second.kind is ErrorKind.TLS
    return {"about": HOST_RULE} if without else {"kind": ErrorKind.TLS}


def _certificate_problem(target: Target, trust: Trust) -> str:
    """Return OpenSSL's reason (expired, self-signed, another name), which libpq keeps to itself."""
    try:
        with socket.create_connection((target.host, target.port), SEVERAL_SECONDS) as plain:
            plain.settimeout(SEVERAL_SECONDS)
            plain.sendall(_SSL_REQUEST)
            if plain.recv(1) == b"S":
                tls_context(target, trust).wrap_socket(plain, server_hostname=target.host).close()
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    except OSError:
        return ""
    return ""
