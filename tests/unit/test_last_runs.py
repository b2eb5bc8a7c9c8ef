"""The line that tells of a saved cluster's last run, and what changed since its last good one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.engine.report import Report
from wizard.guide.last_runs import LastRun, keep, last_run
from wizard.guide.reports.since import sentence
from wizard.plan.finding import Finding, Severity
from wizard.storage.kept_runs import KeptRuns

THEN = datetime(2026, 11, 27, 22, 10, 5, tzinfo=UTC)


def report(severity, minutes=0, **more):
    findings = [
        Finding(id="node.health", severity=Severity.PASS, summary="It answers.", subject=name) for name in ("a", "b")
    ]
    findings.append(Finding(id="redis.connect", severity=severity, summary="It says so.", subject="cache"))
    return Report(tuple(findings), THEN + timedelta(minutes=minutes), 1234, **more)


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, "2 nodes, checked 22:10, all passed"),
        ({Severity.WARN: 1}, "2 nodes, checked 22:10, 1 warning"),
        ({Severity.WARN: 1, Severity.FAIL: 3}, "2 nodes, checked 22:10, 3 failed"),
    ],
)
def test_a_run_is_told_in_a_line_by_its_gravest_findings(counts, words):
    assert LastRun(THEN, 2, counts).words(THEN + timedelta(minutes=5)) == words


def test_the_day_is_told_where_it_is_another_one():
    assert LastRun(THEN, 0, {}).words(THEN + timedelta(days=1)) == "checked 2026-11-27 22:10, all passed"


def test_a_run_is_kept_and_the_next_one_says_what_changed_since_the_last_good_one(tmp_path: Path):
    runs, plan = KeptRuns(tmp_path), good_plan()
    assert last_run(plan.id, runs) is None
    assert keep(plan, report(Severity.PASS), SECRETS, runs) is None
    changed = keep(plan, report(Severity.FAIL, minutes=5), SECRETS, runs)
    assert changed is not None
    assert sentence(changed).startswith("Since the last good run (")
    assert sentence(changed).endswith(": 1 new.")
    found = last_run(plan.id, runs)
    assert found is not None
    assert (found.nodes, found.counts[Severity.FAIL]) == (2, 1)
    assert found.started == THEN + timedelta(minutes=5)
