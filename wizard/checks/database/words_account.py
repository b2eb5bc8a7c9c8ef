"""Why the account does not get in: its password, its state, its rights, or the database it asks for."""

from __future__ import annotations

import re

from wizard.checks.database import errors
from wizard.checks.database.target import Target, grant_all, sql_account, sql_name
from wizard.checks.database.words import Refusal, Words, correct_password, new_password
from wizard.net.errors import is_address
from wizard.plan.env_text import PASSWORD_HERE
from wizard.plan.i18n import tr
from wizard.plan.remedy import Remedy, advice, commands, steps
from wizard.plan.sections import Dialect, Tls
from wizard.plan.sql import quoted_name, quoted_text


def credentials_words(refusal: Refusal) -> Words:
    """Tell trouble of the kind CREDENTIALS."""
    target, names, about = refusal.target, refusal.names, refusal.trouble.about
    if about in _STATES:
        return _STATES[about](refusal)
    if about == errors.NO_PASSWORD or not target.password:
        return Words(
            tr("{product} at {where} wants a password for {user}, and the plan has none.", **names),
            "",
            advice(tr("Enter the password of {user} in the plan: DB_PASSWORD (database.password).", **names)),
        )
    summary = tr("{product} at {where} refuses {user}: account or password is wrong.", **names)
    if target.postgres:
        detail = tr("The password is wrong, or there is no such account; the server does not tell which.")
        return Words(summary, detail, correct_password(target))
    return Words(summary, _reasons(refusal), _look_then_change(target))


def _reasons(refusal: Refusal) -> str:
    """Name what MySQL answers with one and the same "access denied"."""
    if refusal.trust.cert:
        return tr(
            "The password is wrong, there is no such account, or the account demands another client certificate than "
            "{file}; the server does not tell which.",
            file=refusal.trust.cert,
        )
    return tr(
        "The password is wrong, there is no such account, or the account demands a client certificate "
        "(REQUIRE X509), and none was sent; the server does not tell which."
    )


def _listed(target: Target) -> Remedy:
    """Return the statement that shows which addresses MySQL's accounts of the name are bound to."""
    user = quoted_text(target.user, backslash=True)
    return steps(
        tr("Is the account there, and bound to which address? Put it in the place of “%” below:"),
        f"SELECT user, host FROM mysql.user WHERE user = {user};",  # noqa: S608 - to be pasted
        comment="--",
    )


def _look_then_change(target: Target) -> Remedy:
    demands = tr("What does it demand? REQUIRE X509, ISSUER or SUBJECT is a client certificate:")
    asked = steps(demands, f"SHOW CREATE USER {sql_account(target)};", comment="--")
    return correct_password(target, _listed(target), asked)


def _locked(refusal: Refusal) -> Words:
    account = sql_account(refusal.target)
    return Words(
        tr("{product} at {where} refuses {user}: the account is locked.", **refusal.names),
        "",
        commands(
            _listed(refusal.target),
            steps(
                tr("Only where nobody has locked it on purpose:"), f"ALTER USER {account} ACCOUNT UNLOCK;", comment="--"
            ),
        ),
    )


def _expired(refusal: Refusal) -> Words:
    return Words(
        tr("{product} at {where} refuses {user}: the password has expired.", **refusal.names),
        tr("NocoBase cannot set a new one. The same password may be given again, where no rule is against it."),
        commands(
            _listed(refusal.target),
            steps(tr("Each node must have the password that is set here:"), new_password(refusal.target), comment="--"),
        ),
    )


def _too_many_errors(refusal: Refusal) -> Words:
    target = refusal.target
    free = (
        "FLUSH PRIVILEGES;"
        if target.dialect is Dialect.MARIADB
        else f"ALTER USER {sql_account(target)} ACCOUNT UNLOCK;"
    )
    return Words(
        tr("{product} at {where} blocks {user} after too many wrong passwords.", **refusal.names),
        "",
        steps(
            tr("Correct the password first: a node that still has a wrong one brings the block back. Then:"),
            free,
            comment="--",
        ),
    )


_STATES = {errors.LOCKED: _locked, errors.EXPIRED: _expired, errors.TOO_MANY_ERRORS: _too_many_errors}


