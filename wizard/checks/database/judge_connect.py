"""The gate: why the account of the plan does not get into the database, told apart, each with its remedy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wizard.checks.check import value_of
from wizard.checks.database import errors
from wizard.checks.database.facts import Facts
from wizard.checks.database.kinds import PRODUCTS, server_name
from wizard.checks.database.specs import CONNECT
from wizard.checks.database.target import Target, sql_account, sql_name
from wizard.checks.facts import Known, Trouble
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.words import tr


@dataclass(frozen=True, slots=True)
class _Words:
    """How a trouble is told: what is wrong, what it means, and what to paste."""

    summary: str
    detail: str = ""
    remedy: str = ""


def judge_connect(target: Target, facts: Facts) -> Finding:
    """Give the gate's finding; it passes only on a connection that was made."""
    for fact in (facts.trust, facts.addresses, facts.connected):
        if isinstance(fact, Trouble):
            words = _words(target, fact)
            detail = "\n".join(part for part in (words.detail, _quoted(fact)) if part)
            more = {"host": target.host, "port": target.port, "message": fact.message}
            return CONNECT.fail(
                words.summary,
                fact.kind,
                detail=detail,
                remedy=words.remedy,
                facts=more,
                elapsed_ms=fact.elapsed_ms,
            )
    return _connected(target, facts)


def _connected(target: Target, facts: Facts) -> Finding:
    encryption = value_of(facts.encryption)
    name = server_name(target, value_of(facts.version))
    given = {"server": name, "where": target.where, "user": target.user, "database": target.name}
    if encryption and encryption.protocol:
        summary = tr(
            "Connected to {server} at {where} as {user} over {protocol}.", **given, protocol=encryption.protocol
        )
    else:
        summary = tr("Connected to {server} at {where} as {user}, without TLS.", **given)
    elapsed = facts.connected.elapsed_ms if isinstance(facts.connected, Known) else None
    more = {"host": target.host, "port": target.port, "addresses": list(value_of(facts.addresses) or ())}
    detail = tr("The database is “{database}”.", **given)
    return CONNECT.passed(summary, detail=detail, facts=more, elapsed_ms=elapsed)


def _quoted(trouble: Trouble) -> str:
    return tr("The answer: {message}", message=trouble.message) if trouble.message else ""


def _words(target: Target, trouble: Trouble) -> _Words:
    return _BY_KIND.get(trouble.kind, _other)(target, trouble)


def _names(target: Target) -> dict[str, object]:
    return {
        "product": PRODUCTS[target.dialect],
        "where": target.where,
        "host": target.host,
        "user": target.user,
        "database": target.name,
    }


def _dns(target: Target, _trouble: Trouble) -> _Words:
    return _Words(
        tr("The name {host} of the database is not found.", **_names(target)), "", f"getent hosts {target.host}"
    )


def _timeout(target: Target, _trouble: Trouble) -> _Words:
    return _Words(
        tr("{product} at {where} does not answer.", **_names(target)),
        tr("A firewall that drops packets looks like this; so does a server of another kind on that port."),
        f"nc -vz {target.host} {target.port}",
    )


def _refused(target: Target, trouble: Trouble) -> _Words:
    if trouble.about == errors.FULL:
        seen = (
            "SELECT usename, count(*) FROM pg_stat_activity GROUP BY 1 ORDER BY 2 DESC;"
            if target.postgres
            else "SELECT user, COUNT(*) FROM information_schema.processlist GROUP BY 1 ORDER BY 2 DESC;"
        )
        return _Words(tr("{product} at {where} takes no more connections: all are in use.", **_names(target)), "", seen)
    if trouble.about == errors.STARTING:
        return _Words(tr("{product} at {where} is starting or stopping, and lets nobody in.", **_names(target)))
    listen = (
        f"# postgresql.conf\nlisten_addresses = '*'\nport = {target.port}"
        if target.postgres
        else f"# my.cnf\n[mysqld]\nbind-address = 0.0.0.0\nport = {target.port}"
    )
    return _Words(
        tr("{where} refuses the connection: no {product} listens there.", **_names(target)),
        tr("The server is stopped, listens on another port or on its own machine alone, or a firewall rejects."),
        listen,
    )


def _tls(target: Target, trouble: Trouble) -> _Words:
    names = _names(target)
    match trouble.about:
        case errors.NEEDS_TLS:
            return _Words(
                tr("{product} at {where} lets {user} in over TLS alone, and the plan has TLS off.", **names),
                tr("NocoBase's licence kit connects without TLS, so that such a server keeps it from making an ID."),
                "DB_DIALECT_OPTIONS_SSL_CA=/app/nocobase/storage/database-ca.pem\n"
                "DB_DIALECT_OPTIONS_SSL_REJECT_UNAUTHORIZED=true",
            )
        case errors.NO_TLS:
            remedy = "ALTER SYSTEM SET ssl = on;\nSELECT pg_reload_conf();" if target.postgres else _MYSQL_TLS
            return _Words(tr("{product} at {where} offers no TLS, and the plan demands it.", **names), "", remedy)
        case errors.CLIENT_CERTIFICATE:
            return _Words(
                tr("{product} at {where} wants a client certificate from {user}.", **names),
                tr("Give certificate and key as files that every node can read."),
                "DB_DIALECT_OPTIONS_SSL_CERT=/app/nocobase/storage/database-client.crt\n"
                "DB_DIALECT_OPTIONS_SSL_KEY=/app/nocobase/storage/database-client.key",
            )
        case errors.CERTIFICATE:
            return _certificate(target, trouble)
        case _:
            return _Words(tr("No TLS connection to {product} at {where}.", **names))


