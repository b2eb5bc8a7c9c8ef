"""Every remedy that is commands is pasted by a test that sees the fault gone, or says why none does it."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHECKS = ROOT / "wizard/checks"
LISTED = tomllib.loads((ROOT / "tests/remedies_run.toml").read_text())
NOT_RUN = {place: entry["why"] for entry in LISTED["not_run"] for place in entry["places"]}
MAKERS = {"commands", "steps"}


def _declares(function: ast.FunctionDef) -> bool:
    calls = (node for node in ast.walk(function) if isinstance(node, ast.Call))
    return any(isinstance(call.func, ast.Name) and call.func.id in MAKERS for call in calls)


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _declared() -> set[str]:
    return {
        f"{file.relative_to(CHECKS).as_posix()}:{function.name}"
        for file in CHECKS.rglob("*.py")
        for function in _functions(ast.parse(file.read_text()))
        if _declares(function)
    }


def test_each_place_that_declares_one_is_run_or_says_why_not():
    declared = _declared()
    assert len(declared) > 100
    assert declared - set(LISTED["run"]) - set(NOT_RUN) == set()
    assert (set(LISTED["run"]) | set(NOT_RUN)) - declared == set()
    assert set(LISTED["run"]) & set(NOT_RUN) == set()


@pytest.mark.parametrize(("place", "test"), LISTED["run"].items(), ids=LISTED["run"])
def test_the_test_that_runs_it_is_there_and_pastes(place, test):
    file, _, name = test.partition("::")
    [function] = [one for one in _functions(ast.parse((ROOT / file).read_text())) if one.name == name]
    text = ast.unparse(function)
    assert "remedy" in text, place
    pasting = (
        "paste(",
        "append(",
        "run_sql(",
        "subprocess.run(",
        "launch(",
        "_refused_by_the_remedy(",
        "site(",
        "lines_added",
    )
    assert any(word in text for word in pasting), place


def test_each_reason_is_a_sentence():
    assert not [why for why in NOT_RUN.values() if not (why[0].isupper() and why.endswith(".") and " " in why)]
