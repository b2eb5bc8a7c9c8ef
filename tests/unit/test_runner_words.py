"""What a run says of checks that did not end by themselves: whole findings, and the order of all that is told."""

import threading
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, SimpleNamespace

import pytest

from tests.patience import patience
from wizard.engine.check import Check, CrossCheck
from wizard.engine.events import CheckFinished, CheckStarted, RunFinished, RunStarted
from wizard.engine.facts import PENDING, Fact, Known, Trouble, attempt
from wizard.engine.runner import Run
from wizard.engine.selection import Selection
from wizard.net.errors import explain_any
from wizard.plan.finding import OUT_OF_TIME, ErrorKind, Severity
from wizard.plan.redact import Redactor
from wizard.plan.remedy import advice
from wizard.plan.secret import Secret
from wizard.plan.spec import Spec

GATE, SLOW, LAST = Spec("thing.connect", "m"), Spec("thing.slow", "m"), Spec("thing.last", "m")
LOST = "wizard.engine.lateness.Pulse.lost_since"


@dataclass
class Facts:
    first: Fact[str] = PENDING
    second: Fact[str] = PENDING


def answers(facts):
    facts.first, facts.second = Known("a"), Known("b")


def judge(facts):
    for spec, fact in ((GATE, facts.first), (SLOW, facts.second)):
        match fact:
            case Known(value):
                yield spec.passed(f"found {value}")
            case Trouble():
                yield spec.fail("trouble", fact.kind, detail=fact.message, facts={"a": 1}, elapsed_ms=fact.elapsed_ms)
            case _:
                yield spec.skip("not reached", detail="d", facts={"b": 2})


def check(probe=answers, subject="", deadline=5.0, facts=Facts, specs=(GATE, SLOW), judge=judge):
    return Check(
        component="thing", subject=subject, specs=specs, facts=facts, probe=probe, judge=judge, deadline=deadline
    )


@pytest.fixture
def hang():
    event = threading.Event()
    yield lambda _facts: event.wait(patience())
    event.set()


@pytest.fixture
def overtaken(hang, monkeypatch):
    """A probe that hangs, and moves the clock of the run past every deadline of less than 30 s."""
    clock = [0.0]
    monkeypatch.setattr("wizard.engine.runner.time", SimpleNamespace(monotonic=lambda: clock[0]))

    def probe(facts):
        clock[0] = 30.0
        hang(facts)

    return probe


@pytest.fixture
def idle(monkeypatch):
    monkeypatch.setattr(LOST, lambda _self, _when: 0.0)
    monkeypatch.setattr("wizard.engine.runner.queued", lambda _thread: 0.0)


def run(checks, also=lambda _event, _run: None, **options):
    over, events = threading.Event(), []

    def emit(event):
        events.append(event)
        also(event, one)
        if isinstance(event, RunFinished):
            over.set()

    one = Run(checks, emit, **options)
    one.start()
    assert over.wait(patience())
    assert one.wait(patience())
    return events


def told(events):
    return [
        (finding.id, finding.severity.value, finding.error and finding.error.value, finding.summary, finding.subject)
        for finding in events[-1].report.findings
    ]


def test_all_events_of_a_run_are_told_in_order_with_what_they_count():
    together = Spec("cluster.alike", "m")
    cross = CrossCheck(
        component="cluster", specs=(together,), judge=lambda facts: [together.passed(" ".join(map(str, facts)))]
    )
    events = run([check(subject="a"), check(subject="b")], jobs=1, cross_checks=[cross])
    shown = [
        (
            type(event).__name__,
            getattr(event, "name", ""),
            getattr(event, "done", None),
            getattr(event, "total", None),
            len(getattr(event, "findings", ())),
        )
        for event in events[:-1]
    ]
    assert shown == [
        ("RunStarted", "", None, 2, 0),
        ("CheckStarted", "thing a", None, None, 0),
        ("CheckFinished", "thing a", 1, 2, 2),
        ("CheckStarted", "thing b", None, None, 0),
        ("CheckFinished", "thing b", 2, 2, 2),
        ("CheckFinished", "cluster", 2, 2, 1),
    ]
    assert events[5].findings[0].summary == "('thing', 'a') ('thing', 'b')"
    report = events[-1].report
    assert (report.cancelled, report.faults, len(report.findings)) == (False, 0, 5)
    assert 0 <= report.elapsed_ms < patience(20) * 1000