_MYSQL_TLS = "# my.cnf\n[mysqld]\nssl_cert = /etc/mysql/server.crt\nssl_key = /etc/mysql/server.key"


def _certificate(target: Target, trouble: Trouble) -> _Words:
    message, names = trouble.message.lower(), _names(target)
    if "expired" in message:
        return _Words(
            tr("The certificate of {product} at {where} has expired.", **names),
            tr("Renew it on the server; NocoBase refuses it until then."),
            _show_certificate(target),
        )
    if "mismatch" in message or "does not match" in message or "not valid for" in message:
        return _Words(
            tr("The certificate of {product} at {where} is for another name than {host}.", **names),
            tr("Use the name that the certificate bears as DB_HOST, or have one made that bears {host}.", **names),
            _show_certificate(target),
        )
    return _Words(
        tr("The certificate of {product} at {where} is from an authority that is not trusted.", **names),
        tr("Give the authority's certificate, the one that signed the server's, as the authority file.")
        if not target.ca
        else tr("The authority file {file} is not that of the server's certificate.", file=target.ca),
        "DB_DIALECT_OPTIONS_SSL_CA=/app/nocobase/storage/database-ca.pem",
    )


def _show_certificate(target: Target) -> str:
    protocol = "postgres" if target.postgres else "mysql"
    return (
        f"openssl s_client -starttls {protocol} -connect {target.where} </dev/null 2>/dev/null"
        " | openssl x509 -noout -subject -ext subjectAltName -dates"
    )


def _credentials(target: Target, trouble: Trouble) -> _Words:
    names = _names(target)
    change = (
        f"\\password {target.user}"
        if target.postgres
        else f"ALTER USER {sql_account(target)} IDENTIFIED BY '<password>';"
    )
    if trouble.about == errors.NO_PASSWORD or not target.password:
        return _Words(
            tr("{product} at {where} wants a password for {user}, and the plan has none.", **names), "", change
        )
    detail = tr("The password is wrong, or there is no such account; the server does not tell which.")
    return _Words(tr("{product} at {where} refuses {user}: account or password is wrong.", **names), detail, change)


def _missing(target: Target, _trouble: Trouble) -> _Words:
    return _Words(tr("There is no database “{database}” on {where}.", **_names(target)), "", _create_database(target))


def _create_database(target: Target) -> str:
    name = sql_name(target, target.name)
    if target.postgres:
        owner = sql_account(target)
        return f"CREATE DATABASE {name} OWNER {owner} ENCODING 'UTF8' TEMPLATE template0;"
    return f"CREATE DATABASE {name} CHARACTER SET utf8mb4;\nGRANT ALL ON {name}.* TO {sql_account(target)};"


def _permission(target: Target, trouble: Trouble) -> _Words:
    names = _names(target)
    match trouble.about:
        case errors.HOST_RULE if target.postgres:
            return _Words(
                tr("{product} at {where} has no rule that lets {user} in from here.", **names),
                tr("The rules are in pg_hba.conf; each node needs one. Afterwards: SELECT pg_reload_conf();"),
                f"host  {target.name}  {target.user}  <address of the node>/32  scram-sha-256",
            )
        case errors.HOST_RULE:
            account = sql_account(target)
            return _Words(
                tr("{product} at {where} has no account that may come in from here.", **names),
                tr("Accounts are bound to addresses; “%” stands for all."),
                f"CREATE USER {account} IDENTIFIED BY '<password>';\n"
                f"GRANT ALL ON {sql_name(target, target.name)}.* TO {account};",
            )
        case errors.BLOCKED:
            return _Words(
                tr("{product} at {where} blocks this machine after too many broken connections.", **names),
                tr("Something here opens connections and closes them before the handshake, such as a port scan."),
                "FLUSH HOSTS;",
            )
        case _ if target.postgres:
            grant = f"GRANT CONNECT ON DATABASE {sql_name(target, target.name)} TO {sql_account(target)};"
        case _:
            grant = f"GRANT ALL ON {sql_name(target, target.name)}.* TO {sql_account(target)};"
    return _Words(tr("{user} may not enter the database “{database}” on {where}.", **names), "", grant)


def _protocol(target: Target, trouble: Trouble) -> _Words:
    names = _names(target)
    if trouble.about == errors.WRONG_SERVER:
        return _Words(
            tr("What listens on {where} does not speak the language of {product}.", **names),
            tr("The port is another server's, or DB_DIALECT names the wrong kind."),
        )
    if trouble.about == errors.PLUGIN:
        return _Words(
            tr("The account {user} signs in by a method that cannot be used here.", **names),
            tr("NocoBase signs in with a password."),
            f"ALTER USER {sql_account(target)} IDENTIFIED BY '<password>';",
        )
    return _Words(
        tr("{product} at {where} broke the connection off.", **names),
        tr("The server went away, or a proxy in between did."),
    )


def _other(target: Target, _trouble: Trouble) -> _Words:
    return _Words(
        tr("{product} at {where} does not let {user} in.", **_names(target)),
        tr("A server that writes its messages in another language may not be understood here."),
    )


_BY_KIND: dict[ErrorKind, Callable[[Target, Trouble], _Words]] = {
    ErrorKind.DNS: _dns,
    ErrorKind.REFUSED: _refused,
    ErrorKind.TIMEOUT: _timeout,
    ErrorKind.TLS: _tls,
    ErrorKind.CREDENTIALS: _credentials,
    ErrorKind.MISSING: _missing,
    ErrorKind.PERMISSION: _permission,
    ErrorKind.PROTOCOL: _protocol,
}
