"""What the server is: version, kind, role, names, limits, TLS, clock, pooler, speed."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import replace
from ipaddress import ip_address
from typing import Any, TypeVar

from wizard.checks.database import specs
from wizard.checks.database.facts import Encryption, Facts, Pooler, Role, ServerVersion
from wizard.checks.database.kinds import PRODUCTS, ServerKind, server_kind, server_name, version_number
from wizard.checks.database.target import Target, sql_account, sql_name
from wizard.checks.database.words import check_certificate
from wizard.engine.check import value_of
from wizard.engine.facts import Fact, Known, Trouble
from wizard.net.clock import MAX_SKEW, Clock
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, mark, sentences, tr
from wizard.plan.plan import Plan
from wizard.plan.remedy import Remedy, advice, commands, plan_value, steps
from wizard.plan.sections import Dialect, Licence, LicenceMethod, Tls
from wizard.plan.spec import Spec
from wizard.plan.versions import at_least

T = TypeVar("T")

MINIMUM = {Dialect.POSTGRES: (10,), Dialect.MYSQL: (8, 0, 17), Dialect.MARIADB: (10, 9)}
"""What NocoBase refuses to start below (packages/core/database/src/dialects)."""
QUICK_MS, SLOW_MS = 20, 100
"""Our own bounds: NocoBase makes dozens of round trips for one request."""


def when_known(spec: Spec, fact: Fact[T], judge: Callable[[T], Finding]) -> Finding:
    """Judge a fact that was found; of one that was not, say so: never a pass."""
    match fact:
        case Known(value):
            return replace(judge(value), elapsed_ms=fact.elapsed_ms)
        case Trouble():
            return spec.unknown(
                tr("Could not be found out: {message}", message=fact.message),
                error=fact.kind,
                elapsed_ms=fact.elapsed_ms,
            )
        case _:
            return spec.skip(tr("Not looked at, because the server stopped answering before."))


def judge_server(target: Target, facts: Facts) -> Iterator[Finding]:
    """Judge the server itself."""
    yield when_known(specs.VERSION, facts.version, lambda version: _version(target, version))
    yield when_known(specs.DIALECT, facts.version, lambda version: _dialect(target, version))
    yield when_known(specs.WRITABLE, facts.role, lambda role: _writable(target, role))
    if not target.postgres:
        yield when_known(specs.TABLE_NAMES, facts.table_names, lambda mode: _table_names(target, mode))
    yield when_known(specs.CLOCK, facts.clock, lambda clock: _clock(target, clock))
    if target.postgres:
        yield when_known(specs.POOLER, facts.pooler, _pooler)
    yield when_known(specs.LATENCY, facts.latency, lambda median: _latency(target, median))


def _version(target: Target, version: ServerVersion) -> Finding:
    kind, name = server_kind(target, version), server_name(target, version)
    if target.dialect is Dialect.MARIADB and kind is ServerKind.MYSQL:
        return specs.VERSION.skip(tr("Not judged: {name} is not MariaDB; see database.dialect.", name=name))
    least = ".".join(map(str, MINIMUM[target.dialect]))
    more: dict[str, Any] = {"detail": version.text, "facts": {"version": version_number(version), "minimum": least}}
    if at_least(version.text, MINIMUM[target.dialect]):
        return specs.VERSION.passed(
            tr("{name} is new enough; NocoBase demands {least}.", name=name, least=least), **more
        )
    return specs.VERSION.fail(
        tr(
            "{name} is too old: NocoBase demands {product} {least} or newer, and refuses to start.",
            name=name,
            product=PRODUCTS[target.dialect],
            least=least,
        ),
        ErrorKind.VERSION,
        remedy=advice(tr("Upgrade the server, with a backup made before.")),
        **more,
    )


def _dialect(target: Target, version: ServerVersion) -> Finding:
    kind, name, spec = server_kind(target, version), server_name(target, version), specs.DIALECT
    dialect = target.dialect.value
    more: dict[str, Any] = {"facts": {"server": kind.value, "dialect": dialect}}
    if kind.value == PRODUCTS[target.dialect]:
        return spec.passed(tr("{name} is what DB_DIALECT={dialect} names.", name=name, dialect=dialect), **more)
    if kind is ServerKind.MYSQL:
        return spec.fail(
            tr("The server is {name}, and DB_DIALECT is mariadb: NocoBase refuses to start.", name=name),
            ErrorKind.VERSION,
            detail=tr("NocoBase compares the version with MariaDB's, of which 10.9 is the oldest that will do."),
            remedy=plan_value("database.dialect", "mysql", "DB_DIALECT=mysql"),
            **more,
        )
    if kind is ServerKind.MARIADB and target.broken_zone:
        return spec.passed(
            tr(
                "The server is {name}, and DB_DIALECT=mysql suits it: MariaDB's own driver does not take the time zone "
                "{zone}.",
                name=name,
                zone=target.broken_zone,
            ),
            **more,
        )
    if kind is ServerKind.MARIADB:
        return spec.warn(
            tr("The server is {name}, and DB_DIALECT is mysql: NocoBase starts, with the other driver.", name=name),
            detail=tr("With DB_DIALECT=mariadb NocoBase uses MariaDB's own driver and demands MariaDB 10.9."),
            remedy=plan_value("database.dialect", "mariadb", "DB_DIALECT=mariadb"),
            **more,
        )
    return spec.warn(
        tr("The server speaks PostgreSQL's language, but is {name}.", name=name),
        detail=tr("NocoBase is made for PostgreSQL itself. {text}", text=version.text),
        **more,
    )


def _writable(target: Target, role: Role) -> Finding:
    spec = specs.WRITABLE
    more: dict[str, Any] = {"facts": {"hindrances": list(role.hindrances)}}
    if not role.hindrances:
        return spec.passed(tr("The server at {where} is the primary and takes writes.", where=target.where), **more)
    remedy = _lead_elsewhere() if "pg_is_in_recovery()" in role.hindrances else _let_write(target, role)
    return spec.fail(
        _takes_no_writes(target, role), ErrorKind.PERMISSION, remedy=remedy, because=("database.host",), **more
    )


def _takes_no_writes(target: Target, role: Role) -> str:
    names = {"where": target.where, "names": listing(role.hindrances)}
    if "pg_is_in_recovery()" in role.hindrances:
        return tr("The server at {where} is a standby: it takes no writes.", **names)
    if target.postgres:
        return tr("Transactions at {where} are read-only ({names}).", **names)
    return tr("The server at {where} takes no writes ({names}).", **names)


def _lead_elsewhere() -> Remedy:
    """Say which server is to be named, and how an administrator of the standby sees it."""
    return steps(
        tr(
            "Let DB_HOST lead to the primary (database.host), always: after a failover, too. As an administrator of "
            "the standby this names it:"
        ),
        "SELECT sender_host, sender_port FROM pg_stat_wal_receiver;",
        comment="--",
    )


def _let_write(target: Target, role: Role) -> Remedy:
    """Return the statements that let a primary take writes, behind the words that a replica is to stay as it is."""
    if target.postgres:
        return steps(
            tr(
                "Only where nobody has set it so on purpose. This counts for everybody who connects to the database "
                "from now on; the second line for the account, in every database:"
            ),
            f"ALTER DATABASE {sql_name(target, target.name)} SET default_transaction_read_only = off;",
            f"ALTER ROLE {sql_account(target)} SET default_transaction_read_only = off;",
            comment="--",
        )
    first = steps(
        tr(
            "First see whether the server is a replica, which is read-only on purpose: then correct DB_HOST to lead to "
            "the primary (database.host)."
        ),
        "SHOW REPLICA STATUS;",
        comment="--",
    )
    settable = [f"SET GLOBAL {name} = OFF;" for name in role.hindrances if name != "innodb_read_only"]
    last = tr("Only where it is the primary. This counts at once, for everybody who uses the server:")
    return commands(first, steps(last, *settable, comment="--")) if settable else first


def _table_names(target: Target, mode: int | None) -> Finding:
    spec, facts = specs.TABLE_NAMES, {"lower_case_table_names": mode, "underscored": target.underscored}
    if mode == 1 and not target.underscored:
        return spec.fail(
            tr("The server folds table names to small letters: NocoBase refuses to start without DB_UNDERSCORED=true."),
            ErrorKind.VERSION,
            detail=sentences(
                tr("lower_case_table_names is 1, and MariaDB takes another value at a start alone.")
                if target.dialect is Dialect.MARIADB
                else tr("lower_case_table_names is 1, and can be changed only by making the server anew."),
                tr("Never change DB_UNDERSCORED after the installation."),
            ),
            remedy=plan_value("database.underscored", True, "DB_UNDERSCORED=true"),
            facts=facts,
        )
    return spec.passed(tr("lower_case_table_names is {mode}, which suits the plan.", mode=mode), facts=facts)


def judge_tls(target: Target, plan: Plan, facts: Facts) -> Finding:
    """Judge how the connection is protected."""
    return when_known(specs.TLS, facts.encryption, lambda encryption: _tls(target, plan, facts, encryption))


def _tls(target: Target, plan: Plan, facts: Facts, encryption: Encryption) -> Finding:
    spec, trust = specs.TLS, value_of(facts.trust)
    names = {"where": target.where, "protocol": encryption.protocol}
    more: dict[str, Any] = {"facts": {"protocol": encryption.protocol, "cipher": encryption.cipher}}
    if not encryption.protocol:
        return _plain(target, facts)
    if encryption.protocol in {"TLSv1", "TLSv1.0", "TLSv1.1"}:
        return spec.warn(tr("{where} speaks {protocol}, which is no longer safe.", **names), **more)
    if encryption.demanded and _may_come_by_key(plan.licence):
        return _keeps_the_kit_out(target, encryption, more)
    if trust and not trust.checkable:
        return spec.unknown(
            tr("Encrypted with {protocol}; this machine lacks {files}.", **names, files=listing(trust.absent)),
            detail=tr("The files are meant for the nodes. What depends on them was not checked from here."),
            error=ErrorKind.MISSING,
            **more,
        )
    if target.tls is Tls.VERIFY:
        return spec.passed(
            tr("Encrypted with {protocol}, and the certificate of {where} is checked.", **names),
            detail=tr(_LIMITS[target.dialect]) if target.dialect in _LIMITS else "",
            **more,
        )
    return spec.info(
        tr("Encrypted with {protocol}, but the certificate of {where} is not checked.", **names),
        detail=tr("Whoever can stand in between can pose as the server. Give the authority file and check."),
        remedy=check_certificate(target),
        **more,
    )


def _may_come_by_key(licence: Licence) -> bool:
    """Whether plug-ins may come by a licence key, so that NocoBase's licence kit enters the database, too."""
    by_account = licence.method is LicenceMethod.ACCOUNT and bool(licence.username)
    return not licence.without_plugins and not by_account


