"""Notes each finding that is made while a test runs, and holds the test to its rows in the table of faults."""

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.row import Fault
from tests.faults.table import FAULTS
from wizard.plan.spec import Spec

NOTES = "FAULT_NOTES"
"""The variable that names a file for what each test made, a line of JSON a test (benchmarks/diagnosis.py)."""
_made: list[tuple] = []
_rows: dict[str, list[Fault]] = defaultdict(list)
for _fault in FAULTS:
    _rows[f"tests/{_fault.at}"].append(_fault)


def pytest_configure() -> None:
    make = Spec.finding

    def noted(self: Spec, severity, summary, more):
        finding = make(self, severity, summary, more)
        _made.append((finding.id, finding.subject, finding.severity, finding.error))
        return finding

    Spec.finding = noted


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup() -> Iterator[None]:
    _made.clear()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    result = yield
    if path := os.environ.get(NOTES):
        made = sorted({(identifier, subject, severity.value) for identifier, subject, severity, _error in _made})
        with Path(path).open("a", encoding="utf-8") as notes:
            notes.write(json.dumps({"test": item.nodeid, "made": made}) + "\n")
    for row in (*_rows.get(item.nodeid, ()), *_rows.get(item.nodeid.partition("[")[0], ())):
        assert row.expected in _made, f"{row.scenario}: {row.expected} is in the table of faults and was not found"
    return result
