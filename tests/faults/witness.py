"""Notes each finding that is made while a test runs, and holds the test to its rows in the table of faults.

On a busy machine the first action may be to wait, so that it is not held to the row there.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.diagnosis import UNSOUND, first_action, is_named_first, rows_of, stray, unsound
from tests.patience import factor
from wizard.checks.plan import rules as plan_rules
from wizard.engine.report import Report
from wizard.plan.finding import Finding
from wizard.plan.spec import Spec

NOTES = "FAULT_NOTES"
"""The variable that names a file for what each test made, a line of JSON a test (benchmarks/diagnosis.py)."""
_made: list[Finding] = []
_reported: list[Finding] = []
"""What the runs and rules of a test told: a judge can make a finding and put another in its place."""


def pytest_configure() -> None:
    make, begin, judge = Spec.finding, Report.__init__, plan_rules.rules

    def noted(self: Spec, severity, summary, more):
        finding = make(self, severity, summary, more)
        _made.append(finding)
        return finding

    def reported(self: Report, *arguments, **named):
        begin(self, *arguments, **named)
        _reported.extend(self.findings)

    def judged(*arguments):
        found = judge(*arguments)
        _reported.extend(found)
        return found

    Spec.finding, Report.__init__, plan_rules.rules = noted, reported, judged


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup() -> Iterator[None]:
    _made.clear()
    _reported.clear()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    result = yield
    if rows := rows_of(item.nodeid):
        _note(item.nodeid, rows)
        told = {(made.id, made.subject, made.severity, made.error) for made in (*_made, *_reported)}
        for row in rows:
            assert row.expected in told, f"{row.scenario}: {row.expected} is in the table of faults and was not found"
        assert factor() > 1 or is_named_first(_reported or _made, rows), (
            f"{rows[0].scenario}: the first action is about something else, {first_action(_reported or _made, rows)}"
        )
    return result


def _note(test, rows) -> None:
    """Write down what a test made, in one piece, as several processes write to the file."""
    if path := os.environ.get(NOTES):
        told = _reported or _made
        action = first_action(told, rows)
        seen = {made.id for made in told if made.severity in UNSOUND}
        note = {
            "test": test,
            "made": sorted({(made.id, made.subject, made.severity.value) for made in (*_made, *_reported)}),
            "unsound": sorted(unsound(told, rows)),
            "stray": sorted(stray(told, rows)),
            "idle": sorted({one for row in rows for one in row.follows} - seen),
            "first": action.id if action else "",
            "named_first": is_named_first(told, rows),
        }
        with Path(path).open("ab", buffering=0) as notes:
            notes.write(json.dumps(note).encode() + b"\n")