def _keeps_the_kit_out(target: Target, encryption: Encryption, more: dict[str, Any]) -> Finding:
    """Say that NocoBase's licence kit, which never uses TLS with MySQL, is not let in (seen with kit 0.3.8)."""
    return specs.TLS.warn(
        tr(
            "{where} lets {user} in over TLS alone ({demanded}): NocoBase's licence kit connects without it, and is "
            "refused.",
            where=target.where,
            user=target.user,
            demanded=encryption.demanded,
        ),
        detail=tr(
            "It connects where the instance ID is made, and at each start of a node that has a licence key: refused, "
            "it makes no ID, and no commercial plug-in is fetched. The refusal may read like a wrong password. "
            "NocoBase itself uses TLS, and works."
        ),
        remedy=advice(
            tr(
                "Let the account in without TLS, too, from the nodes and from where the instance ID is made. Where no "
                "node has a licence key, nothing is to be done."
            )
        ),
        **more,
    )


_LIMITS = {
    Dialect.MYSQL: mark("The driver for DB_DIALECT=mysql does not compare the certificate's name with the host."),
}
"""What TLS does not cover in NocoBase, by dialect."""


def _plain(target: Target, facts: Facts) -> Finding:
    spec, names = specs.TLS, {"where": target.where}
    more: dict[str, Any] = {"facts": {"protocol": ""}}
    if all(ip_address(address.partition("%")[0]).is_private for address in value_of(facts.addresses) or ()):
        return spec.info(tr("Not encrypted; {where} is in a private network.", **names), **more)
    return spec.warn(
        tr("Not encrypted, and {where} is a public address: all data travels in clear.", **names),
        remedy=check_certificate(target),
        **more,
    )


