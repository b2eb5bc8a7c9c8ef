"""The runner holds deadlines against what hangs, cancels at once, and reports its own faults as such."""

import threading
from dataclasses import dataclass, replace
from types import SimpleNamespace

import pytest

from tests.patience import patience
from tests.unit.plans import SECRETS, good_plan
from wizard.checks.registry import checks_for, names, selection
from wizard.engine.check import Check, CrossCheck
from wizard.engine.events import CheckFinished, CheckStarted, RunFinished, RunStarted
from wizard.engine.facts import PENDING, Fact, Known, Trouble, attempt, overdue
from wizard.engine.runner import Run
from wizard.engine.selection import Selection
from wizard.net.errors import explain_any, resolve
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.redact import Redactor
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import QueueKind
from wizard.plan.spec import Spec

GATE, SECOND = Spec("thing.connect", "m"), Spec("thing.second", "m")


def plan_with_queue():
    plan = good_plan().with_value("queue.kind", QueueKind.RABBITMQ)
    return plan.with_value("queue.host", "192.0.2.1").with_value("queue.username", "app")


@dataclass
class Facts:
    connect: Fact[str] = PENDING
    second: Fact[str] = PENDING


def judge(facts):
    for spec, fact in ((GATE, facts.connect), (SECOND, facts.second)):
        match fact:
            case Known(value):
                yield spec.passed(f"found {value}")
            case Trouble():
                yield spec.fail("trouble", fact.kind, detail=fact.message)
            case _:
                yield spec.skip("not reached")


def check(probe, subject="", deadline=5.0, facts=Facts):
    return Check(
        component="thing",
        subject=subject,
        specs=(GATE, SECOND),
        facts=facts,
        probe=probe,
        judge=judge,
        deadline=deadline,
    )


def half():
    """Return the facts of a probe that has found the first one, however late its thread gets to run."""
    return Facts(connect=attempt(lambda: "a", explain_any))


def fine(facts):
    facts.connect = attempt(lambda: "a", explain_any)
    facts.second = attempt(lambda: "b", explain_any)


def report_of(checks, also=lambda _event: None, **options):
    done = threading.Event()
    events = []

    def emit(event):
        events.append(event)
        also(event)
        if isinstance(event, RunFinished):
            done.set()

    run = Run(checks, emit, **options)
    run.start()
    assert done.wait(patience())
    return events[-1].report, events


@pytest.fixture
def gate_of_hung_probes():
    """Return an event that hung probes wait for, so that no thread outlives its test."""
    release = threading.Event()
    yield release
    release.set()


def test_events_come_in_order_and_count():
    report, events = report_of([check(fine, "x")])
    assert [type(event) for event in events] == [RunStarted, CheckStarted, CheckFinished, RunFinished]
    assert (events[2].done, events[2].total) == (1, 1)
    assert [finding.severity for finding in report.findings] == [Severity.PASS, Severity.PASS]


def test_a_probe_that_hangs_is_abandoned_and_what_it_found_is_judged(gate_of_hung_probes, monkeypatch):
    monkeypatch.setattr("wizard.engine.runner.is_too_late", lambda _lost, _allowed: False)  # a quiet machine
    report, _ = report_of([check(lambda _facts: gate_of_hung_probes.wait(), deadline=0.1, facts=half)])
    assert [finding.severity for finding in report.findings] == [Severity.PASS, Severity.FAIL]
    assert report.findings[1].error is ErrorKind.TIMEOUT


def test_hung_probes_give_their_place_to_the_next(gate_of_hung_probes):
    checks = [check(lambda _facts: gate_of_hung_probes.wait(), f"h{n}", 0.1) for n in range(4)]
    report, _ = report_of([*checks, check(fine, "last")], jobs=2)
    assert sum(finding.severity is Severity.PASS for finding in report.findings) == 2


def test_cancel_ends_the_run_and_says_so_for_what_had_not_ended(gate_of_hung_probes):
    started, done, reports = threading.Event(), threading.Event(), []

    def emit(event):
        if isinstance(event, CheckStarted):
            started.set()
        if isinstance(event, RunFinished):
            reports.append(event.report)
            done.set()

    run = Run([check(lambda _facts: gate_of_hung_probes.wait(), deadline=60)], emit)
    run.start()
    assert started.wait(patience())
    run.cancel()
    assert done.wait(patience())
    assert reports[0].cancelled
    assert {finding.severity for finding in reports[0].findings} == {Severity.SKIP}


