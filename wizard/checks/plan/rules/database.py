"""Rules on the database's settings (docs/nocobase.md, "Database")."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import repeat

from wizard.checks.plan.line_ends import without_line_end
from wizard.checks.plan.rule import Rule
from wizard.checks.plan.rules.localhost import astray, places_read
from wizard.checks.plan.specs import DATABASE_LOCALHOST, DATABASE_PASSWORD, DATABASE_TLS, POOL, TIME_ZONE
from wizard.checks.shared.connections import (
    CONNECTIONS_READ,
    RESERVE,
    USUAL_LIMITS,
    connections_needed,
    raise_limit,
    task_pools,
)
from wizard.plan.env_text import LINE_ENDS
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, sentences, tr, trn
from wizard.plan.localhost import goes_astray, why
from wizard.plan.observed import Observed, Topic
from wizard.plan.placeholders import is_placeholder
from wizard.plan.plan import Plan
from wizard.plan.remedy import advice, plan_value, steps
from wizard.plan.secret import Secrets
from wizard.plan.sections import Dialect, Tls
from wizard.plan.sections.database import KIT_TLS_MODES, USUAL_TLS_MODES
from wizard.plan.sql import quoted_name
from wizard.plan.time_zones import broken_zone, offset, unknown_zone

_OF_TLS = "DB_DIALECT_OPTIONS_SSL_"
_TLS_MODE = f"{_OF_TLS}MODE"


def _time_zone(plan: Plan, _secrets: Secrets) -> Finding:
    own, other = plan.application.time_zone, plan.database.time_zone
    facts = {"setting": "database.time_zone"}
    if not own and not other:
        return TIME_ZONE.warn(
            tr("TZ is not set: each node takes its machine's time zone."),
            remedy=plan_value("application.time_zone", "UTC", "TZ=UTC"),
            facts={"setting": "application.time_zone"},
        )
    now = datetime.now(UTC)
    names_two = bool(own and other) and own != other
    unknown = unknown_zone(plan, now)
    if names_two and not unknown and offset(own, now) != offset(other, now):
        summary = tr(
            "TZ is {own} and DB_TIMEZONE is {other}: NocoBase refuses to start on two offsets.", own=own, other=other
        )
        return TIME_ZONE.fail(summary, remedy=plan_value("database.time_zone", own, f"DB_TIMEZONE={own}"), facts=facts)
    if (zone := broken_zone(plan, now)) and plan.database.dialect is Dialect.MARIADB:
        return _no_whole_hours(zone)
    if unknown and (names_two or plan.database.dialect is Dialect.MARIADB):
        return _not_known_here(unknown, two=names_two)
    if names_two:
        return TIME_ZONE.warn(
            tr(
                "TZ is {own} and DB_TIMEZONE is {other}: alike today, perhaps not after a clock change.",
                own=own,
                other=other,
            ),
            detail=tr("NocoBase compares the offsets at each start. Leave DB_TIMEZONE empty: it then follows TZ."),
            facts=facts,
        )
    return TIME_ZONE.passed(tr("All nodes use the time zone {zone}.", zone=own or other), facts=facts)


def _not_known_here(zone: str, *, two: bool) -> Finding:
    refuses = tr("NocoBase refuses to start where TZ and DB_TIMEZONE have two offsets.")
    return TIME_ZONE.unknown(
        tr("Could not be found out how far {zone} is from UTC: this machine has no data of that time zone.", zone=zone),
        detail=refuses if two else tr("MariaDB's own driver takes whole hours from UTC alone."),
        remedy=advice(tr("Install Python's package tzdata on this machine, or check from another one.")),
        facts={"setting": "database.time_zone", "zone": zone},
    )


def _no_whole_hours(zone: str) -> Finding:
    return TIME_ZONE.fail(
        tr(
            "The time zone {zone} is no whole number of hours from UTC, and MariaDB's own driver takes no other: "
            "NocoBase does not connect.",
            zone=zone,
        ),
        detail=sentences(
            tr("Seen with the driver of NocoBase 2.2.15. DB_DIALECT=mysql takes another one, which has no such limit."),
            tr("Or choose a zone of whole hours, such as TZ=UTC."),
        ),
        remedy=plan_value("database.dialect", "mysql", "DB_DIALECT=mysql"),
        facts={"setting": "database.dialect", "zone": zone},
    )


def _read_for_zones(plan: Plan) -> tuple[str, ...]:
    keys = ("application.time_zone", "database.time_zone")
    now = datetime.now(UTC)
    return (*keys, "database.dialect") if broken_zone(plan, now) or unknown_zone(plan, now) else keys


def _password(plan: Plan, secrets: Secrets) -> Iterator[Finding]:
    ref = plan.database.password
    secret = secrets.get(ref.name) if ref else None
    if secret is None or plan.database.dialect is not Dialect.POSTGRES:
        return
    facts = {"setting": "database.password"}
    value = secret.reveal()
    odd = bool(re.search(r"[\s\\]", value)) and not is_placeholder(value)
    if value.endswith(LINE_ENDS):
        yield DATABASE_PASSWORD.warn(
            tr("The database password ends with a line break, which the server's own hardly does."),
            remedy=without_line_end(plan, "DB_PASSWORD"),
            facts=facts,
            cause="line end database.password",
        )
    elif odd and _kit_takes_all(plan):
        yield DATABASE_PASSWORD.passed(
            tr("Over TLS NocoBase's licence kit takes every character of the database password."), facts=facts
        )
    elif odd:
        yield DATABASE_PASSWORD.warn(
            tr("The database password has white space or a backslash, which breaks NocoBase's licence kit."),
            detail=tr("The application connects, but the instance ID cannot be made (observed with NocoBase 2.2.15)."),
            remedy=steps(
                tr(
                    "This changes it on the server, and every node that has the old one is shut out until it has the "
                    "new one. Enter the new one in the plan (database.password) and give it to every node:"
                ),
                shlex.join(["psql", "-c", rf"\password {quoted_name(plan.database.user)}"]),
            ),
            facts=facts,
        )
    else:
        yield DATABASE_PASSWORD.passed(
            tr("The database password has no character that breaks the licence kit."), facts=facts
        )


def _tls(plan: Plan, _secrets: Secrets) -> Finding:
    """Judge what the licence kit makes of TLS: it goes by one variable alone, as kit 0.3.8 was seen to do."""
    database, facts = plan.database, {"setting": "database.tls_mode"}
    if database.tls is Tls.OFF:
        return DATABASE_TLS.passed(tr("The plan reaches the database without TLS."), facts=facts)
    if database.dialect is not Dialect.POSTGRES:
        return _without_tls()
    mode, usual = database.effective_tls_mode, USUAL_TLS_MODES[database.tls]
    remedy = plan_value("database.tls_mode", usual, f"{_TLS_MODE}={usual}")
    if mode not in KIT_TLS_MODES:
        return DATABASE_TLS.fail(
            tr(
                "{name} is “{mode}”: NocoBase's licence kit knows {known} alone.",
                name=_TLS_MODE,
                mode=mode,
                known=listing(KIT_TLS_MODES),
            ),
            ErrorKind.PROTOCOL,
            remedy=remedy,
            facts=facts,
        )
    if _lacks_mode(plan):
        return DATABASE_TLS.warn(
            tr("{name} is not set: NocoBase's licence kit then asks the database without TLS.", name=_TLS_MODE),
            detail=tr("A server that lets nobody in without TLS refuses it, and no instance ID is made."),
            remedy=remedy,
            facts=facts,
        )
    return DATABASE_TLS.passed(
        tr("{name} is {mode}, which the licence kit knows.", name=_TLS_MODE, mode=mode), facts=facts
    )


def _without_tls() -> Finding:
    """Say that the kit knows no TLS of MySQL and MariaDB."""
    return DATABASE_TLS.info(
        tr("NocoBase's licence kit reaches MySQL and MariaDB without TLS."),
        detail=sentences(
            tr(
                "Where the server has require_secure_transport=ON, or the account REQUIRE SSL, X509 or the like, "
                "no instance ID is made; the check database.tls asks the server."
            ),
            tr("Else nothing is amiss. NocoBase itself uses TLS in either case."),
        ),
        facts={"setting": "database.tls_mode"},
    )


def _kit_takes_all(plan: Plan) -> bool:
    """Whether the kit gets its address in parts, in which no sign breaks anything: with a mode of TLS (kit 0.3.8)."""
    database = plan.database
    if database.tls is Tls.OFF or plan.problem("database.tls") or plan.problem("database.tls_mode"):
        return False
    return database.effective_tls_mode in KIT_TLS_MODES and not _lacks_mode(plan)


def _lacks_mode(plan: Plan) -> bool:
    """Whether the plan's TLS comes of variables among which that of the mode is not; an export writes it."""
    names = {place.name for place in plan.places.values()}
    return not plan.database.tls_mode and _TLS_MODE not in names and any(map(str.startswith, names, repeat(_OF_TLS)))


