"""Time that this machine itself took is known, given back once, and never blamed on a server."""

import sys
import threading
import time
from types import SimpleNamespace

import pytest

from tests.patience import patience
from tests.unit.test_runner import check, fine, half, report_of
from wizard.engine.check import Check
from wizard.engine.facts import attempt
from wizard.engine.lateness import Pulse, is_slowed, is_too_late, load, queued
from wizard.engine.unanswered import BROKEN_OFF, unsure
from wizard.net.errors import explain_any
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.spec import Spec

BUSY = "Could not be found out: this machine was too busy to tell."


@pytest.fixture
def lose(monkeypatch):
    """Return a way to say how many seconds this machine takes from each check; `also` is done when that is asked."""
    monkeypatch.setattr("wizard.engine.runner.queued", lambda _thread: 0.0)
    monkeypatch.setattr("wizard.engine.lateness.wanting", lambda: 0)

    def lose(seconds, also=lambda: None):
        def lost_since(_self, _when):
            also()
            return seconds

        monkeypatch.setattr("wizard.engine.lateness.Pulse.lost_since", lost_since)

    return lose


@pytest.fixture
def release():
    event = threading.Event()
    yield event
    event.set()


def test_a_deadline_that_passed_on_a_busy_machine_says_nothing_of_the_server(lose, release):
    lose(3.0)
    report, _ = report_of([check(lambda _facts: release.wait(), deadline=0.1, facts=half)])
    first, second = report.findings
    assert first.severity is Severity.PASS
    assert (second.severity, second.error, second.summary) == (Severity.UNKNOWN, ErrorKind.TIMEOUT, BUSY)
    assert "--timeout" in second.remedy


def test_a_deadline_that_passed_on_an_idle_machine_is_the_server_s(lose, release):
    lose(0.0)
    report, _ = report_of([check(lambda _facts: release.wait(), deadline=0.1, facts=half)])
    assert [finding.severity for finding in report.findings] == [Severity.PASS, Severity.FAIL]


def test_a_little_time_that_was_lost_is_not_given_back(lose, release):
    lose(0.2)
    report, _ = report_of([check(lambda _facts: release.wait(), deadline=0.1, facts=half)])
    assert [finding.severity for finding in report.findings] == [Severity.PASS, Severity.FAIL]
    assert report.findings[1].detail == "no answer within 0.1 s"


def test_a_driver_s_own_time_out_on_a_busy_machine_is_unknown_too(lose):
    lose(3.0)

    def gives_up(facts):
        facts.connect = attempt(lambda: (_ for _ in ()).throw(TimeoutError("timed out")), explain_any)

    report, _ = report_of([check(gives_up, deadline=5.0)])
    assert report.findings[0].summary == BUSY