def test_the_deadline_of_the_run_leaves_unknown_never_a_pass(gate_of_hung_probes):
    report, _ = report_of(
        [check(lambda _facts: gate_of_hung_probes.wait(), f"h{n}", 60) for n in range(3)], jobs=1, deadline=0.1
    )
    assert Severity.PASS not in {finding.severity for finding in report.findings}
    assert report.count(Severity.UNKNOWN) + report.count(Severity.FAIL) + report.count(Severity.SKIP) == 6


def test_the_deadline_of_the_run_is_nobodys_failure_and_what_was_found_stands(gate_of_hung_probes, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("wizard.engine.runner.time", SimpleNamespace(monotonic=lambda: clock[0]))

    def hangs(_facts):
        clock[0] = 1.0
        gate_of_hung_probes.wait()

    report, _ = report_of([check(hangs, deadline=60, facts=half)], deadline=0.1)
    assert [finding.severity for finding in report.findings] == [Severity.PASS, Severity.UNKNOWN]
    assert "the run's time was up" in report.findings[1].summary
    assert report.findings[1].detail == ""


@pytest.mark.parametrize("deadline", [0.000001, 0.1])
def test_a_run_without_time_fails_nothing_in_any_component(deadline, gate_of_hung_probes):
    plan = plan_with_queue().with_value("application.check_account", "checks")
    plan = plan.with_value("application.check_password", SecretRef("check")).with_value(
        "application.try_default_admin", True
    )
    checks = checks_for(plan, {**SECRETS, "check": Secret("Ck-Pw_12345")})
    hung = [replace(one, probe=lambda _: gate_of_hung_probes.wait()) for one in checks]
    report, _ = report_of([one for one in hung if one.component != "plan"], deadline=deadline)
    assert {finding.component for finding in report.findings} == set(names()) - {"plan", "inside"}
    asked = [finding for finding in report.findings if finding.id != "rabbitmq.application_version"]  # asks nobody
    assert {finding.severity for finding in asked} == {Severity.UNKNOWN}


@pytest.mark.parametrize("seconds", [-0.000772473, 1.4981912, 0.001])
def test_seconds_are_shown_rounded_and_never_below_zero(seconds):
    trouble = overdue(Facts(), seconds).connect
    shown = trouble.message.removeprefix("no answer within ").removesuffix(" s")
    assert shown in {"0", "1.5", "0.001"}
    assert trouble.elapsed_ms >= 0


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "[::1]", "fe80::1%lo"])
def test_no_name_server_is_asked_about_an_address(host, monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: pytest.fail("asked"))
    assert resolve(host, 1) == [host.strip("[]")]


def test_an_address_that_does_not_answer_is_not_called_a_name():
    plan = plan_with_queue().with_value("redis.server.host", "192.0.2.1")
    asked = [one for one in checks_for(plan, SECRETS) if one.component in {"redis", "rabbitmq"}]
    found = [finding for one in asked for finding in one.judge(overdue(one.facts(), 0.001))]
    gates = [finding for finding in found if finding.id.endswith(".connect")]
    assert {gate.component for gate in gates} == {"redis", "rabbitmq"}
    assert {gate.error for gate in gates} == {ErrorKind.TIMEOUT}
    assert not [gate.summary for gate in gates if "resolved" in gate.summary]


def test_a_probe_that_breaks_is_a_fault_of_ours_and_unknown(caplog):
    def breaks(_facts):
        raise RuntimeError("bug")

    report, _ = report_of([check(breaks), check(fine, "x")])
    assert report.faults == 1
    assert report.count(Severity.UNKNOWN) == 2
    assert report.count(Severity.PASS) == 2
    assert "broke" in caplog.text


@pytest.mark.parametrize("limit", ["timeout", "deadline"])
def test_a_time_that_no_clock_counts_hangs_nothing(limit):
    report, _ = report_of([check(fine, "x")], **{limit: 1e300})
    assert report.faults == 0
    assert report.count(Severity.PASS) == 2


