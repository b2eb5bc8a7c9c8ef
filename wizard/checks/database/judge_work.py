"""What an installation's workflows do: whether they wait, and whether a schedule runs twice. Pure."""

from __future__ import annotations

from wizard.checks.database import specs
from wizard.checks.database.executions import Work
from wizard.checks.database.facts import Facts
from wizard.checks.database.judge_content import not_installed
from wizard.checks.database.judge_server import when_known
from wizard.checks.database.target import Target
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import clauses, listing, tr
from wizard.plan.spec import Spec

LONG_WAIT = 600
"""Seconds: a workflow begins within moments where a node takes it; ten minutes are more than a restart (inferred)."""


def judge_backlog(target: Target, facts: Facts) -> Finding:
    """Judge how long the oldest workflow execution has waited for a node."""
    spec = specs.BACKLOG
    return not_installed(spec, target, facts) or when_known(spec, facts.work, _backlog)


def judge_duplicates(target: Target, facts: Facts) -> Finding:
    """Judge whether a schedule ran more than once at one moment."""
    spec = specs.DUPLICATES
    return not_installed(spec, target, facts) or when_known(spec, facts.work, _duplicates)


def _backlog(work: Work | None) -> Finding:
    spec = specs.BACKLOG
    if work is None:
        return _no_workflows(spec)
    facts = {"waiting": work.waiting, "oldest_s": work.oldest}
    minutes = work.oldest // 60
    if work.waiting and work.oldest > LONG_WAIT:
        return spec.warn(
            tr(
                "{count} executions of workflows wait, the oldest for {minutes} minutes: no node takes them.",
                count=work.waiting,
                minutes=minutes,
            ),
            detail=tr("They wait in the table “executions”, neither begun nor handed to a node."),
            facts=facts,
        )
    if work.waiting:
        return spec.passed(
            tr(
                "{count} executions of workflows wait, none for more than {minutes} minutes.",
                count=work.waiting,
                minutes=minutes + 1,
            ),
            facts=facts,
        )
    return spec.passed(tr("No execution of a workflow waits."), facts=facts)


def _duplicates(work: Work | None) -> Finding:
    spec = specs.DUPLICATES
    if work is None:
        return _no_workflows(spec)
    if not work.twice:
        return spec.passed(tr("No schedule ran twice at one moment in the last day."))
    told = [
        tr(
            "“{title}”: {count} times, by up to {workers} workers at once",
            title=one.title,
            count=one.seconds,
            workers=one.workers,
        )
        for one in work.twice
    ]
    return spec.fail(
        tr(
            "Schedules run more than once at one moment: {names}.",
            names=listing(f"“{one.title}”" for one in work.twice),
        ),
        ErrorKind.OTHER,
        detail=tr(
            "In the last day: {told}. Each node begins the schedule by itself where the nodes do not share the lock, "
            "or where their version does not keep a second one from beginning (inferred).",
            told=clauses(told),
        ),
        facts={
            "schedules": [{"title": one.title, "seconds": one.seconds, "workers": one.workers} for one in work.twice]
        },
    )


def _no_workflows(spec: Spec) -> Finding:
    return spec.skip(tr("Not looked at: the installation has no workflows."))