def test_time_that_was_lost_is_given_back_once(lose, release, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("wizard.engine.runner.time", SimpleNamespace(monotonic=lambda: clock[0]))
    lose(30.0, also=release.set)  # asked when the deadline has passed

    def answers_late(facts):
        clock[0] = 0.45
        release.wait(patience())
        fine(facts)

    report, _ = report_of([check(answers_late, deadline=0.3)])
    assert [finding.severity for finding in report.findings] == [Severity.PASS, Severity.PASS]


def test_the_clock_starts_when_the_drivers_are_loaded(monkeypatch, tmp_path):
    loading = threading.Event()
    monkeypatch.setitem(sys.modules, "gate_of_the_driver", loading)
    (tmp_path / "slow_driver.py").write_text("import sys\nsys.modules['gate_of_the_driver'].wait(100)\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    threading.Timer(patience(0.4), loading.set).start()
    loaded = []

    def probe(facts):
        loaded.append("slow_driver" in sys.modules)
        fine(facts)

    made = check(probe, deadline=patience(0.3))
    with_driver = Check(**{name: getattr(made, name) for name in made.__slots__} | {"drivers": ("slow_driver",)})
    report, _ = report_of([with_driver])
    assert loaded == [True]
    assert [finding.severity for finding in report.findings] == [Severity.PASS, Severity.PASS]


def test_a_driver_that_is_not_there_is_left_to_the_probe():
    load(("no_such_driver_anywhere",))


GATE, SLOW, LAST = Spec("thing.connect", "m"), Spec("thing.slow", "m"), Spec("thing.last", "m")


def test_a_slow_part_hides_nothing_that_was_found_and_names_what_it_stopped(lose, release):
    lose(0.0)

    def judge(facts):
        yield GATE.passed("found")
        yield SLOW.fail("There was no answer.", ErrorKind.TIMEOUT)
        yield LAST.skip("Not looked at, because thing.connect did not pass.")

    one = Check(
        component="thing",
        specs=(GATE, SLOW, LAST),
        facts=half,
        probe=lambda _facts: release.wait(),
        judge=judge,
        deadline=0.1,
    )
    report, _ = report_of([one])
    gate, slow, last = report.findings
    assert gate.severity is Severity.PASS
    assert slow.summary == "There was no answer. It took all the time of the check; not looked at: thing.last."
    assert (last.severity, last.summary) == (
        Severity.SKIP,
        "Not looked at: thing.slow took all the time of the check.",
    )


@pytest.mark.parametrize(
    ("lost", "allowed", "late"),
    [(0.25, 0.1, False), (0.26, 0.1, True), (1.0, 5.0, False), (1.01, 5.0, True), (0.0, 0.0, False)],
)
def test_a_fifth_of_the_time_and_a_quarter_of_a_second_may_be_lost(lost, allowed, late):
    assert is_too_late(lost, allowed) is late


@pytest.mark.parametrize(
    ("lost", "took", "slowed"),
    [(0.05, 0.01, False), (0.051, 0.01, True), (0.1, 0.2, False), (0.11, 0.2, True), (0.0, 0.0, False)],
)
def test_half_of_what_was_measured_and_a_twitch_may_be_lost(lost, took, slowed):
    assert is_slowed(lost, took) is slowed


def test_a_pulse_counts_what_came_late_since_a_moment():
    pulse = Pulse()
    try:
        pulse._late.append((10.0, 1.0))
        pulse._late.append((20.0, 2.0))
        now = time.monotonic()
        assert pulse.lost_since(now + 1000) == 0
        assert pulse.lost_since(0.0) >= 0
        if now > 20:  # the clock of a machine that just started
            assert pulse.lost_since(15.0) >= 2.0
    finally:
        pulse.end()


@pytest.mark.skipif(sys.platform != "linux", reason="told by Linux alone")
def test_the_wait_for_a_processor_is_told_in_seconds():
    assert 0 <= queued(threading.get_native_id()) < 3600
    assert queued(2**30) == 0.0


def test_a_pulse_remembers_each_beat_that_came_more_than_5_ms_late(monkeypatch):
    asked, clock = [], iter([0.0, 0.0201, 0.0501, 1.0701])
    unstarted = SimpleNamespace(Event=threading.Event, Thread=lambda **_given: SimpleNamespace(start=lambda: None))
    monkeypatch.setattr("wizard.engine.lateness.threading", unstarted)
    pulse = Pulse()
    monkeypatch.setattr("wizard.engine.lateness.time", SimpleNamespace(monotonic=lambda: next(clock)))
    over = SimpleNamespace(wait=lambda seconds: asked.append(seconds) or len(asked) > 3)
    monkeypatch.setattr(pulse, "_over", over)
    monkeypatch.setattr("wizard.engine.lateness.wanting", lambda: 0)
    pulse._beat()
    assert asked == [0.02] * 4
    assert list(pulse._late) == [(0.0501, pytest.approx(0.01)), (1.0701, pytest.approx(1.0))]
    assert pulse.lost_since(0.0) == pytest.approx(1.01)
    assert pulse.lost_since(0.0501) == pytest.approx(1.0)
    assert pulse.lost_since(1.0701) == 0


@pytest.mark.parametrize(
    ("text", "seconds"), [("77 2500000000 9", 2.5), ("77", 0.0), ("a b c", 0.0), ("", 0.0), (OSError(), 0.0)]
)
def test_the_wait_of_a_thread_is_the_second_number_in_nanoseconds(monkeypatch, text, seconds):
    asked = []

    def read_start(path, most):
        asked.append((path, most))
        if isinstance(text, OSError):
            raise text
        return text

    monkeypatch.setattr("wizard.engine.lateness.read_start", read_start)
    assert queued(42) == seconds
    assert asked == [("/proc/self/task/42/schedstat", 100)]


def test_one_driver_that_is_not_there_keeps_no_other_from_being_loaded(monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    load(("no_such_driver_anywhere", "colorsys"))
    assert "colorsys" in sys.modules


def test_a_connection_that_a_server_ends_on_a_busy_machine_says_nothing_of_the_server():
    """MariaDB and MySQL give a client ten seconds to sign in; the rest of what was found stands."""
    spec = Spec("database.connect", "Connects.", remedy="Look at the log of the server.")
    ended = spec.fail("It broke the connection off.", ErrorKind.PROTOCOL, facts={BROKEN_OFF: True})
    another = spec.fail("It is another server.", ErrorKind.PROTOCOL)
    found = unsure(check(fine), [ended, another])
    assert [one.severity for one in found] == [Severity.UNKNOWN, Severity.FAIL]
    assert found[0].summary == BUSY
