"""A report as a document: of one run, of a run and what was checked again since, and without any secret."""

import json
import os
from datetime import UTC, datetime

import pytest

from wizard.engine.report import Report
from wizard.guide.reports import report as verb
from wizard.guide.reports.report import Format
from wizard.guide.reports.told import Told
from wizard.plan.finding import Finding, Severity
from wizard.plan.secret import Secret


def finding(identifier, severity=Severity.PASS, **more):
    return Finding(id=identifier, severity=severity, summary=more.pop("summary", identifier), **more)


def report(*findings, elapsed_ms=1000, **more):
    return Report(findings, datetime(2026, 1, 1, tzinfo=UTC), elapsed_ms, **more)


def test_a_report_is_written_as_text_or_as_the_contracts_json():
    made = report(finding("database.connect", summary="Connected."))
    assert verb.rendered(Told(made, "cluster.yaml"), Format.TEXT).startswith("Nothing to do: 1 check passed.\n")
    document = json.loads(verb.rendered(Told(made, "cluster.yaml"), Format.JSON))
    assert (document["schema"], document["source"]) == (1, "cluster.yaml")
    assert document["summary"]["pass"] == 1


def test_what_was_checked_again_takes_the_place_of_what_it_renewed():
    whole = report(
        finding("plan.value"), finding("database.connect"), finding("redis.connect", Severity.FAIL), elapsed_ms=900
    )
    again = report(finding("plan.value", Severity.WARN), finding("redis.connect"), elapsed_ms=100, faults=1)
    made = verb.renewed(whole, again, ("plan", "redis"))
    assert [(item.id, item.severity) for item in made.findings] == [
        ("plan.value", Severity.WARN),
        ("database.connect", Severity.PASS),
        ("redis.connect", Severity.PASS),
    ]
    assert (made.started, made.elapsed_ms, made.faults, made.cancelled) == (whole.started, 1000, 1, False)


def test_a_run_that_was_cancelled_leaves_the_whole_cancelled():
    assert verb.renewed(report(), report(cancelled=True), ("redis",)).cancelled


def test_no_secret_is_in_a_report_that_was_redacted():
    secret = "kT7-quite.secret_value"
    made = report(finding("a.b", summary=f"x {secret}", detail=secret, remedy=secret, facts={"said": [secret]}))
    clean = verb.redacted(made, [Secret(secret)])
    for form in Format:
        assert secret not in verb.rendered(Told(clean, "x"), form)


def test_a_written_report_replaces_a_file_in_one_step_and_can_be_read_by_others(tmp_path):
    path = tmp_path / "report.txt"
    path.write_text("former")
    verb.write(path, "new ✓")
    assert path.read_text(encoding="utf-8") == "new ✓"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.txt"]
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o644


def test_a_report_that_cannot_be_written_leaves_the_former_one(tmp_path):
    with pytest.raises(OSError, match="nowhere"):
        verb.write(tmp_path / "nowhere" / "report.txt", "x")
    assert list(tmp_path.iterdir()) == []
