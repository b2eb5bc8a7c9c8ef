"""Word why no connection to the database was made. Pure; loaded where none was."""

from __future__ import annotations

import shlex
from collections.abc import Callable

from wizard.checks.database import errors
from wizard.checks.database.specs import CONNECT
from wizard.checks.database.target import Target
from wizard.checks.database.words import Refusal, Words, new_method
from wizard.checks.database.words_account import credentials_words, missing_words, permission_words
from wizard.checks.database.words_tls import tls_words
from wizard.checks.shared.judge_name import settings_behind
from wizard.checks.shared.look_there import let_nodes_look
from wizard.checks.shared.restart import in_file
from wizard.engine.facts import Trouble
from wizard.engine.unanswered import BROKEN_OFF
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, sentences, tr
from wizard.plan.remedy import Remedy, advice, commands, steps

_USUAL = frozenset(("localhost", "127.0.0.1", "::1"))
"""Where a server listens that listens on its own machine alone: other addresses of it refuse, as 127.0.0.2 does."""
_OWN = {errors.BAD_FILE, errors.WRONG_KEY, errors.LOCKED_KEY}
"""Trouble with files of this machine, of which no server said anything."""


def judge_refusal(refusal: Refusal) -> Finding:
    """Return the gate's finding on a connection that was refused."""
    target, trouble = refusal.target, refusal.trouble
    if refusal.lacking and _may_want_certificate(refusal):
        return _not_to_tell(refusal)
    if trouble.about == errors.CLEAR_PASSWORD:
        return _withheld(refusal)
    if trouble.about == errors.UNKNOWN_METHOD:
        return _other_drivers_may(refusal)
    words = _BY_KIND.get(trouble.kind, _other)(refusal)
    return CONNECT.fail(
        words.summary,
        trouble.kind,
        detail="\n".join(part for part in (words.detail, _quoted(trouble)) if part),
        remedy=words.remedy,
        facts={"host": target.host, "port": target.port, "message": trouble.message} | _broken_off(trouble),
        elapsed_ms=trouble.elapsed_ms,
        because=settings_behind("database", trouble.kind),
    )


def _broken_off(trouble: Trouble) -> dict[str, bool]:
    """Return what tells that the connection ended in the midst: a server does so to a client that is too slow."""
    return {BROKEN_OFF: True} if trouble.kind is ErrorKind.PROTOCOL and not trouble.about else {}


def _may_want_certificate(refusal: Refusal) -> bool:
    """Whether the refusal may be for the lack of a client certificate; MySQL's "access denied" does not tell."""
    if refusal.trouble.about == errors.CLIENT_CERTIFICATE:
        return True
    return not refusal.target.postgres and refusal.trouble.kind is ErrorKind.CREDENTIALS and not refusal.trouble.about


def _not_to_tell(refusal: Refusal) -> Finding:
    """Say that the nodes, which have the client certificate, may well get in."""
    target, trouble = refusal.target, refusal.trouble
    summary = tr(
        "{product} at {where} refuses {user}, and this machine lacks the client certificate: {files}.",
        **refusal.names,
        files=listing(refusal.lacking),
    )
    return CONNECT.unknown(
        summary,
        detail="\n".join((tr("The files are meant for the nodes, which may get in by them."), _quoted(trouble))),
        error=ErrorKind.MISSING,
        facts={"host": target.host, "port": target.port, "message": trouble.message, "lacking": list(refusal.lacking)},
        elapsed_ms=trouble.elapsed_ms,
    )


def _withheld(refusal: Refusal) -> Finding:
    """Say that the password was asked for in clear and not sent; a node's driver may well send it."""
    target, trouble = refusal.target, refusal.trouble
    scram = (
        tr("Switch TLS on in the plan, or let the server ask by another method: scram-sha-256 in pg_hba.conf.")
        if target.postgres
        else tr(
            "Switch TLS on in the plan, or give the account another method: caching_sha2_password, or "
            "mysql_native_password on MariaDB."
        )
    )
    allow = tr("Where nobody can listen on the way, allow it: database.allow_clear_password.")
    return CONNECT.unknown(
        tr("{product} at {where} asks for the password of {user} in clear, without TLS; not sent.", **refusal.names),
        detail=tr("A server that was put in its place would ask so, too."),
        error=trouble.kind,
        remedy=advice(sentences(scram, allow)),
        facts={"host": target.host, "port": target.port},
        elapsed_ms=trouble.elapsed_ms,
    )