def test_what_was_cancelled_is_skipped_and_nothing_is_compared(hang):
    def cancels(event, one):
        if isinstance(event, CheckStarted) and event.name == "thing a":
            one.cancel()

    events = run(
        [check(hang, "a"), check(hang, "b")],
        also=cancels,
        jobs=1,
        cross_checks=[CrossCheck(component="c", specs=(LAST,), judge=lambda _facts: [LAST.passed("compared")])],
    )
    assert told(events) == [
        (identifier, "skip", None, "Cancelled before it ended.", subject)
        for subject in "ab"
        for identifier in ("thing.connect", "thing.slow")
    ]
    assert events[-1].report.cancelled


def test_what_had_not_begun_when_the_time_was_up_is_unknown(overtaken):
    events = run([check(overtaken, "a"), check(overtaken, "b")], jobs=1, deadline=0.05)
    up = "Could not be found out: the run's time was up."
    assert told(events) == [
        (identifier, "unknown", "timeout", up, subject)
        for subject in ("", "b")
        for identifier in ("thing.connect", "thing.slow")
    ]
    first = events[-1].report.findings[0]
    assert (first.detail, first.facts, first.remedy) == ("", {OUT_OF_TIME: True}, "")
    assert events[-1].report.findings[-1].facts == {OUT_OF_TIME: True}


def test_a_check_that_is_late_says_how_long_it_had(hang, idle):
    events = run([check(hang, deadline=0.1)])
    gate, rest = events[-1].report.findings
    assert (gate.severity, gate.error, gate.detail, gate.elapsed_ms) == (
        Severity.FAIL,
        ErrorKind.TIMEOUT,
        "no answer within 0.1 s",
        100,
    )
    assert (rest.severity, rest.summary, rest.facts) == (Severity.SKIP, "not reached", {"b": 2})


def test_the_time_of_a_run_replaces_that_of_each_check(hang, idle):
    events = run([check(hang, deadline=60)], timeout=0.05)
    assert events[-1].report.findings[0].detail == "no answer within 0.05 s"


def test_a_late_check_of_a_busy_machine_says_so_with_the_way_to_give_it_more_time(hang, monkeypatch):
    monkeypatch.setattr(LOST, lambda _self, _when: 9.0)
    events = run([check(hang, deadline=0.1)])
    busy = "Could not be found out: this machine was too busy to tell."
    assert told(events) == [
        ("thing.connect", "unknown", "timeout", busy, ""),
        ("thing.slow", "unknown", "timeout", busy, ""),
    ]
    for finding in events[-1].report.findings:
        assert (finding.detail, finding.facts) == ("", {OUT_OF_TIME: True})
        assert finding.remedy == (
            "Run it again when less is going on here, or give each check more time with --timeout SECONDS."
        )


@pytest.mark.parametrize(("lost", "text"), [(0.0, "no answer within 0.3 s"), (0.29, "no answer within 0.59 s")])
def test_time_that_the_machine_took_is_given_back_once_and_counted(hang, monkeypatch, lost, text):
    monkeypatch.setattr(LOST, lambda _self, _when: lost)
    monkeypatch.setattr("wizard.engine.runner.queued", lambda _thread: 0.0)
    seen = []

    def judged(facts):
        seen.append(facts.first.message)
        return [GATE.passed("x")]

    run([check(hang, deadline=0.3, judge=judged)])
    assert seen == [text]


