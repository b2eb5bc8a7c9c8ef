"""Notes each finding that is made while a test runs, and holds the test to its rows in the table of faults."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.diagnosis import UNSOUND, first_action, is_named_first, rows_of, stray, unsound
from wizard.plan.finding import Finding
from wizard.plan.spec import Spec

NOTES = "FAULT_NOTES"
"""The variable that names a file for what each test made, a line of JSON a test (benchmarks/diagnosis.py)."""
_made: list[Finding] = []


def pytest_configure() -> None:
    make = Spec.finding

    def noted(self: Spec, severity, summary, more):
        finding = make(self, severity, summary, more)
        _made.append(finding)
        return finding

    Spec.finding = noted


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup() -> Iterator[None]:
    _made.clear()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    result = yield
    if rows := rows_of(item.nodeid):
        _note(item.nodeid, rows)
        told = {(made.id, made.subject, made.severity, made.error) for made in _made}
        for row in rows:
            assert row.expected in told, f"{row.scenario}: {row.expected} is in the table of faults and was not found"
    return result


def _note(test, rows) -> None:
    """Write down what a test made, in one piece, as several processes write to the file."""
    if path := os.environ.get(NOTES):
        action = first_action(_made, rows)
        seen = {made.id for made in _made if made.severity in UNSOUND}
        note = {
            "test": test,
            "made": sorted({(made.id, made.subject, made.severity.value) for made in _made}),
            "unsound": sorted(unsound(_made, rows)),
            "stray": sorted(stray(_made, rows)),
            "idle": sorted({one for row in rows for one in (*row.follows, *row.beside)} - seen),
            "first": action.id if action else "",
            "named_first": is_named_first(_made, rows),
        }
        with Path(path).open("ab", buffering=0) as notes:
            notes.write(json.dumps(note).encode() + b"\n")