def missing_words(refusal: Refusal) -> Words:
    """Tell trouble of the kind MISSING."""
    summary = tr("There is no database “{database}” on {where}.", **refusal.names)
    return Words(summary, "", commands(_compare_name(), create_database(refusal.target)))


def _compare_name() -> Remedy:
    """Say to correct a name that is mistyped: a node that comes to a new, empty database makes a second NocoBase."""
    first = tr("First compare DB_DATABASE with the name that the other nodes use, and correct it (database.name).")
    last = tr("Only where no node uses another one: this makes an empty database, in which nothing is installed.")
    return commands(steps(first, comment="--"), steps(last, comment="--"))


def create_database(target: Target, account: str = "") -> str:
    """Return the statements that make the plan's database, for its account."""
    name = sql_name(target, target.name)
    if target.postgres:
        owner = sql_account(target)
        return f"CREATE DATABASE {name} OWNER {owner} ENCODING 'UTF8' TEMPLATE template0;"
    return f"CREATE DATABASE IF NOT EXISTS {name} CHARACTER SET utf8mb4;\n{grant_all(target, account)}"


def permission_words(refusal: Refusal) -> Words:
    """Tell trouble of the kind PERMISSION."""
    target, names = refusal.target, refusal.names
    match refusal.trouble.about:
        case errors.HOST_RULE if target.postgres:
            return Words(
                tr("{product} at {where} has no rule that lets {user} in from here.", **names),
                tr("The rules are in pg_hba.conf; each node needs one."),
                commands(
                    steps(
                        tr(
                            "In pg_hba.conf, at its end, so that whoever comes in now still does; above a rule that "
                            "rejects, if there is one. An old password (md5) needs md5 as the method:"
                        ),
                        _host_rules(target),
                    ),
                    steps(tr("Then:"), "SELECT pg_reload_conf();", comment="--"),
                ),
            )
        case errors.HOST_RULE:
            account = sql_account(target)
            return Words(
                tr("{product} at {where} has no account that may come in from here.", **names),
                "",
                steps(
                    tr(
                        "This lets the account in from everywhere: “%” stands for all addresses, “10.0.0.%” for those "
                        "that begin so."
                    ),
                    f"CREATE USER {account} IDENTIFIED BY '{PASSWORD_HERE}';",
                    *grant_all(target).splitlines(),
                    comment="--",
                ),
            )
        case errors.BLOCKED:
            return Words(
                tr("{product} at {where} blocks this machine after too many broken connections.", **names),
                tr("Something here opens connections and closes them before the handshake, such as a port scan."),
                steps(
                    tr("This lets in whatever the server blocks; it blocks anew until what did that has ended:"),
                    "FLUSH HOSTS;"
                    if target.dialect is Dialect.MARIADB
                    else "TRUNCATE TABLE performance_schema.host_cache;",
                    comment="--",
                ),
            )
        case _ if target.postgres:
            return Words(
                tr("{user} may not enter the database “{database}” on {where}.", **names),
                "",
                commands(f"GRANT CONNECT ON DATABASE {sql_name(target, target.name)} TO {sql_account(target)};"),
            )
        case _:
            return Words(
                tr("{user} may not enter the database “{database}” on {where}, or there is no such database.", **names),
                tr("The server tells an account without rights no more than that."),
                commands(_compare_name(), create_database(target, _account_in(refusal.trouble.message))),
            )


def _account_in(message: str) -> str:
    """Take MySQL's own name of the account out of its "access denied … to database"; empty if it is not there."""
    named = re.search(r"'([^']+)'@'([^']+)'", message)
    return "@".join(named.groups()) if named else ""


def _host_rules(target: Target) -> str:
    """Return a rule of pg_hba.conf for each node's address; a name would have to be known to the server, too."""
    known = [f"{host}/{128 if ':' in host else 32}" for host in target.nodes if is_address(host)]
    unknown = tr("address of the node")
    rest = [f"<{unknown}>/32"] if len(known) < len(target.nodes) or not known else []
    kind = "host" if target.tls is Tls.OFF else "hostssl"
    who = f"{quoted_name(target.name)}  {quoted_name(target.user)}"
    return "\n".join(f"{kind}  {who}  {address}  scram-sha-256" for address in (*known, *rest))
