"""The database: one server behind all nodes, looked at as NocoBase will use it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wizard.checks.check import Check, Prerequisites, skip_rest
from wizard.checks.database import probe_mysql, probe_postgres
from wizard.checks.database.facts import Facts
from wizard.checks.database.judge_account import judge_connections, judge_rights
from wizard.checks.database.judge_connect import judge_connect
from wizard.checks.database.judge_content import judge_file_storage, judge_installation, judge_plugins
from wizard.checks.database.judge_server import judge_server, judge_tls
from wizard.checks.database.specs import CONNECT, SPECS, specs_for
from wizard.checks.database.target import Target
from wizard.checks.facts import Known
from wizard.plan.finding import Finding
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets

__all__ = ["SPECS", "checks"]

COMPONENT = "database"
_NEEDED = ("database.host", "database.name", "database.user")
_READABLE = ("database.dialect", "database.port", "database.schema", "database.table_prefix", "database.tls")


def checks(plan: Plan, secrets: Secrets) -> list[Check[Any]]:
    """Give the one check of the plan's database; its findings have no subject."""
    specs = specs_for(plan.database.dialect)
    unreadable = tuple(key for key in _READABLE if plan.problem(key))
    wanted = Prerequisites(plan, secrets, settings=(*_NEEDED, *unreadable), secret_keys=("database.password",))
    if stopped := wanted.missing(COMPONENT, "", specs):
        return [stopped]
    target = Target.of(plan, secrets)
    probe = probe_postgres.probe if target.postgres else probe_mysql.probe
    return [
        Check(
            component=COMPONENT,
            specs=specs,
            facts=Facts,
            probe=lambda facts: probe(target, facts),
            judge=lambda facts: judge(target, plan, facts),
        )
    ]


def judge(target: Target, plan: Plan, facts: Facts) -> Iterator[Finding]:
    """Judge all that was found, in the order of SPECS; nothing but the gate where no connection was made."""
    yield judge_connect(target, facts)
    if not isinstance(facts.connected, Known):
        yield from skip_rest(specs_for(target.dialect), CONNECT)
        return
    findings = [
        *judge_server(target, facts),
        judge_rights(target, facts),
        judge_connections(target, plan, facts),
        judge_tls(target, facts),
        judge_installation(target, plan, facts),
        judge_plugins(target, plan, facts),
        judge_file_storage(target, facts),
    ]
    order = {spec.id: position for position, spec in enumerate(SPECS)}
    yield from sorted(findings, key=lambda finding: order[finding.id])
