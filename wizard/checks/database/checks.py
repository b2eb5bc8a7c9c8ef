"""The database: one server behind all nodes, looked at as NocoBase will use it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from wizard.checks.database.facts import Facts
from wizard.checks.database.judge_connect import judge_connect
from wizard.checks.database.specs import CONNECT, specs_for
from wizard.checks.database.target import Target
from wizard.engine.check import Check, Prerequisites
from wizard.engine.selection import ALL, Selection
from wizard.plan.finding import Finding
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets

DRIVERS = {True: ("psycopg", "psycopg.pq"), False: ("pymysql", "pymysql.cursors")}
"""What the probe imports (`Check.drivers`), for PostgreSQL and for the others."""

COMPONENT = "database"
_NEEDED = ("database.host", "database.name", "database.user")
_READABLE = (
    "database.dialect",
    "database.port",
    "database.schema",
    "database.table_prefix",
    "database.tls",
    "database.tls_ca",
    "database.tls_cert",
    "database.tls_key",
)
"""What every answer rests on: a default in its place would ask another server, or in another way."""


def checks(plan: Plan, secrets: Secrets, selection: Selection = ALL) -> list[Check[Any]]:
    """Return the one check of the plan's database; its findings have no subject.

    Where the gate alone is wanted, nothing behind it is asked.
    """
    specs = specs_for(plan.database.dialect)
    if [spec for spec in specs if selection.wants(spec.id)] == [CONNECT]:
        specs = (CONNECT,)
    if stopped := prerequisites(plan, secrets).missing(COMPONENT, "", specs):
        return [stopped]
    target = Target.of(plan, secrets)
    probe, gate_alone = _probe_of(target), len(specs) == 1
    return [
        Check(
            component=COMPONENT,
            specs=specs,
            facts=Facts,
            probe=lambda facts: probe(target, facts, gate_alone=gate_alone),
            judge=lambda facts: [judge_connect(target, facts)] if gate_alone else _judge(target, plan, facts),
            drivers=DRIVERS[target.postgres],
        )
    ]


def prerequisites(plan: Plan, secrets: Secrets) -> Prerequisites:
    """Return what must be known before the plan's database is asked anything."""
    unreadable = tuple(key for key in _READABLE if plan.problem(key))
    return Prerequisites(plan, secrets, settings=(*_NEEDED, *unreadable), secret_keys=("database.password",))


class _Probe(Protocol):
    def __call__(self, target: Target, facts: Facts, *, gate_alone: bool = False) -> None: ...


def _probe_of(target: Target) -> _Probe:
    """Return the probe that speaks the server's language; the other's is not loaded."""
    if target.postgres:
        from wizard.checks.database.probe_postgres import probe
    else:
        from wizard.checks.database.probe_mysql import probe
    return probe


def _judge(target: Target, plan: Plan, facts: Facts) -> Iterable[Finding]:
    from wizard.checks.database.judge import judge

    return judge(target, plan, facts)