def test_the_wait_of_the_threads_own_counts_from_its_beginning(hang, monkeypatch):
    monkeypatch.setattr(LOST, lambda _self, _when: 0.0)
    monkeypatch.setattr("wizard.engine.runner.queued", lambda _thread: 100.0)
    events = run([check(hang, deadline=0.1)])
    assert events[-1].report.findings[0].severity is Severity.FAIL


def test_only_what_got_no_answer_is_excused_by_a_busy_machine(monkeypatch):
    monkeypatch.setattr(LOST, lambda _self, _when: 9.0)

    def probe(facts):
        facts.first, facts.second = Trouble(ErrorKind.REFUSED, "no"), Trouble(ErrorKind.TIMEOUT, "late")

    events = run([check(probe)])
    assert told(events) == [
        ("thing.connect", "fail", "refused", "trouble", ""),
        ("thing.slow", "unknown", "timeout", "Could not be found out: this machine was too busy to tell.", ""),
    ]


def overdue(hang, *findings):
    events = run([check(hang, deadline=0.05, specs=(GATE, SLOW, LAST), judge=lambda _facts: list(findings))])
    return [finding.summary for finding in events[-1].report.findings]


def test_the_slow_part_names_what_it_stopped(hang, idle):
    slow = SLOW.fail("It is slow.", ErrorKind.TIMEOUT)
    assert overdue(hang, GATE.passed("a"), slow, LAST.skip("b"), LAST.skip("c"), LAST.warn("d")) == [
        "a",
        "It is slow. It took all the time of the check; not looked at: thing.last, thing.last.",
        "Not looked at: thing.slow took all the time of the check.",
        "Not looked at: thing.slow took all the time of the check.",
        "d",
    ]
    assert overdue(hang, GATE.passed("a"), slow) == ["a", "It is slow."]
    assert overdue(hang, GATE.fail("a", ErrorKind.TIMEOUT), LAST.skip("b")) == ["a", "b"]
    assert overdue(hang, GATE.fail("a", ErrorKind.REFUSED), LAST.skip("b")) == ["a", "b"]


FAULT = "Could not be found out: a fault in this program, not in your cluster."


def test_a_fault_of_ours_is_unknown_and_counted():
    def breaks(*_):
        raise RuntimeError("bug")

    events = run([check(breaks, "a"), check(answers, "b", judge=breaks)], jobs=1)
    assert told(events) == [
        (identifier, "unknown", "other", FAULT, subject) for subject in "ab" for identifier in (GATE.id, SLOW.id)
    ]
    assert events[-1].report.faults == 2


def test_a_fault_in_what_asks_a_server_is_not_told_as_its_answer_and_names_the_log():
    def breaks():
        return SimpleNamespace().absent

    def probe(facts):
        facts.first = attempt(
            FunctionType(breaks.__code__, {**globals(), "__name__": "wizard.checks.thing"}), explain_any
        )

    events = run([check(probe)], log=lambda: Path("/logs/wizard.log"))
    assert told(events) == [(spec.id, "unknown", "other", FAULT, "") for spec in (GATE, SLOW)]
    [finished] = [event for event in events if isinstance(event, CheckFinished)]
    assert {finding.detail for finding in finished.findings} == {"The log has the details: /logs/wizard.log."}
    assert events[-1].report.faults == 1


def test_a_fault_of_ours_loses_nothing_that_was_found_before():
    def breaks(facts):
        facts.first = Known("a")
        raise RuntimeError("bug")

    def refused(facts):
        facts.first = Trouble(ErrorKind.REFUSED, "refused")
        raise RuntimeError("bug")

    events = run([check(breaks, "a"), check(refused, "b")], jobs=1)
    assert told(events) == [
        (GATE.id, "pass", None, "found a", ""),
        (SLOW.id, "unknown", "other", FAULT, "a"),
        (GATE.id, "fail", "refused", "trouble", ""),
        (SLOW.id, "unknown", "other", FAULT, "b"),
    ]
    report = events[-1].report
    assert report.faults == 2
    assert [facts.first for facts in report.facts.values()] == [Known("a"), Trouble(ErrorKind.REFUSED, "refused")]