def _other_drivers_may(refusal: Refusal) -> Finding:
    """Say that the account's method is one that this program lacks, which tells nothing of the nodes."""
    target, trouble = refusal.target, refusal.trouble
    return CONNECT.unknown(
        tr(
            "Not found out: {user} signs in by {method}, which this program cannot use.",
            **refusal.names,
            method=trouble.message,
        ),
        detail=tr("The driver of the nodes may know the method."),
        error=trouble.kind,
        remedy=let_nodes_look(),
        facts={"host": target.host, "port": target.port, "message": trouble.message},
        elapsed_ms=trouble.elapsed_ms,
    )


def _quoted(trouble: Trouble) -> str:
    said = trouble.message and trouble.about not in _OWN
    return tr("The answer: {message}", message=trouble.message) if said else ""


def _dns(refusal: Refusal) -> Words:
    ask = shlex.join(["getent", "hosts", refusal.target.host])
    return Words(tr("The name {host} of the database is not found.", **refusal.names), "", commands(ask))


def _timeout(refusal: Refusal) -> Words:
    return Words(
        tr("{product} at {where} does not answer.", **refusal.names),
        tr("A firewall that drops packets looks like this; so does a server of another kind on that port."),
        commands(shlex.join(["nc", "-vz", refusal.target.host, str(refusal.target.port)])),
    )


def _refused(refusal: Refusal) -> Words:
    target = refusal.target
    if refusal.trouble.about == errors.FULL:
        seen = (
            "SELECT usename, count(*) FROM pg_stat_activity GROUP BY 1 ORDER BY 2 DESC;"
            if target.postgres
            else "SELECT user, COUNT(*) FROM information_schema.processlist GROUP BY 1 ORDER BY 2 DESC;"
        )
        return Words(
            tr("{product} at {where} takes no more connections: all are in use.", **refusal.names), "", commands(seen)
        )
    if refusal.trouble.about == errors.STARTING:
        return Words(tr("{product} at {where} is starting or stopping, and lets nobody in.", **refusal.names))
    return Words(
        tr("{where} refuses the connection: no {product} listens there.", **refusal.names),
        tr("The server is stopped, or listens on another port or at another address.")
        if target.host in _USUAL
        else tr("The server is stopped, listens on another port or on its own machine alone, or a firewall rejects."),
        _listen(target),
    )


def _listen(target: Target) -> Remedy:
    """Return what shows on the server whether it listens, and the lines that let it, which want a restart."""
    look = steps(
        tr(
            "On the server: does it run, and where does it listen? If it listens on another port than {port}, correct "
            "DB_PORT (database.port): whoever uses the server now comes by that port.",
            port=target.port,
        ),
        "ss -ltn",
    )
    if target.host in _USUAL:  # who listens on the own machine alone is reached there
        return commands(look)
    alone = tr("Only if it listens on its own machine alone:")
    if target.postgres:
        return commands(look, steps(alone), steps(in_file("postgresql.conf"), "listen_addresses = '*'"))
    return commands(look, steps(alone), steps(in_file("my.cnf"), "[mysqld]", "bind-address = 0.0.0.0"))


def _protocol(refusal: Refusal) -> Words:
    names = refusal.names
    if refusal.trouble.about == errors.WRONG_SERVER:
        return Words(
            tr("What listens on {where} does not speak the language of {product}.", **names),
            tr("The port is another server's, or DB_DIALECT names the wrong kind."),
        )
    if refusal.trouble.about == errors.PLUGIN:
        return Words(
            tr("The account {user} signs in by a method that cannot be used here.", **names),
            tr("NocoBase signs in with a password."),
            steps(
                tr("This sets the method and the password; each node must have the password that is set here:"),
                new_method(refusal.target),
                comment="--",
            ),
        )
    return Words(
        tr("{product} at {where} broke the connection off.", **names),
        tr("The server went away, or a proxy in between did."),
    )


def _other(refusal: Refusal) -> Words:
    return Words(
        tr("{product} at {where} does not let {user} in.", **refusal.names),
        tr("A server that writes its messages in another language may not be understood here."),
    )


_BY_KIND: dict[ErrorKind, Callable[[Refusal], Words]] = {
    ErrorKind.DNS: _dns,
    ErrorKind.REFUSED: _refused,
    ErrorKind.TIMEOUT: _timeout,
    ErrorKind.TLS: tls_words,
    ErrorKind.CREDENTIALS: credentials_words,
    ErrorKind.MISSING: missing_words,
    ErrorKind.PERMISSION: permission_words,
    ErrorKind.PROTOCOL: _protocol,
}
