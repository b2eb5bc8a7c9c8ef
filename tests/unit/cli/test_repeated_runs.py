"""Looking again: `--wait` until nothing fails, `--watch` for what changes."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from wizard.cli import repeated_runs
from wizard.cli.repeated_runs import waited, watched
from wizard.engine.report import Report
from wizard.engine.selection import Selection
from wizard.plan.finding import Finding, Severity

PASS, WARN, FAIL = Severity.PASS, Severity.WARN, Severity.FAIL
LONG = 3600.0


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(repeated_runs, "PAUSE", 0.0)


def report(cancelled: bool = False, **found: Severity) -> Report:  # noqa: FBT001, FBT002 - a test's shorthand
    findings = [
        Finding(id=f"{name}.connect", severity=severity, summary=f"{name} {severity}.")
        for name, severity in found.items()
    ]
    return Report(tuple(findings), datetime(2026, 1, 1, tzinfo=UTC), 10, cancelled)


class Looks:
    """Returns one report after the other, and notes what each look was asked for."""

    def __init__(self, *reports: Report) -> None:
        self.asked: list[Sequence[str]] = []
        self._reports = iter(reports)

    def __call__(self, selection: Selection) -> Report:
        self.asked.append(selection.only)
        return next(self._reports)


def test_nothing_is_waited_for_where_nothing_fails():
    looks = Looks(report(redis=WARN))
    assert waited(looks, Selection(), LONG) == report(redis=WARN)
    assert looks.asked == [()]


def test_what_failed_alone_is_looked_at_until_it_passes_and_then_all_once_more(capsys):
    looks = Looks(
        report(redis=FAIL, database=PASS),
        report(redis=FAIL),
        report(redis=PASS),
        report(redis=PASS, database=WARN),
    )
    assert waited(looks, Selection(), LONG) == report(redis=PASS, database=WARN)
    assert [bool(only) for only in looks.asked] == [False, True, True, False]
    assert "redis.connect" in looks.asked[1]
    assert "database.connect" not in looks.asked[1]
    assert capsys.readouterr().err == "Waiting for redis.\n"


def test_what_fails_in_the_whole_look_is_waited_for_too(capsys):
    looks = Looks(report(redis=FAIL), report(redis=PASS), report(node=FAIL), report(node=PASS), report(node=PASS))
    assert waited(looks, Selection(), LONG) == report(node=PASS)
    assert capsys.readouterr().err == "Waiting for redis.\nWaiting for node.\n"


def test_only_ids_that_were_wanted_are_looked_at_again():
    looks = Looks(report(redis=FAIL), report(redis=PASS), report(redis=PASS))
    waited(looks, Selection(only=("redis.connect",), whole_ids=frozenset({"redis.connect"})), LONG)
    assert looks.asked[1] == ("redis.connect",)


def test_what_the_plan_says_is_not_waited_for():
    looks = Looks(report(plan=FAIL))
    assert waited(looks, Selection(), LONG) == report(plan=FAIL)


def test_when_the_time_is_over_the_last_look_counts(monkeypatch):
    clock = iter([0.0, 1.0, 9.0, 10.0, 11.0])
    monkeypatch.setattr(repeated_runs, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    looks = Looks(*[report(redis=FAIL)] * 3)
    assert waited(looks, Selection(), 10.0).count(FAIL) == 1
    assert len(looks.asked) == 3


def test_an_interrupt_ends_the_waiting_with_what_is_known(monkeypatch):
    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(repeated_runs, "pause", interrupted)
    ended = waited(Looks(report(redis=FAIL)), Selection(), LONG)
    assert (ended.cancelled, ended.count(FAIL)) == (True, 1)


def test_a_cancelled_look_is_the_last():
    assert waited(Looks(report(cancelled=True, redis=FAIL)), Selection(), LONG).cancelled


def told_by(looks: Callable[[Selection], Report]) -> tuple[Report, list[Report]]:
    told: list[Report] = []
    return watched(looks, Selection(), 0.0, told.append), told


def test_watching_tells_the_first_look_and_prints_changes_alone(capsys):
    looks = Looks(
        report(redis=PASS),
        report(redis=PASS),
        report(redis=FAIL),
        report(redis=FAIL),
        report(redis=WARN),
        report(redis=PASS),
        report(cancelled=True),
    )
    last, told = told_by(looks)
    assert last == report(redis=PASS)
    assert told == [report(redis=PASS), report(redis=FAIL), report(redis=WARN), report(redis=PASS)]
    lines = [line.split("  ", 1)[1] for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        "New  redis.connect: redis fail.",
        "Milder  redis.connect: redis warn.",
        "Gone  redis.connect: redis warn.",
    ]


def test_figures_are_measured_anew_with_each_look_that_changes_nothing():
    looks = Looks(report(redis=PASS), report(redis=PASS), report(redis=FAIL), report(cancelled=True))
    told, looked = [], []
    watched(looks, Selection(), 0.0, told.append, looked.append)
    assert (told, looked) == ([report(redis=PASS), report(redis=FAIL)], [report(redis=PASS)])


def test_an_interrupt_ends_the_watch_with_the_last_look(monkeypatch):
    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(repeated_runs, "pause", interrupted)
    assert told_by(Looks(report(redis=FAIL))) == (report(redis=FAIL), [report(redis=FAIL)])


def test_to_wait_and_to_watch_at_once_is_bad_usage(program, good):
    assert program("check", good, "--wait", "1", "--watch", "1").code == 2


def test_the_changes_and_another_format_do_not_share_standard_output(program, good):
    done = program("check", good, "--watch", "1", "--format", "json")
    assert (done.code, done.out) == (2, "")
    assert "--output FILE" in done.err