def _pool(plan: Plan, _secrets: Secrets) -> Finding:
    database, facts = plan.database, {"setting": "database.pool_max"}
    if database.pool_min > database.pool_max:
        return POOL.fail(
            tr(
                "DB_POOL_MIN is {least}, more than DB_POOL_MAX, {most}.",
                least=database.pool_min,
                most=database.pool_max,
            ),
            remedy=plan_value("database.pool_min", 0, "DB_POOL_MIN=0"),
            facts=facts,
        )
    if not plan.nodes:
        return POOL.skip(tr("Not judged: the plan names no nodes that would open connections."), facts=facts)
    needed, usual = connections_needed(plan), USUAL_LIMITS[database.dialect]
    if (given := next(iter(plan.seen(Topic.CONNECTIONS)), None)) and needed > int(given.value):
        return _too_few(plan, given, needed)
    facts_counted = {**facts, "needed": needed, "usual": usual}
    if needed > usual:
        return POOL.info(
            tr(
                "The cluster may open {needed} connections; a server as it comes allows {usual}.",
                needed=needed,
                usual=usual,
            ),
            detail=tr(
                "Processes {processes} × DB_POOL_MAX {pool}, a pool of its own for each of {tasks} async tasks at once "
                "(inferred), {reserve} in reserve. The check of the server compares it with its own limit.",
                processes=plan.processes,
                pool=database.pool_max,
                tasks=task_pools(plan),
                reserve=RESERVE,
            ),
            remedy=raise_limit(database.dialect, needed),
            facts=facts_counted,
        )
    return POOL.passed(tr("The cluster opens {needed} connections at most.", needed=needed), facts=facts_counted)


