"""The command that measures: its table, its file, its exit codes, and the page that says what is measured."""

import json
import os
import re
import socket
import time
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import answers, apart, timing
from benchmarks.relays import relays
from benchmarks.timing import Row
from tests.patience import patience

PAGE = Path(__file__).parents[2] / "docs/performance.md"


@pytest.fixture
def measure(monkeypatch, capsys):
    """Call the command with `rows` in the place of every bench's; return its exit code and what it printed."""

    def call(*words, rows=()):
        monkeypatch.setattr(command, "rows_of", lambda _module: list(rows))
        monkeypatch.setattr("sys.argv", ["benchmarks", *words])
        try:
            code = command.main()
        except SystemExit as end:
            code = end.code
        return code, capsys.readouterr().out

    return call


@pytest.fixture
def bench(monkeypatch, tmp_path):
    """Write a bench of these lines; return the rows that come of it in a process of its own."""

    def rows_of(*lines):
        (tmp_path / "made_up_bench.py").write_text(
            "\n    ".join(["import os\nfrom benchmarks import timing\ndef main():", *lines])
        )
        monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
        return apart.rows_of("made_up_bench")

    return rows_of


def test_a_bench_tells_its_figures_with_their_parts(monkeypatch):
    monkeypatch.setattr(answers, "REPEAT", 1)
    monkeypatch.setattr(timing, "ROWS", rows := [])
    answers.main()
    assert [row.what for row in rows] == ["--version ÷ python -c pass", "--help ÷ python -c pass"]
    assert all(row.parts["bare"] > 0 for row in rows)


def test_a_bench_has_a_process_of_its_own(bench):
    [row] = bench("timing.tell('a ÷ b', 1.3, 1.2, process=float(os.getppid()))")
    assert row == Row("a ÷ b", 1.2, 1.3, {"process": float(os.getpid())})


def test_what_cannot_be_measured_is_a_row_with_its_reason(bench):
    rows = bench("timing.tell('a', 1.0, 1.0)", "raise FileNotFoundError('no PostgreSQL here')")
    assert rows == [
        Row("a", 1.0, 1.0),
        Row("made_up_bench", 0.0, None, reason="it ended with FileNotFoundError: no PostgreSQL here"),
    ]


def test_a_bench_whose_process_was_ended_is_a_row_with_its_reason(bench):
    assert bench("os._exit(3)") == [Row("made_up_bench", 0.0, None, reason="its process ended with 3")]


def test_the_figures_fill_the_table_and_the_file(measure, tmp_path):
    rows = [Row("a ÷ b", 1.2, 1.254, {"a": 2.5, "b": 2.0}), Row("c ÷ d", 1.5, None, reason="there is no d")]
    code, told = measure("answers", "--json", str(tmp_path / "figures.json"), rows=rows)
    assert code == 0
    assert "| a ÷ b | 1.20 | 1.25 | MISSED |\n| c ÷ d | 1.50 | – | not measured, because there is no d |" in told
    first, second = json.loads((tmp_path / "figures.json").read_text())["rows"]
    assert first == {
        "what": "a ÷ b",
        "at_most": 1.2,
        "measured": 1.254,
        "holds": False,
        "parts": {"a": 2.5, "b": 2.0},
        "reason": "",
    }
    assert (second["holds"], second["reason"]) == (None, "there is no d")


@pytest.mark.parametrize(
    ("figure", "words", "code"),
    [(1.3, (), 0), (1.3, ("--strict",), 1), (1.2, ("--strict",), 0), (None, ("--strict",), 0)],
)
def test_a_bound_that_is_missed_counts_where_that_is_asked_for(measure, figure, words, code):
    assert measure("answers", *words, rows=[Row("a ÷ b", 1.2, figure)])[0] == code


def test_without_a_name_all_are_taken_that_do_not_last_for_minutes_and_with_slow_those_too(measure):
    one = [Row("one", 1.0, 1.0)]
    quick = [name for name, slow in command.BENCHES.items() if not slow]
    assert measure(rows=one)[1].count("| one |") == len(quick)
    assert measure("--slow", rows=one)[1].count("| one |") == len(command.BENCHES)


def test_a_bench_that_is_none_is_bad_usage(measure):
    assert measure("full_cheque")[0] == 2


def test_a_relay_passes_all_on_in_its_order_and_no_piece_before_its_time():
    with socket.create_server(("127.0.0.1", 0)) as server, relays([server.getsockname()[1]], 0.05) as behind:
        [port] = behind.values()
        with socket.create_connection(("127.0.0.1", port), patience(10)) as near:
            server.settimeout(patience(10))
            far, _address = server.accept()
            far.settimeout(patience(10))
            with far:
                began = time.monotonic()
                near.sendall(b"one")
                near.sendall(b" two")
                near.shutdown(socket.SHUT_WR)
                assert b"".join(iter(lambda: far.recv(64), b"")) == b"one two"
                assert time.monotonic() - began >= 0.05
                far.sendall(b"heard")
                assert near.recv(64) == b"heard"
                assert time.monotonic() - began >= 0.1


def test_the_page_has_each_bench_in_its_table():
    named = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(), re.MULTILINE)
    assert set(named) == set(command.BENCHES)
