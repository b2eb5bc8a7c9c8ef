"""Judge all that was found of a database. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.checks.database.facts import Facts
from wizard.checks.database.judge_account import judge_connections, judge_rights
from wizard.checks.database.judge_connect import judge_connect
from wizard.checks.database.judge_content import judge_file_storage, judge_installation, judge_plugins
from wizard.checks.database.judge_encoding import judge_encoding
from wizard.checks.database.judge_server import judge_server, judge_tls
from wizard.checks.database.judge_work import judge_backlog, judge_duplicates
from wizard.checks.database.specs import (
    BACKLOG,
    CONNECT,
    DUPLICATES,
    FILE_STORAGE,
    INSTALLATION,
    PLUGINS,
    POOLER,
    SPECS,
    TABLE_NAMES,
    specs_for,
)
from wizard.checks.database.target import Target
from wizard.checks.shared.unread import not_judged
from wizard.engine.check import skip_rest, value_of
from wizard.engine.facts import Known
from wizard.plan.finding import Finding, Severity
from wizard.plan.plan import Plan

_NAMING = "database.underscored"
_ON_NAMING = (TABLE_NAMES, INSTALLATION, PLUGINS, FILE_STORAGE, BACKLOG, DUPLICATES)
"""What rests on how NocoBase names its tables."""


def judge(target: Target, plan: Plan, facts: Facts) -> Iterator[Finding]:
    """Judge all that was found, in the order of SPECS; nothing but the gate where no connection was made."""
    yield judge_connect(target, facts)
    if not isinstance(facts.connected, Known):
        yield from skip_rest(specs_for(target.dialect), CONNECT)
        return
    findings = [
        *judge_server(target, facts),
        judge_encoding(target, facts),
        judge_rights(target, facts),
        judge_connections(target, plan, facts),
        judge_tls(target, plan, facts),
        judge_installation(target, plan, facts),
        judge_plugins(target, plan, facts),
        judge_file_storage(target, facts),
        judge_backlog(target, facts),
        judge_duplicates(target, facts),
    ]
    if plan.problem(_NAMING):
        findings = _without(findings, {spec.id: not_judged(spec, plan, (_NAMING,)) for spec in _ON_NAMING})
    pooler = value_of(facts.pooler)
    if pooler and pooler.statements:
        unseen = {finding.id for finding in findings if finding.severity in {Severity.UNKNOWN, Severity.SKIP}}
        findings = _without(findings, {skip.id: skip for skip in skip_rest(SPECS, POOLER) if skip.id in unseen})
    order = {spec.id: position for position, spec in enumerate(SPECS)}
    yield from sorted(findings, key=lambda finding: order[finding.id])


def _without(findings: list[Finding], others: dict[str, Finding]) -> list[Finding]:
    """Put other findings in the place of those that have nothing to rest on."""
    return [others.get(finding.id, finding) for finding in findings]
