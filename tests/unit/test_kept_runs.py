"""Kept runs: private files, the newest fifty of a source, no secret; a damaged one costs nobody the others."""

import json
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.app import history
from wizard.checks.redis.component import COMPONENT as REDIS
from wizard.engine.component import Request
from wizard.engine.facts import Trouble
from wizard.engine.report import Report
from wizard.engine.selection import Selection
from wizard.plan.finding import ErrorKind, Finding, Severity
from wizard.plan.redact import Redactor
from wizard.storage.kept_runs import MOST, KeptRuns

STARTED = datetime(2026, 11, 27, 22, 10, 5, 123456, tzinfo=UTC)


@pytest.fixture
def runs(tmp_path: Path) -> KeptRuns:
    return KeptRuns(tmp_path / "runs")


def report(severity: Severity = Severity.PASS, minutes: int = 0, **more) -> Report:
    finding = Finding(id="redis.connect", severity=severity, summary="It says so.", subject="cache")
    return Report((finding,), STARTED + timedelta(minutes=minutes), 1234, **more)


def kept(runs: KeptRuns, given: Report, selection: Selection = Selection(), key: str = "abc") -> None:  # noqa: B008
    document = history.document_of(given, good_plan(), selection, Redactor(SECRETS.values()), given.as_json("x"))
    history.keep(key, given, document, runs)


