"""What the account may do and have: rights on tables, and connections."""

from __future__ import annotations

from typing import Any

from wizard.checks.database import errors, specs
from wizard.checks.database.facts import TABLE_HEAD, Facts, Limits, Ownership
from wizard.checks.database.judge_server import when_known
from wizard.checks.database.target import Target, grant_all, sql_account, sql_name
from wizard.checks.shared.connections import CONNECTIONS_READ, RESERVE, connections_needed, raise_limit, task_pools
from wizard.checks.shared.unread import not_judged, unread_of
from wizard.engine.check import value_of
from wizard.engine.facts import Known, Trouble
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, mark, sentences, tr
from wizard.plan.plan import Plan
from wizard.plan.remedy import Remedy, advice, commands, steps
from wizard.plan.sql import quoted_text

_MAY_NOT = {
    "drop a table": mark("{user} may not drop a table in {place}; NocoBase does so at each start."),
    "create a table": mark("{user} may not create a table in {place}; NocoBase does so at each start."),
    "alter a table": mark("{user} may not alter a table in {place}; NocoBase does so at each start."),
    "index a table": mark("{user} may not index a table in {place}; NocoBase does so at each start."),
    "write into a table": mark("{user} may not write into a table in {place}; NocoBase does so at each start."),
    "create the schema": mark("{user} may not create the schema in {place}; NocoBase does so at each start."),
}
"""By the step of the trial that was refused."""
_MAY_NOT_ALL = mark("{user} may not do in {place} all that NocoBase does at each start.")
_STAYS = mark(
    "A check that is killed just then leaves the table ({head}…) to the next one: this server takes back no"
    " CREATE TABLE, and a temporary table needs another right."
)
_REFUSALS = {ErrorKind.PERMISSION, ErrorKind.MISSING}


def judge_rights(target: Target, facts: Facts) -> Finding:
    """Judge what really creating, altering, indexing and dropping a table showed."""
    spec, place = specs.RIGHTS, _place(target)
    if isinstance(facts.rights, Known) and facts.rights.value is None:
        return spec.skip(tr("Not tried, because {gate} did not pass.", gate=specs.WRITABLE.id))
    if isinstance(facts.rights, Trouble) and facts.rights.about == errors.READ_ONLY:
        return _read_only(target, facts.rights)
    if isinstance(facts.rights, Trouble) and facts.rights.kind in _REFUSALS:
        return _refused(target, facts, facts.rights)
    owned = value_of(facts.ownership)
    if owned and owned.foreign:
        return _foreign(target, owned)
    return when_known(
        spec,
        facts.rights,
        lambda steps: spec.passed(
            tr("{user} may create, alter, index and drop tables in {place}.", user=target.user, place=place),
            detail=sentences(
                tr("Tried with a table that is gone again: {steps}.", steps=listing(map(tr, steps or ()))),
                "" if target.postgres else tr(_STAYS, head=TABLE_HEAD),
            ),
        ),
    )


def _place(target: Target) -> str:
    if target.postgres:
        return tr("the schema “{schema}” of “{database}”", schema=target.schema, database=target.name)
    return tr("the database “{database}”", database=target.name)


def _read_only(target: Target, trouble: Trouble) -> Finding:
    """Say that the rights are not what hinders the account."""
    shown = "SHOW default_transaction_read_only;" if target.postgres else "SHOW VARIABLES LIKE '%read_only';"
    return specs.RIGHTS.fail(
        tr("Sessions of {user} may not write in {place}: they are read-only.", user=target.user, place=_place(target)),
        trouble.kind,
        detail=tr("The answer: {message}", message=trouble.message),
        remedy=steps(tr("Must be off in a session of this account:"), shown, comment="--"),
        elapsed_ms=trouble.elapsed_ms,
    )


def _refused(target: Target, facts: Facts, trouble: Trouble) -> Finding:
    summary = tr(_MAY_NOT.get(trouble.about, _MAY_NOT_ALL), user=target.user, place=_place(target))
    detail = tr("The answer: {message}", message=trouble.message)
    more: dict[str, Any] = {"facts": {"step": trouble.about}, "elapsed_ms": trouble.elapsed_ms}
    return specs.RIGHTS.fail(summary, trouble.kind, detail=detail, remedy=_grant(target, facts, trouble), **more)


