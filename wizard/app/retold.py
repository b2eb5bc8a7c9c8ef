"""Use case tell again: what a run found, in another language, by the facts that it has; nobody is asked anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from wizard.engine.check import Nothing
from wizard.engine.report import Report
from wizard.engine.runner import Run
from wizard.plan.finding import Finding

Key: TypeAlias = tuple[str, str]
"""The id and the subject of a finding."""


def retold(run: Run, report: Report) -> Mapping[Key, Finding]:
    """Return what `report` says in the language in force, as far as its facts give it; `run` is that one, put anew.

    What weighs otherwise than then was said for another reason (a deadline, a busy machine), and is left out.
    """
    now = {(item.id, item.subject): item for item in _judged(run, report)}
    told = {}
    for then in report.findings:
        key = (then.id, then.subject)
        item = now.get(key)
        if item and (item.severity, item.error) == (then.severity, then.error):
            told[key] = replace(item, elapsed_ms=then.elapsed_ms)
    return told


def _judged(run: Run, report: Report) -> Iterator[Finding]:
    found: list[Iterable[Finding]] = []
    for check in run.checks:
        empty = check.facts()
        facts = empty if isinstance(empty, Nothing) else report.facts.get(check.place)
        if facts is not None:
            found.append(check.judge(facts))
    found += [cross.judge(report.facts) for cross in run.cross_checks]
    return (run.accept(run.redactor.finding(item)) for items in found for item in items)
