"""What changed between two runs: new, worse, still there, gone; what was not looked at is never gone."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from wizard.engine.since import Change, Since, compared, milder
from wizard.guide.reports.since import sentence, since_text
from wizard.guide.reports.style import Style
from wizard.plan.finding import Acceptance, Finding, Severity

PASS, INFO, WARN, FAIL, SKIP, UNKNOWN = (
    Severity.PASS,
    Severity.INFO,
    Severity.WARN,
    Severity.FAIL,
    Severity.SKIP,
    Severity.UNKNOWN,
)


def finding(severity: Severity, identifier: str = "redis.connect", subject: str = "cache", **more) -> Finding:
    return Finding(id=identifier, severity=severity, summary=f"It is {severity}.", subject=subject, **more)


def everything(_identifier: str) -> bool:
    return True


def change(then: Severity | None, now: Severity | None) -> Change | None:
    former = [finding(then)] if then else []
    present = [finding(now)] if now else []
    found = compared(former, present, everything, everything)
    named = [change for change, findings in found.items() if findings]
    assert len(named) <= 1
    return named[0] if named else None


def test_what_asks_less_than_before_and_still_something_is_milder():
    for then, now, is_milder in [
        (FAIL, WARN, True),
        (FAIL, UNKNOWN, True),
        (UNKNOWN, WARN, True),
        (FAIL, FAIL, False),
        (WARN, FAIL, False),
        (FAIL, PASS, False),
        (FAIL, INFO, False),
    ]:
        assert bool(milder([finding(then)], [finding(now)])) is is_milder
    assert not milder([], [finding(WARN)])


@pytest.mark.parametrize(
    ("then", "now", "wanted"),
    [
        (None, FAIL, Change.NEW),
        (PASS, WARN, Change.NEW),
        (INFO, UNKNOWN, Change.NEW),
        (SKIP, FAIL, Change.NEW),
        (WARN, UNKNOWN, Change.WORSE),
        (UNKNOWN, FAIL, Change.WORSE),
        (WARN, FAIL, Change.WORSE),
        (FAIL, FAIL, Change.STILL),
        (FAIL, WARN, Change.STILL),
        (FAIL, UNKNOWN, Change.STILL),
        (FAIL, SKIP, Change.STILL),
        (FAIL, PASS, Change.GONE),
        (WARN, INFO, Change.GONE),
        (UNKNOWN, None, Change.GONE),
        (PASS, PASS, None),
        (None, PASS, None),
        (PASS, SKIP, None),
        (PASS, None, None),
    ],
)
def test_a_finding_changes_by_how_much_it_asks_of_a_person(then, now, wanted):
    assert change(then, now) is wanted


def test_of_two_findings_of_one_subject_the_graver_one_counts():
    former = [finding(FAIL), finding(PASS)]
    found = compared(former, [finding(PASS), finding(WARN)], everything, everything)
    assert found[Change.STILL] == (finding(WARN),)
    assert found[Change.GONE] == ()


def test_one_subject_is_not_another():
    found = compared([finding(FAIL, subject="lock")], [finding(FAIL)], everything, everything)
    assert found[Change.NEW] == (finding(FAIL),)
    assert found[Change.GONE] == (finding(FAIL, subject="lock"),)


def test_what_the_former_run_was_not_asked_for_is_nothing_new():
    found = compared([], [finding(FAIL)], lambda identifier: identifier != "redis.connect", everything)
    assert not any(found.values())


def test_what_this_run_is_not_asked_for_is_not_gone():
    found = compared([finding(FAIL)], [], everything, lambda identifier: identifier != "redis.connect")
    assert not any(found.values())


def test_what_was_not_looked_at_this_time_is_told_as_it_was():
    found = compared([finding(FAIL)], [finding(SKIP)], everything, everything)
    assert found[Change.STILL] == (finding(FAIL),)


def test_an_accepted_finding_asks_nothing_and_is_gone():
    accepted = finding(FAIL, accepted=Acceptance("known"))
    assert compared([finding(FAIL)], [accepted], everything, everything)[Change.GONE] == (finding(FAIL),)


STARTED = datetime(2026, 11, 27, 22, 10, 59, tzinfo=UTC)


def since(*, good: bool = True, **changes: tuple[Finding, ...]) -> Since:
    return Since(STARTED, good, {Change(name): found for name, found in changes.items()})


@pytest.fixture(autouse=True)
def greenwich(monkeypatch: pytest.MonkeyPatch):
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


def test_one_sentence_says_what_changed_and_since_when():
    told = since(new=(finding(FAIL), finding(WARN)), worse=(finding(FAIL),), gone=(finding(WARN),))
    assert sentence(told) == "Since the last good run (2026-11-27 22:10): 2 new, 1 worse, 1 gone."
    still = since(good=False, still=(finding(FAIL),))
    assert sentence(still) == "Since the run of 2026-11-27 22:10: 1 still there."
    assert sentence(since()) == "Since the last good run (2026-11-27 22:10): nothing changed."
    apart = replace(since(good=False), together=False)
    assert sentence(apart) == "Since the run of 2026-11-27 22:10: the two runs looked at nothing in common."


def test_what_is_new_worse_or_gone_is_listed_and_what_is_still_there_stands_with_the_actions():
    told = since(
        new=(finding(FAIL),), worse=(finding(FAIL, subject="lock"),), still=(finding(WARN, subject="x"),), gone=()
    )
    assert list(since_text(told, Style())) == [
        "Since the last good run (2026-11-27 22:10): 1 new, 1 worse, 1 still there.",
        "  New    redis.connect cache: It is fail.",
        "  Worse  redis.connect lock: It is fail.",
    ]
    assert list(since_text(None, Style())) == []


def test_the_changes_have_a_json_form():
    told = since(new=(finding(FAIL),)).as_json()
    assert told == {
        "started": "2026-11-27T22:10:59.000+00:00",
        "good": True,
        "in_common": True,
        "new": [{"id": "redis.connect", "subject": "cache", "severity": "fail", "summary": "It is fail."}],
        "worse": [],
        "still": [],
        "gone": [],
    }
    assert replace(since(), together=False).as_json()["in_common"] is False