def test_a_fault_of_the_run_itself_ends_it_and_what_had_not_ended_is_unknown(caplog):
    def no_facts():
        raise RuntimeError("bug")

    report, events = report_of([check(fine, "a"), check(fine, "b", facts=no_facts), check(fine, "c")], jobs=1)
    assert report.faults == 1
    by_subject = {finding.subject: finding.severity for finding in report.findings}
    assert by_subject == {"": Severity.PASS, "b": Severity.UNKNOWN, "c": Severity.UNKNOWN}
    assert (events[-2].done, events[-2].total) == (3, 3)
    assert "the run broke" in caplog.text


def test_a_redactor_that_breaks_lets_nothing_through_and_ends_the_run(monkeypatch):
    monkeypatch.setattr(threading, "excepthook", lambda _broken: None)
    report, _ = report_of([check(fine)], redactor=SimpleNamespace(finding=lambda _: 1 / 0))
    assert report.findings == ()
    assert report.faults == 1


def test_a_face_that_breaks_at_an_event_still_gets_the_next_ones(caplog):
    def breaks(event):
        assert isinstance(event, RunFinished)

    report, events = report_of([check(fine, "a"), check(fine, "b")], also=breaks)
    assert report.count(Severity.PASS) == 4
    assert report.faults == len(events) - 1
    assert "not taken" in caplog.text


def test_a_probe_that_ended_while_another_was_reported_is_not_late(monkeypatch):
    reporting, ended, clock = threading.Event(), threading.Barrier(3), [0.0]
    monkeypatch.setattr("wizard.engine.runner.time", SimpleNamespace(monotonic=lambda: clock[0]))

    def hears_slowly(event):
        if isinstance(event, CheckFinished) and not reporting.is_set():
            reporting.set()
            ended.wait(patience())
            for thread in threading.enumerate():
                if thread.name.startswith("thing b"):
                    thread.join(patience())
            clock[0] = 1000.0  # the deadline of the others passes, and two are in the mail

    def breaks(_facts):
        reporting.wait(patience())
        ended.wait(patience())
        raise RuntimeError("bug")

    checks = [check(fine, "first"), *(check(breaks, f"b{n}") for n in range(2))]
    report, _ = report_of(checks, also=hears_slowly)
    assert report.faults == 2
    assert report.count(Severity.FAIL) == 0


def test_selection_runs_only_what_is_wanted_and_filters_findings():
    asked = []

    def probe(facts):
        asked.append(1)
        fine(facts)

    report, _ = report_of([check(probe)], selection=Selection(only=("thing.second",)))
    assert [finding.id for finding in report.findings] == ["thing.second"]
    report, _ = report_of([check(probe)], selection=Selection(skip=("thing",)))
    assert report.findings == ()
    assert len(asked) == 1


def test_a_whole_id_means_itself_and_not_the_longer_ones_that_begin_so():
    assert selection(only=("database.connect",)).wants("database.connect")
    assert not selection(only=("database.connect",)).wants("database.connections")
    assert selection(skip=("database.connect",)).wants("database.connections")
    for component in ("database", "database.", "database.conn"):
        assert selection(only=(component,)).wants("database.connections")


def test_known_secrets_are_taken_out_of_findings():
    def leaks(facts):
        facts.connect = Trouble(ErrorKind.CREDENTIALS, "bad password S3cr3t#PW for url S3cr3t%23PW")

    report, _ = report_of([check(leaks)], redactor=Redactor([Secret("S3cr3t#PW")]))
    assert "S3cr3t" not in str(report.as_json("x"))


def test_a_cross_check_sees_the_facts_of_all():
    together = Spec("cluster.alike", "m")

    def cross(facts):
        values = {value.connect.value for value in facts.values()}
        yield together.passed(f"{len(facts)} alike") if len(values) == 1 else together.fail("differ")

    report, _ = report_of(
        [check(fine, "a"), check(fine, "b")],
        cross_checks=[CrossCheck(component="cluster", specs=(together,), judge=cross)],
    )
    assert report.findings[-1].summary == "2 alike"


def test_the_json_form_is_the_contract():
    report, _ = report_of([check(fine)])
    document = report.as_json("cluster.yaml")
    assert list(document) == ["schema", "tool", "source", "started", "elapsed_ms", "summary", "actions", "findings"]
    assert list(document["summary"]) == ["pass", "info", "warn", "fail", "skip", "unknown"]
    assert list(document["findings"][0]) == [
        "id", "component", "subject", "severity", "error", "summary", "detail",
        "remedy", "remedy_kind", "remedy_value", "doc", "facts", "elapsed_ms",
    ]  # fmt: skip
