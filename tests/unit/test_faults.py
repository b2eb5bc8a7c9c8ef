"""The table of faults is complete: every id can be broken, and every row names a test that exists."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.faults.table import CANNOT_BE_BROKEN, FAULTS
from wizard.checks.catalogue import ALL_SPECS
from wizard.plan.finding import Severity

TESTS = Path(__file__).parents[1]


def _tests_of(file: Path) -> Iterator[str]:
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.ClassDef):
            yield from (f"{node.name}::{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef))
        elif isinstance(node, ast.FunctionDef):
            yield node.name


def test_every_id_is_broken_by_a_row_or_says_why_not():
    broken = {row.id for row in FAULTS}
    assert {spec.id for spec in ALL_SPECS} - broken == set(CANNOT_BE_BROKEN)


def test_every_row_is_about_a_check_that_is_there_and_a_state_that_is_not_sound():
    assert {row.id for row in FAULTS} <= {spec.id for spec in ALL_SPECS}
    assert not [row for row in FAULTS if row.severity in {Severity.PASS, Severity.SKIP}]


def test_every_row_names_a_test_that_exists():
    files = {row.at.partition("::")[0] for row in FAULTS}
    there = {f"{file}::{name}" for file in files for name in _tests_of(TESTS / file)}
    assert {row.at.partition("[")[0] for row in FAULTS} - there == set()


def test_at_least_sixty_scenarios_are_made_with_real_things_and_none_twice():
    live = [row for row in FAULTS if row.at.startswith("live/")]
    assert len(live) >= 60
    assert len({(row.scenario, row.id) for row in FAULTS}) == len(FAULTS)
    assert len({(row.at, row.expected) for row in FAULTS}) == len(FAULTS)