def _clock(target: Target, clock: Clock) -> Finding:
    skew = abs(clock.ahead)
    certain = max(0.0, skew - clock.error)
    facts = {"ahead_s": round(clock.ahead, 3), "zone": clock.zone}
    detail = tr("The server's time zone is {zone}.", zone=clock.zone)
    if certain <= MAX_SKEW:
        summary = tr(
            "The clock of {where} agrees with this machine's within {skew:.1f} s.",
            where=target.where,
            skew=max(skew, 0.1),
        )
        return specs.CLOCK.passed(summary, detail=detail, facts=facts)
    words = (
        tr("The clock of {where} is {skew:.1f} s ahead of this machine's.", where=target.where, skew=skew)
        if clock.ahead > 0
        else tr("The clock of {where} is {skew:.1f} s behind this machine's.", where=target.where, skew=skew)
    )
    return specs.CLOCK.warn(
        words,
        detail=sentences(detail, tr("Either may be wrong. Schedules and NocoBase's IDs lean on clocks that agree.")),
        remedy=commands("timedatectl set-ntp true"),
        facts=facts,
    )


def _pooler(pooler: Pooler | None) -> Finding:
    spec, facts = specs.POOLER, {"present": bool(pooler and pooler.present), "mixed": bool(pooler and pooler.mixed)}
    if not pooler or not pooler.present:
        return spec.passed(tr("No pooler stands between here and the server."), facts=facts)
    if pooler.statements:
        return spec.fail(
            tr("A pooler in statement mode stands between here and the server: NocoBase's transactions fail."),
            ErrorKind.PROTOCOL,
            detail=tr(
                "It may change the session after each statement, and ends a connection that begins a transaction."
            ),
            remedy=commands("# pgbouncer.ini\npool_mode = session"),
            facts=facts,
        )
    if not pooler.mixed:
        return spec.info(
            tr("A pooler stands between here and the server; each connection seems to keep its session."), facts=facts
        )
    return spec.warn(
        tr("A pooler in transaction mode stands between here and the server: it mixes sessions."),
        detail=tr(
            "NocoBase sets time zone and search path once per connection (inferred: another session may get them). "
            "Let the pooler keep one session per connection, or go around it."
        ),
        remedy=commands("# pgbouncer.ini\npool_mode = session"),
        facts=facts,
    )


def _latency(target: Target, median: float) -> Finding:
    facts, names = {"median_ms": round(median, 2)}, {"where": target.where, "time": max(0.1, median)}
    detail = tr("The median of a few round trips from this machine; from a node it may differ.")
    if median <= QUICK_MS:
        return specs.LATENCY.passed(tr("{where} answers in {time:.1f} ms.", **names), detail=detail, facts=facts)
    if median <= SLOW_MS:
        return specs.LATENCY.info(tr("{where} takes {time:.0f} ms to answer.", **names), detail=detail, facts=facts)
    return specs.LATENCY.warn(
        tr("{where} takes {time:.0f} ms to answer: every page will wait for it many times.", **names),
        detail=detail,
        remedy=commands(shlex.join(["ping", "-c", "5", target.host])),
        facts=facts,
    )
