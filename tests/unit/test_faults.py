"""The table of faults is complete: every id can be broken, and every row names a test that exists."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.row import Fault
from tests.faults.table import CANNOT_BE_BROKEN, FAULTS
from wizard.checks.registry import all_specs
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
    assert {spec.id for spec in all_specs()} - broken == set(CANNOT_BE_BROKEN)


def test_each_way_in_which_an_id_can_be_unsound_is_made_by_a_row():
    made = {(row.id, row.severity) for row in FAULTS}
    unsound = {Severity.WARN, Severity.FAIL}
    assert [
        (spec.id, one) for spec in all_specs() for one in unsound & {*spec.severities} if (spec.id, one) not in made
    ] == []


def test_every_row_is_about_a_check_that_is_there_and_a_state_that_is_not_sound():
    assert {row.id for row in FAULTS} <= {spec.id for spec in all_specs()}
    assert not [row for row in FAULTS if row.severity in {Severity.PASS, Severity.SKIP}]


def test_every_row_names_a_test_that_exists():
    files = {row.at.partition("::")[0] for row in FAULTS}
    there = {f"{file}::{name}" for file in files for name in _tests_of(TESTS / file)}
    assert {row.at.partition("[")[0] for row in FAULTS} - there == set()


WITH_PARAMETERS = [row for row in FAULTS if "[" in row.at]


def _never_run(rows: Iterable[Fault], collected: set[str]) -> list[str]:
    return [row.at for row in rows if f"tests/{row.at}" not in collected]


@pytest.fixture(scope="module")
def collected():
    """Return the ids that pytest itself finds in the files of rows with parameters: only it knows how it names them."""
    files = sorted({f"tests/{row.at.partition('::')[0]}" for row in WITH_PARAMETERS})
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *files]
    alone = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    found = subprocess.run(command, cwd=TESTS.parent, env=alone, capture_output=True, text=True, check=True)
    return set(found.stdout.splitlines())


def test_every_row_with_parameters_names_ones_that_are_run(collected):
    assert _never_run(WITH_PARAMETERS, collected) == []


def test_a_row_with_a_mistyped_parameter_is_noticed(collected):
    mistyped = [replace(row, at=row.at.replace("]", "x]")) for row in WITH_PARAMETERS]
    assert len(_never_run(mistyped, collected)) == len(WITH_PARAMETERS)


def test_each_id_that_follows_or_stands_beside_is_declared_and_has_its_reason_in_a_sentence():
    declared = {spec.id for spec in all_specs()}
    for row in FAULTS:
        assert {*row.follows, *row.beside} <= declared - {row.id}, row.scenario
        assert not set(row.follows) & set(row.beside), row.scenario
        for reason in (*row.follows.values(), *row.beside.values()):
            assert re.fullmatch(r"[A-Z].{15,}\.", reason), (row.scenario, reason)


def test_at_least_sixty_scenarios_are_made_with_real_things_and_none_twice():
    live = [row for row in FAULTS if row.at.startswith("live/")]
    assert len(live) >= 60
    assert len({(row.scenario, row.id) for row in FAULTS}) == len(FAULTS)
    assert len({(row.at, row.expected) for row in FAULTS}) == len(FAULTS)