def _grant(target: Target, facts: Facts, trouble: Trouble) -> Remedy:
    if not target.postgres:
        return commands(grant_all(target, _own_name(facts)))
    database, schema, account = sql_name(target, target.name), sql_name(target, target.schema), sql_account(target)
    if trouble.kind is ErrorKind.MISSING:
        first = tr("First compare DB_SCHEMA with the name that the other nodes use, and correct it (database.schema).")
        last = tr("Only where no node uses another one: this makes an empty schema, in which nothing is installed.")
        made = f"CREATE SCHEMA {schema} AUTHORIZATION {account};"
        return commands(steps(first, comment="--"), steps(last, made, comment="--"))
    if trouble.about == "create the schema":
        return commands(f"GRANT CREATE ON DATABASE {database} TO {account};")
    return commands(f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {account};")


def _own_name(facts: Facts) -> str:
    """Return MySQL's own name of the account that got in, if it is known."""
    version = value_of(facts.version)
    return version.account if version else ""


def _foreign(target: Target, owned: Ownership) -> Finding:
    return specs.RIGHTS.fail(
        tr(
            "{user} does not own NocoBase's tables in {place}; {owner} does. Only an owner may alter a table.",
            user=target.user,
            place=_place(target),
            owner=owned.owner,
        ),
        ErrorKind.PERMISSION,
        detail=tr(
            "Not owned: {tables}. A dump restored by another account leaves it so.", tables=listing(owned.foreign)
        ),
        remedy=_change_owner(target, owned),
        facts={"tables": list(owned.foreign), "owner": owned.owner},
    )


def _change_owner(target: Target, owned: Ownership) -> Remedy:
    """Change the owner of NocoBase's tables alone: by its prefix, if it has one, and those of the owner found.

    A name that is mistyped is corrected first: the owner may well be the account of the nodes that run.
    """
    first = tr("First compare DB_USER with the account that the other nodes use, and correct it (database.user).")
    last = tr(
        "Only where nobody uses {owner} any more: this takes NocoBase's tables from it, and shuts out who comes by it:",
        owner=owned.owner,
    )
    change = "format('ALTER TABLE %I.%I OWNER TO %I', schemaname, tablename, " + quoted_text(target.user) + ")"
    which = [f"schemaname = {quoted_text(target.schema)}", f"tableowner = {quoted_text(owned.owner)}"]
    if target.prefix:
        which.append(f"left(tablename, {len(target.prefix)}) = {quoted_text(target.prefix)}")
    taken = f"SELECT {change} FROM pg_tables WHERE {' AND '.join(which)} \\gexec"  # noqa: S608 - to be pasted
    return commands(steps(first, comment="--"), steps(last, taken, comment="--"))


def judge_connections(target: Target, plan: Plan, facts: Facts) -> Finding:
    """Judge whether all processes' pools fit what the server allows."""
    pooler = value_of(facts.pooler)
    if pooler and pooler.present:
        return _behind_a_pooler(plan)
    return when_known(specs.CONNECTIONS, facts.limits, lambda limits: _connections(target, plan, facts, limits))


def _behind_a_pooler(plan: Plan) -> Finding:
    """Say what to compare by hand: a pooler tells its limits to its own administrator alone."""
    remedy = None
    if not unread_of(plan, CONNECTIONS_READ):
        remedy = advice(
            tr(
                "Look into the pooler's own settings: the nodes may open {needed} connections, and PgBouncer calls "
                "what it allows max_client_conn and, to the server, default_pool_size.",
                needed=connections_needed(plan),
            )
        )
    return specs.CONNECTIONS.unknown(
        tr("A pooler stands before the server, and its limits cannot be asked from here."), remedy=remedy
    )


def _connections(target: Target, plan: Plan, facts: Facts, limits: Limits) -> Finding:
    spec, available, needed = specs.CONNECTIONS, limits.available, connections_needed(plan)
    if unread := unread_of(plan, CONNECTIONS_READ):
        return not_judged(spec, plan, unread)
    pools = max(plan.processes, 1) * plan.database.pool_max
    account = sql_account(target, _own_name(facts))
    names = {"available": available, "needed": needed, "pools": pools, "in_use": limits.in_use}
    more: dict[str, Any] = {
        "detail": _formula(plan, limits),
        "facts": {"needed": needed, "pools": pools, "available": available, "max_connections": limits.most},
    }
    if limits.left < needed <= available:
        others = tr("Sessions of {user} are not among them, as they may be the cluster's own.", user=target.user)
        more["detail"] = f"{more['detail']} {others}"
        return spec.warn(
            tr(
                "The server allows {available} connections, of which others use {in_use} at this moment: too few are "
                "left for the {needed} of the cluster.",
                **names,
            ),
            remedy=_raise(target, limits, account, needed, limits.in_use or 0),
            **more,
        )
    if needed <= available:
        return spec.passed(
            tr("The server allows {available} connections; the cluster needs {needed}.", **names), **more
        )
    more["remedy"] = _raise(target, limits, account, needed)
    if pools > available:
        return spec.fail(
            tr("The server allows {available} connections, fewer than the {pools} of the processes' pools.", **names),
            ErrorKind.REFUSED,
            **more,
        )
    return spec.warn(
        tr("The server allows {available} connections; with tasks and reserve the cluster needs {needed}.", **names),
        **more,
    )


def _formula(plan: Plan, limits: Limits) -> str:
    lines = [
        tr(
            "Needed: (processes {processes} + async tasks at once {tasks}, each with a pool of its own (inferred)) "
            "× DB_POOL_MAX {pool} + reserve {reserve}.",
            processes=max(plan.processes, 1),
            pool=plan.database.pool_max,
            tasks=task_pools(plan),
            reserve=RESERVE,
        ),
        tr(
            "max_connections is {most}, of which {reserved} are kept for administrators.",
            most=limits.most,
            reserved=limits.reserved,
        ),
    ]
    if limits.account is not None:
        lines.append(tr("The account is limited to {limit}.", limit=limits.account))
    if limits.database is not None:
        lines.append(tr("The database is limited to {limit}.", limit=limits.database))
    if limits.in_use is not None:
        lines.append(tr("Others use {number} at this moment.", number=limits.in_use))
    return sentences(*lines)


def _raise(target: Target, limits: Limits, account: str, needed: int, others: int = 0) -> Remedy:
    """Raise each limit that is too low; `others` are connections that somebody else needs besides."""
    lines: list[str | Remedy] = []
    if (most := needed + limits.reserved + others) > limits.most:
        lines.append(raise_limit(target.dialect, most))
    if limits.account is not None and limits.account < needed:
        lines.append(
            f"ALTER ROLE {account} CONNECTION LIMIT {needed};"
            if target.postgres
            else f"ALTER USER {account} WITH MAX_USER_CONNECTIONS {needed};"
        )
    if limits.database is not None and limits.database < needed:
        lines.append(f"ALTER DATABASE {sql_name(target, target.name)} CONNECTION LIMIT {needed};")
    return commands(*lines)
