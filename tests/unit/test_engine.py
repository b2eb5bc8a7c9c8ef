"""Facts, checks and the findings that every component words alike: literally, and at their boundaries."""

from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.engine.check import (
    Check,
    Prerequisites,
    obstructed,
    secret_at,
    settled,
    skip_rest,
    told_by,
    value_of,
)
from wizard.engine.facts import NOT_NEEDED, PENDING, Fact, Known, Trouble, attempt, overdue
from wizard.engine.limits import DEADLINE, JOBS
from wizard.engine.report import Report
from wizard.engine.runner import Selection
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Unreadable
from wizard.plan.secret import SecretRef
from wizard.plan.spec import Spec

GATE, REST, LAST = Spec("thing.connect", "m"), Spec("thing.rest", "m"), Spec("thing.last", "m")


@dataclass
class Facts:
    first: Fact[str] = PENDING
    second: Fact[str] = PENDING
    third: Fact[str] = PENDING


def test_of_overdue_facts_the_first_pending_one_alone_got_no_answer():
    facts = Facts(first=Known("a"))
    late = overdue(facts, 1.5)
    assert late == Facts(Known("a"), Trouble(ErrorKind.TIMEOUT, "no answer within 1.5 s", elapsed_ms=1500), PENDING)
    assert facts.second is PENDING


def test_facts_that_are_all_known_are_not_overdue():
    facts = Facts(Known("a"), Known("b"), Trouble(ErrorKind.DNS))
    assert overdue(facts, 1) == facts


def test_a_time_below_zero_is_none():
    assert overdue(Facts(), -3).first == Trouble(ErrorKind.TIMEOUT, "no answer within 0 s", elapsed_ms=0)


def test_an_attempt_is_timed_in_milliseconds(monkeypatch):
    clock = iter([10.0, 10.25, 20.0, 20.5])
    monkeypatch.setattr("wizard.engine.facts.time", SimpleNamespace(monotonic=lambda: next(clock)))
    assert attempt(lambda: "value", lambda _: Trouble(ErrorKind.OTHER)) == Known("value", 250)
    assert attempt(lambda: 1 / 0, lambda _: Trouble(ErrorKind.OTHER, "x")) == Trouble(
        ErrorKind.OTHER, "x", elapsed_ms=500
    )


def test_only_what_is_known_has_a_value():
    assert [value_of(fact) for fact in (Known(3), Trouble(ErrorKind.OTHER), PENDING, NOT_NEEDED)] == [
        3,
        None,
        None,
        None,
    ]


def test_64_checks_run_at_once_and_each_has_5_seconds():
    assert (JOBS, DEADLINE) == (64, 5.0)
    assert Check(component="a", specs=(), facts=Facts, probe=print, judge=print).deadline == 5.0


@pytest.mark.parametrize(("subject", "name"), [("cache", "redis cache"), ("", "redis")])
def test_progress_names_a_check_by_component_and_subject(subject, name):
    check = settled("redis", subject, (GATE,), [])
    assert (check.name, check.component, check.subject, check.specs) == (name, "redis", subject, (GATE,))


def test_a_settled_check_gives_what_it_was_given_each_time():
    given = [GATE.passed("one"), REST.skip("two")]
    check = settled("thing", "", (GATE, REST), iter(given))
    facts = check.facts()
    check.probe(facts)
    assert list(check.judge(facts)) == given
    assert list(check.judge(facts)) == given


def test_trouble_fails_with_its_own_words_unless_others_are_given():
    trouble = Trouble(ErrorKind.DNS, "no such host", elapsed_ms=4)
    finding = obstructed(REST, trouble, GATE, what="It does not answer.", subject="x", facts={"a": 1})
    assert (finding.severity, finding.error, finding.summary) == (Severity.FAIL, ErrorKind.DNS, "It does not answer.")
    assert (finding.detail, finding.subject, finding.elapsed_ms, finding.facts) == ("no such host", "x", 4, {"a": 1})
    assert obstructed(REST, trouble, GATE, what="It.", detail="more").detail == "more"


def test_what_was_never_reached_is_skipped_and_names_the_gate():
    finding = obstructed(REST, PENDING, GATE, what="It does not answer.", subject="x")
    assert (finding.id, finding.severity, finding.subject) == ("thing.rest", Severity.SKIP, "x")
    assert finding.summary == "Not looked at, because thing.connect did not pass."


@pytest.mark.parametrize(("about", "remedy"), [("SSL_CERT_FILE", True), ("", False)])
def test_a_fault_of_this_machine_is_unknown_and_names_the_variable_if_there_is_one(about, remedy):
    trouble = Trouble(ErrorKind.MISSING, "no such file", about, elapsed_ms=6, ours=True)
    finding = obstructed(REST, trouble, GATE, what="It does not answer.", subject="x")
    assert (finding.severity, finding.error, finding.subject) == (Severity.UNKNOWN, ErrorKind.MISSING, "x")
    assert finding.summary == "Could not be found out from this machine: no such file."
    assert finding.elapsed_ms == 6
    assert (about in finding.remedy and bool(finding.remedy)) is remedy


