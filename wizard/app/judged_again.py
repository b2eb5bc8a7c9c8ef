"""Use case judge again: a kept run by its facts, without the network, also by a newer program.

What cannot be judged from what was kept stands as it was found then: rules that need a secret, facts that held one, and
what this machine was too busy to tell.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from wizard.app.check import accepted
from wizard.app.from_here import from_here, with_names
from wizard.app.history import HistoryError, PastRun, from_file
from wizard.checks.registry import checks_for, cross_checks_for
from wizard.engine.check import Nothing
from wizard.engine.component import Request
from wizard.engine.facts_json import FactsJsonError, facts_from_json
from wizard.engine.report import Report
from wizard.formats import cluster_file
from wizard.formats.files import SourceError
from wizard.plan.finding import ErrorKind, Finding, Severity
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret

_STAND_IN = "stands in for a secret that is not kept"

Key = tuple[str, str]


def kept_run(path: Path) -> PastRun | None:
    """Return the kept run in a file, None where it is something else; raises HistoryError where it cannot be read."""
    try:
        found = from_file(path)
    except HistoryError:
        if path.is_file():
            return None
        raise
    return found if "run" in found.document else None


def plan_of(past: PastRun) -> Plan:
    """Return the plan of a kept run; raises HistoryError."""
    run = past.document["run"]
    try:
        plan = cluster_file.read(json.dumps(run["plan"]), str(past.path), draft=True)
    except (SourceError, KeyError) as error:
        raise HistoryError(tr("{path} has no plan that can be read.", path=past.path)) from error
    return with_names(replace(plan, unsaid=frozenset(run.get("unsaid", ()))), run.get("inside_names", {}))


def judged_again(past: PastRun, plan: Plan) -> Report:
    """Return the report of a kept run by the judges of today, for a plan; raises HistoryError."""
    kept = _facts_of(past)
    secrets = {ref.name: Secret(_STAND_IN) for _key, ref in plan.secret_refs()}
    facts: dict[Key, Any] = {}
    found: list[Finding] = []
    unsure = False
    for check in checks_for(plan, secrets, Request(selection=past.selection)):
        key = check.place
        empty = check.facts()
        if key not in kept or isinstance(empty, Nothing):
            continue
        try:
            facts[key] = facts_from_json(type(empty), kept[key])
        except FactsJsonError:  # of another version: what it found then stands
            continue
        unsure = unsure or _holds(kept[key], "withheld")
        found += check.judge(facts[key])
    for cross in cross_checks_for(plan, past.selection):
        found += cross.judge(facts)
    return _merged(past, plan, found, unsure=unsure)


def _merged(past: PastRun, plan: Plan, found: Iterable[Finding], *, unsure: bool) -> Report:
    """Return the findings of then in their order, with what is said today in their place, and what is new behind."""
    today = {(item.id, item.subject): item for item in found if past.selection.wants(item.id)}
    merged: list[Finding] = []
    for then in past.findings:
        now = today.pop((then.id, then.subject), None)
        merged.append(then if now is None or _stands(then, now, unsure=unsure) else now)
    findings = tuple(
        accepted(plan, from_here(replace(item, accepted=None), plan)) for item in [*merged, *today.values()]
    )
    return Report(findings, past.started, past.elapsed_ms, cancelled=bool(past.document["run"].get("cancelled")))


def _stands(then: Finding, now: Finding, *, unsure: bool) -> bool:
    """Whether a finding of then counts more than what can be said of it from what was kept.

    `unsure`: a fact held a secret, and was not kept.
    """
    if now.severity is Severity.UNKNOWN and then.severity is not Severity.UNKNOWN:
        return unsure  # a comparison of the whole cluster rests on the facts of many
    return then.severity is Severity.UNKNOWN and then.error is ErrorKind.TIMEOUT and now.error is ErrorKind.TIMEOUT


def _facts_of(past: PastRun) -> dict[Key, Mapping[str, Any]]:
    try:
        return {(item["component"], item["subject"]): item["facts"] for item in past.document["run"]["facts"]}
    except (KeyError, TypeError) as error:
        raise HistoryError(tr("{path} has no facts that can be read.", path=past.path)) from error


def _holds(data: Any, key: str) -> bool:
    """Whether a key is anywhere in plain data."""
    if isinstance(data, Mapping):
        return key in data or any(_holds(item, key) for item in data.values())
    return isinstance(data, list) and any(_holds(item, key) for item in data)
