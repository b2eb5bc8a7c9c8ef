"""The command that measures: its table, its file, its exit codes, and the page that says what is measured."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import __main__ as command
from benchmarks import answers, timing

PAGE = Path(__file__).parents[2] / "docs/performance.md"


@pytest.fixture
def measure(monkeypatch, capsys):
    """Call the command; return its exit code and what it printed."""
    monkeypatch.setattr(command, "ROWS", rows := [])
    monkeypatch.setattr(timing, "ROWS", rows)

    def call(*words):
        monkeypatch.setattr("sys.argv", ["benchmarks", *words])
        try:
            code = command.main()
        except SystemExit as end:
            code = end.code
        return code, capsys.readouterr().out

    return call


def _instead(monkeypatch, main):
    """Put `main` in the place of every bench."""
    monkeypatch.setattr(command, "import_module", lambda _name: SimpleNamespace(main=main))


def test_a_bench_fills_the_table_and_the_file(measure, monkeypatch, tmp_path):
    monkeypatch.setattr(answers, "REPEAT", 1)
    code, told = measure("answers", "--json", str(tmp_path / "figures.json"))
    assert code == 0
    rows = json.loads((tmp_path / "figures.json").read_text())["rows"]
    assert [row["what"] for row in rows] == ["--version ÷ python -c pass", "--help ÷ python -c pass"]
    for row in rows:
        assert row["parts"]["bare"] > 0
        assert f"| {row['what']} | {row['at_most']:.2f} | {row['measured']:.2f} |" in told


@pytest.mark.parametrize(("figure", "words", "code"), [(1.3, (), 0), (1.3, ("--strict",), 1), (1.2, ("--strict",), 0)])
def test_a_bound_that_is_missed_counts_where_that_is_asked_for(measure, monkeypatch, figure, words, code):
    _instead(monkeypatch, lambda: timing.tell("a ÷ b", figure, 1.2))
    assert measure("answers", *words)[0] == code


def test_what_cannot_be_measured_is_a_row_with_its_reason_and_no_bound_missed(measure, monkeypatch):
    def lacks():
        raise FileNotFoundError("no PostgreSQL here")

    _instead(monkeypatch, lacks)
    code, told = measure("start_up", "--strict")
    assert code == 0
    assert "not measured, because it ended with FileNotFoundError: no PostgreSQL here" in told


def test_without_a_name_all_are_taken_that_do_not_last_for_minutes_and_with_slow_those_too(measure, monkeypatch):
    _instead(monkeypatch, lambda: timing.tell("one", 1.0, 1.0))
    quick = [name for name, slow in command.BENCHES.items() if not slow]
    assert measure()[1].count("| one |") == len(quick)
    command.ROWS.clear()
    assert measure("--slow")[1].count("| one |") == len(command.BENCHES)


def test_a_bench_that_is_none_is_bad_usage(measure):
    assert measure("full_cheque")[0] == 2


def test_the_page_has_each_bench_in_its_table():
    named = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(), re.MULTILINE)
    assert set(named) == set(command.BENCHES)