def _too_few(plan: Plan, given: Observed, needed: int) -> Finding:
    return POOL.fail(
        trn(
            "The cluster may open {needed} connections, and the database server is started with {count}.",
            "The cluster may open {needed} connections, and the database server is started with {count}.",
            needed=needed,
            count=int(given.value),
        ),
        detail=given.place.words,
        remedy=raise_limit(plan.database.dialect, needed),
        facts={"setting": "database.pool_max", "needed": needed, "limit": int(given.value)},
    )


def _localhost(plan: Plan, _secrets: Secrets) -> Iterator[Finding]:
    if plan.database.host:
        yield _reached(plan)


def _reached(plan: Plan) -> Finding:
    facts = {"setting": "database.host"}
    host = plan.database.host
    if goes_astray(plan, host):
        summary = why(plan, tr("The database"), host)
        return astray(plan, DATABASE_LOCALHOST, summary, facts=facts)
    return DATABASE_LOCALHOST.passed(tr("Every node reaches the database as {host}.", host=host), facts=facts)


RULES = (
    Rule(_time_zone, _read_for_zones),
    Rule(_password, ("database.dialect", "database.password")),
    Rule(_tls, ("database.dialect", "database.tls", "database.tls_mode")),
    Rule(_pool, ("database.dialect", "database.pool_min", *CONNECTIONS_READ)),
    Rule(_localhost, lambda plan: ("database.host", *places_read(plan.database.host))),
)