def test_the_rest_is_skipped_without_the_gate():
    assert [(f.id, f.severity, f.subject) for f in skip_rest((REST, GATE, LAST), GATE, "x")] == [
        ("thing.rest", Severity.SKIP, "x"),
        ("thing.last", Severity.SKIP, "x"),
    ]


def test_reasons_are_named_once_and_in_order():
    assert told_by(["b.x", "a.x", "b.x"]) == "The reason stands under a.x, b.x."
    assert told_by([]) == ""


def missing(plan, secrets=SECRETS, **wanted):
    check = Prerequisites(plan, secrets, **wanted).missing("database", "x", (GATE, REST))
    return check and [(f.id, f.severity, f.error, f.subject) for f in check.judge(check.facts())]


def test_nothing_is_missing_of_a_good_plan():
    assert missing(good_plan(), settings=("database.host",), readable=("database.schema",)) is None
    assert missing(good_plan(), secret_keys=("database.password",)) is None


@pytest.mark.parametrize("wanted", ["settings", "readable"])
def test_a_setting_that_could_not_be_read_stops_all(wanted):
    plan = good_plan().with_unreadable(Unreadable("database.port", "many", "no number"))
    assert missing(plan, **{wanted: ("database.host", "database.port")}) == [
        ("thing.connect", Severity.SKIP, None, "x"),
        ("thing.rest", Severity.SKIP, None, "x"),
    ]


def test_an_empty_setting_stops_only_what_needs_it():
    plan = good_plan().with_value("database.host", "")
    assert missing(plan, readable=("database.host",)) is None
    assert missing(plan, settings=("database.host",))[0] == ("thing.connect", Severity.SKIP, None, "x")


def test_a_secret_that_is_not_at_hand_is_unknown_and_one_that_is_not_planned_is_not_missed():
    assert missing(good_plan(), {}, secret_keys=("database.password",)) == [
        ("thing.connect", Severity.UNKNOWN, ErrorKind.MISSING, "x"),
        ("thing.rest", Severity.SKIP, None, "x"),
    ]
    assert missing(good_plan().with_value("database.password", None), {}, secret_keys=("database.password",)) is None


def test_a_secret_is_found_by_the_plan_s_reference():
    plan = good_plan().with_value("database.password", SecretRef("mine"))
    assert secret_at(plan, {"mine": SECRETS["licence.password"]}, "database.password") is SECRETS["licence.password"]
    assert secret_at(plan, {}, "database.password") is None
    assert secret_at(plan, SECRETS, "database.host") is None


@pytest.mark.parametrize(
    ("selection", "wanted"),
    [
        (Selection(), ["a.one", "a.one_more", "b.two"]),
        (Selection(only=("a",)), ["a.one", "a.one_more"]),
        (Selection(only=("a.one",)), ["a.one", "a.one_more"]),
        (Selection(only=("a.one",), whole_ids=frozenset({"a.one"})), ["a.one"]),
        (Selection(only=("a", "b")), ["a.one", "a.one_more", "b.two"]),
        (Selection(only=("a",), skip=("a.one_more",)), ["a.one"]),
        (Selection(skip=("a.one",), whole_ids=frozenset({"a.one"})), ["a.one_more", "b.two"]),
        (Selection(skip=("a", "b")), []),
        (Selection(only=("c",)), []),
    ],
)
def test_only_and_skip_choose_ids_by_their_beginning(selection, wanted):
    assert [one for one in ("a.one", "a.one_more", "b.two") if selection.wants(one)] == wanted


def test_a_report_counts_and_names_what_was_checked():
    findings = (GATE.passed("one"), GATE.passed("two"), REST.warn("three"))
    report = Report(findings, datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC), 1234)
    assert (report.count(Severity.PASS), report.count(Severity.WARN), report.count(Severity.FAIL)) == (2, 1, 0)
    assert (report.cancelled, report.faults) == (False, 0)
    document = report.as_json("cluster.yaml")
    assert (document["schema"], document["source"], document["elapsed_ms"]) == (1, "cluster.yaml", 1234)
    assert document["started"] == "2026-01-02T03:04:05.678+00:00"
    assert document["tool"]["name"] == "nocobase-cluster-wizard"
    assert document["summary"] == {"pass": 2, "info": 0, "warn": 1, "fail": 0, "skip": 0, "unknown": 0}
    assert [finding["summary"] for finding in document["findings"]] == ["one", "two", "three"]