def test_a_comparison_that_breaks_is_a_fault_of_ours_too():
    cross = CrossCheck(component="c", specs=(LAST,), judge=lambda facts: [facts["none"]])
    events = run([check()], cross_checks=[cross])
    assert told(events)[-1] == ("thing.last", "unknown", "other", FAULT, "")
    assert events[-1].report.faults == 1


def test_a_comparison_is_filtered_and_redacted_as_all_else():
    secret = Secret("S3cr3t#PW")
    found = [LAST.passed("S3cr3t#PW"), SLOW.passed("y")]
    cross = CrossCheck(component="c", specs=(LAST, SLOW), judge=lambda _facts: found)
    events = run([], cross_checks=[cross], redactor=Redactor([secret]), selection=Selection(skip=("thing.slow",)))
    assert [type(event) for event in events] == [RunStarted, CheckFinished, RunFinished]
    [finding] = events[-1].report.findings
    assert finding.id == "thing.last"
    assert "S3cr3t" not in finding.summary


def test_no_more_checks_than_jobs_are_at_work_at_once():
    at_work = [0]
    for event in run([check(answers, str(number)) for number in range(5)], jobs=2):
        if isinstance(event, CheckStarted | CheckFinished):
            at_work.append(at_work[-1] + (1 if isinstance(event, CheckStarted) else -1))
    assert max(at_work) == 2


def test_a_remedy_of_a_finding_that_stands_is_kept_when_the_time_is_up(overtaken):
    found = [GATE.warn("w", remedy=advice("Do it.")), SLOW.skip("s"), LAST.info("i", error=ErrorKind.TIMEOUT)]
    events = run([check(overtaken, specs=(GATE, SLOW, LAST), judge=lambda _facts: found)], deadline=0.05)
    assert [(one.severity.value, one.summary, one.remedy) for one in events[-1].report.findings] == [
        ("warn", "w", "Do it."),
        ("unknown", "Could not be found out: the run's time was up.", ""),
        ("info", "i", ""),
    ]


def test_waiting_for_a_run_that_is_not_over_ends_by_itself(hang):
    one = Run([check(hang)], lambda _event: None)
    assert one.wait(0.01) is False
    one.start()
    one.cancel()
    assert one.wait(patience()) is True


def test_the_time_of_a_run_is_told_in_milliseconds(monkeypatch):
    clock = iter([10.0, 12.5])
    monkeypatch.setattr("wizard.engine.runner.time", SimpleNamespace(monotonic=lambda: next(clock)))
    assert run([])[-1].report.elapsed_ms == 2500


def test_what_was_not_reached_behind_a_refusal_stays_so_on_a_busy_machine(monkeypatch):
    monkeypatch.setattr(LOST, lambda _self, _when: 9.0)

    def probe(facts):
        facts.first = Trouble(ErrorKind.REFUSED, "no")

    assert [finding[1] for finding in told(run([check(probe)]))] == ["fail", "skip"]


def test_what_is_under_way_when_the_time_is_up_had_the_time_since_its_beginning(overtaken):
    seen = []

    def judged(facts):
        seen.append(float(facts.first.message.split()[3]))
        return [GATE.passed("x")]

    run([check(overtaken, deadline=60, judge=judged)], deadline=0.05)
    assert seen == [30.0]


def test_no_thread_of_a_run_keeps_the_program_from_ending():
    seen = {}

    def probe(facts):
        seen.update({thread.name: thread.daemon for thread in threading.enumerate()})
        answers(facts)

    run([check(probe, "cache")])
    assert {name: seen[name] for name in ("run", "thing cache", "pulse")} == dict.fromkeys(
        ("run", "thing cache", "pulse"), True
    )
