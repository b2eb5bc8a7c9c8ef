"""The line that tells of a saved cluster's last run, and what changed since its last good one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.app import history
from wizard.app.history import PastRun
from wizard.app.saved_clusters import Library
from wizard.engine.report import Report
from wizard.engine.selection import ALL
from wizard.engine.since import Change
from wizard.guide.last_runs import LastRun, keep, last_run
from wizard.guide.reports.since import sentence
from wizard.plan.accepted import Accepted
from wizard.plan.finding import Acceptance, Finding, Severity
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


def test_a_run_follows_what_was_accepted_since(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    one = Accepted("redis.connect", "cache", Severity.FAIL, "known")
    plan, accepting = good_plan(), replace(good_plan(), accepted=(one,))
    Library().save(plan)
    keep(plan, report(Severity.PASS), SECRETS)
    keep(plan, report(Severity.FAIL, minutes=5), SECRETS)
    assert last_run(plan.id).counts[Severity.FAIL] == 1
    Library().save(accepting, known=plan)
    assert last_run(plan.id).counts[Severity.FAIL] == 0


def test_what_was_accepted_since_is_not_gone():
    one = Accepted("redis.connect", "cache", Severity.FAIL, "known")
    fails = report(Severity.FAIL).findings[-1]
    then = PastRun(THEN, 1, False, ALL, (fails,), "", {}, Path())
    now = replace(report(Severity.FAIL), findings=(replace(fails, accepted=Acceptance("known", None)),))
    assert history.since(then, now, ALL).count(Change.GONE) == 1
    followed = history.following(then, replace(good_plan(), accepted=(one,)))
    assert not any(history.since(followed, now, ALL).findings.values())
    ended = history.following(replace(then, findings=now.findings), replace(good_plan(), accepted=(one,)))
    assert history.since(ended, report(Severity.FAIL), ALL).count(Change.NEW) == 1


def test_what_a_run_was_not_asked_to_look_into_is_not_gone():
    inside = Finding(id="inside.app_key", severity=Severity.FAIL, summary="Another key.")
    there = replace(report(Severity.PASS), findings=(*report(Severity.PASS).findings, inside))
    with_nodes = PastRun(THEN, 1, True, ALL, there.findings, "", {}, Path())
    assert not any(history.since(with_nodes, report(Severity.PASS), ALL).findings.values())
    without = replace(with_nodes, findings=report(Severity.PASS).findings)
    assert history.since(without, there, ALL).count(Change.NEW) == 1
    assert history.since(with_nodes, there, ALL).count(Change.STILL) == 1


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


def test_what_is_accepted_is_told_too_so_that_it_counts_once_that_is_withdrawn(tmp_path: Path):
    runs, plan = KeptRuns(tmp_path), good_plan()
    keep(plan, report(Severity.PASS), SECRETS, runs)
    failing = report(Severity.FAIL, minutes=5)
    accepted = replace(failing.findings[-1], accepted=Acceptance("known", None))
    changed = keep(plan, replace(failing, findings=(*failing.findings[:-1], accepted)), SECRETS, runs)
    assert changed is not None
    assert changed.findings[Change.NEW] == (failing.findings[-1],)
    assert sentence(changed.counting(lambda _finding: False)).endswith(": nothing changed.")
    [kept, _first] = history.past_runs(plan.id, runs)
    assert kept.document["since"]["new"] == []