def test_a_run_is_kept_in_a_private_file_that_tells_when_it_began_and_how_it_ended(runs):
    kept(runs, report())
    kept(runs, report(Severity.FAIL, minutes=1))
    bad, good = runs.runs("abc")
    assert (bad.path.name, bad.good) == ("20261127T221105123456-bad.json".replace("2210", "2211"), False)
    assert (good.path.name, good.good, good.started) == ("20261127T221005123456-good.json", True, STARTED)
    assert stat.S_IMODE(good.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(good.path.parent.stat().st_mode) == 0o700


def test_only_the_newest_fifty_stay(runs):
    assert MOST == 50
    for minutes in range(53):
        kept(runs, report(minutes=minutes))
    found = runs.runs("abc")
    assert len(found) == 50
    assert found[0].started == STARTED + timedelta(minutes=52)
    assert found[-1].started == STARTED + timedelta(minutes=3)


def test_runs_of_one_source_are_not_those_of_another_and_can_be_forgotten(runs):
    kept(runs, report())
    kept(runs, report(), key="other")
    runs.forget("abc")
    runs.forget("never-was")
    assert (len(runs.runs("abc")), len(runs.runs("other"))) == (0, 1)


def test_a_run_that_nobody_would_read_again_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("wizard.storage.kept_runs.LARGEST", 30)
    runs = KeptRuns(tmp_path)
    assert runs.keep("shop", {"a": "x" * 22}, started=STARTED, good=True).document() == {"a": "x" * 22}
    with pytest.raises(ValueError, match="too long to be kept"):
        runs.keep("shop", {"a": "x" * 23}, started=STARTED, good=False)
    assert len(runs.runs("shop")) == 1


@pytest.mark.parametrize("key", ["..", "a/b", "", "x" * 65])
def test_a_key_is_no_path(runs, key):
    with pytest.raises(ValueError, match="no identity"):
        runs.runs(key)


def test_a_damaged_run_and_other_files_are_left_out(runs):
    kept(runs, report())
    folder = runs.root / "abc"
    (folder / "20261128T000000000000-good.json").write_text("[" * 100_000)
    (folder / "20261128T000000000001-good.json").write_text("[]")
    (folder / "20261128T000000000002-good.json").write_text(json.dumps({**report().as_json("x"), "schema": 2}))
    (folder / "20261399T000000000000-good.json").write_text("{}")
    endless = json.dumps(report().as_json("x")).replace('"elapsed_ms": 1234', '"elapsed_ms": 1e999')
    (folder / "20261128T000000000004-good.json").write_text(endless)
    with pytest.raises(history.HistoryError, match="is no report of this program"):
        history.from_file(folder / "20261128T000000000004-good.json")
    (folder / "notes.txt").write_text("mine")
    os.mkfifo(folder / "20261128T000000000003-good.json")
    assert [past.started for past in history.past_runs("abc", runs)] == [STARTED.replace(microsecond=123000)]
    assert history.last("abc", Selection(), good=True, runs=runs).started == STARTED.replace(microsecond=123000)


@pytest.mark.parametrize(
    "part",
    [
        {"elapsed_ms": 10**12 + 1},
        {"elapsed_ms": -1},
        {"started": "0001-01-01T00:00:00+14:00"},
        {"run": {"good": True, "selection": {"only": [7], "skip": [], "whole_ids": [], "withheld": []}}},
    ],
)
def test_a_number_or_a_word_that_no_run_has_is_damage(tmp_path, part):
    (tmp_path / "run.json").write_text(json.dumps(report().as_json("x") | part))
    with pytest.raises(history.HistoryError, match="is no report of this program"):
        history.from_file(tmp_path / "run.json")


def test_a_folder_that_cannot_be_written_costs_nobody_the_result(tmp_path, caplog):
    (tmp_path / "runs").write_text("a file in the way")
    kept(KeptRuns(tmp_path / "runs"), report())
    assert "the run was not kept" in caplog.text


def test_a_run_comes_back_as_it_was_with_its_facts_and_its_plan_and_without_a_secret(runs):
    check = next(one for one in REDIS.checks(good_plan(), SECRETS, Request()) if one.subject == "cache")
    facts = check.facts()
    secret = next(value for name, value in SECRETS.items() if "redis" in name).reveal()
    facts.connection = Trouble(ErrorKind.CREDENTIALS, f"WRONGPASS {secret}")
    kept(runs, report(facts={("redis", "cache"): facts}))
    text = runs.runs("abc")[0].path.read_text()
    assert not [name for name, value in SECRETS.items() if value.reveal() in text]
    (past,) = history.past_runs("abc", runs)
    assert past.findings == report().findings
    assert (past.elapsed_ms, past.good, past.selection) == (1234, True, Selection())
    assert past.count(Severity.PASS) == 1
    run = json.loads(text)["run"]
    assert [(item["component"], item["subject"]) for item in run["facts"]] == [("redis", "cache")]
    assert run["plan"]["schema"] == 1


def test_the_last_run_is_one_that_was_asked_for_everything_or_for_the_same(runs):
    kept(runs, report(), Selection())
    kept(runs, report(minutes=1), Selection(only=("redis", "plan")))
    kept(runs, report(minutes=2), Selection(skip=("node",)))
    kept(runs, report(Severity.FAIL, minutes=3), Selection())

    def minute(selection: Selection, *, good: bool) -> int:
        return history.last("abc", selection, good=good, runs=runs).started.minute

    assert minute(Selection(), good=False) == 13
    assert minute(Selection(), good=True) == 10
    assert minute(Selection(only=("plan", "redis")), good=True) == 11
    assert minute(Selection(only=("redis",)), good=True) == 10
    assert minute(Selection(skip=("node",)), good=True) == 12
    assert history.last("never", Selection(), good=True, runs=runs) is None


@pytest.mark.parametrize(
    ("given", "good"),
    [
        (report(), True),
        (report(Severity.UNKNOWN), True),
        (report(Severity.WARN), True),
        (report(Severity.FAIL), False),
        (report(cancelled=True), False),
        (report(faults=1), False),
    ],
)
def test_a_good_run_ended_and_nothing_failed_in_it(given, good):
    assert given.good is good


def test_a_source_is_known_by_its_real_path_or_as_a_saved_cluster_by_its_id(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "real.env").touch()
    (tmp_path / "link.env").symlink_to("real.env")
    whole = history.key_of([str(tmp_path / "real.env")])
    assert history.key_of(["link.env"]) == history.key_of(["./real.env"]) == whole
    assert len(whole) == 32
    assert history.key_of(["a.env", "real.env"]) == history.key_of(["real.env", "a.env"])
    assert history.key_of(["a.env", "real.env"]) not in {whole, history.key_of(["a.env"])}
    assert history.key_of(["My cluster"], "f00") == "f00"


def test_a_report_in_json_can_be_compared_with_and_is_taken_for_the_ids_that_it_has(tmp_path):
    path = tmp_path / "report.json"
    path.write_text(json.dumps(report(Severity.FAIL).as_json("x")))
    past = history.from_file(path)
    assert (past.good, past.version) == (False, "0.1.0")
    assert past.selection.wants("redis.connect")
    assert not past.selection.wants("redis.version")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": 1}', '{"schema": 1, "findings": [{}]}', "[" * 50_000])
def test_what_is_no_report_is_refused_by_its_name(tmp_path, text):
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(history.HistoryError, match=r"other\.json"):
        history.from_file(path)


def test_a_report_of_a_newer_version_is_refused(tmp_path):
    path = tmp_path / "report.json"
    path.write_text(json.dumps({**report(Severity.FAIL).as_json("x"), "schema": 2}))
    with pytest.raises(history.HistoryError, match=r"report\.json was written by a newer version of the wizard"):
        history.from_file(path)


def test_a_report_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(history.HistoryError, match=r"gone\.json cannot be read: No such file"):
        history.from_file(tmp_path / "gone.json")
