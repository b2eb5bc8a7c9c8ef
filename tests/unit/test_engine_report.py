"""What a report counts: a run that was broken off is not good, and what is accepted does not count."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from wizard.engine.report import Report
from wizard.plan.finding import Acceptance, Finding, Severity

STARTED = datetime(2026, 1, 2, tzinfo=UTC)


def finding(severity, **more):
    return Finding(id="thing.connect", severity=severity, summary="x", **more)


@pytest.mark.parametrize(
    ("severity", "more", "good"),
    [
        (Severity.PASS, {}, True),
        (Severity.WARN, {}, True),
        (Severity.UNKNOWN, {}, True),
        (Severity.FAIL, {}, False),
        (Severity.PASS, {"cancelled": True}, False),
        (Severity.PASS, {"faults": 1}, False),
    ],
)
def test_a_run_is_good_where_it_ended_and_nothing_failed(severity, more, good):
    assert Report((finding(severity),), STARTED, 5, **more).good is good


def test_what_is_accepted_counts_by_itself_alone():
    failed = finding(Severity.FAIL)
    accepted = replace(failed, accepted=Acceptance("known since May"))
    report = Report((accepted, failed, finding(Severity.PASS)), STARTED, 5)
    assert (report.count(Severity.FAIL), report.count(Severity.PASS)) == (1, 1)
    assert report.accepted == (accepted,)
    counted = {"pass": 1, "info": 0, "warn": 0, "fail": 1, "skip": 0, "unknown": 0}
    assert report.as_json("x")["summary"] == counted | {"accepted": 1}
    assert Report((accepted,), STARTED, 5).good
    assert Report((failed,), STARTED, 5).as_json("x")["summary"] == counted | {"pass": 0}
