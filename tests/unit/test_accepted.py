"""Accepted findings: no worse, of the same identity, until a date; in the cluster file, or beside another source."""

from dataclasses import replace
from datetime import date

import pytest

from tests.patience import patience, wait_until
from tests.unit.plans import SECRETS, good_plan
from wizard.app.acceptance import read_beside
from wizard.app.check import accepted
from wizard.app.open_source import open_source, open_sources
from wizard.engine.check import settled
from wizard.engine.events import RunFinished
from wizard.engine.runner import Run
from wizard.formats import cluster_file
from wizard.formats.cluster_file.accepted import read_file, with_accepted
from wizard.formats.files import SourceError
from wizard.guide.actions import actions_of, verdict
from wizard.plan.accepted import Accepted, accept, identity_of, marked
from wizard.plan.finding import Acceptance, ErrorKind, Finding, Severity
from wizard.plan.spec import Spec

WARN, FAIL, UNKNOWN, PASS, INFO, SKIP = (
    Severity.WARN,
    Severity.FAIL,
    Severity.UNKNOWN,
    Severity.PASS,
    Severity.INFO,
    Severity.SKIP,
)
TODAY = date(2026, 11, 28)
NAMES = ("setting", "found")


def finding(severity: Severity = UNKNOWN, **more) -> Finding:
    parts = {"id": "redis.version", "subject": "cache", "summary": "It is old.", "error": ErrorKind.VERSION, **more}
    return Finding(severity=severity, **parts)


def counts(now: Finding, then: Finding, until: date | None = None) -> bool:
    return marked(now, [accept(then, NAMES, "known", until)], NAMES, TODAY).accepted is None


def test_an_accepted_finding_bears_its_reason_and_its_date():
    one = accept(finding(), NAMES, "until the move", date(2026, 12, 24))
    assert marked(finding(), [one], NAMES, TODAY).accepted == Acceptance("until the move", date(2026, 12, 24))


@pytest.mark.parametrize(
    ("then", "now", "comes_back"),
    [
        (WARN, WARN, False),
        (UNKNOWN, WARN, False),
        (FAIL, UNKNOWN, False),
        (FAIL, FAIL, False),
        (WARN, UNKNOWN, True),
        (UNKNOWN, FAIL, True),
        (WARN, FAIL, True),
    ],
)
def test_it_comes_back_when_it_gets_graver(then, now, comes_back):
    assert counts(finding(now), finding(then)) is comes_back


@pytest.mark.parametrize("severity", [PASS, INFO, SKIP])
def test_what_asks_nothing_is_not_accepted(severity):
    assert counts(finding(severity), finding(FAIL))


@pytest.mark.parametrize(
    "other",
    [
        {"id": "redis.bloom"},
        {"subject": "lock"},
        {"error": ErrorKind.TIMEOUT},
        {"error": None},
        {"facts": {"setting": "redis.lock"}},
    ],
)
def test_another_finding_is_not_the_accepted_one(other):
    assert counts(finding(**other), finding())


def test_its_identity_are_the_facts_that_its_check_names_and_no_measured_number():
    then = finding(facts={"found": ["a", "b"], "elapsed": 12, "setting": "x"})
    assert identity_of(then, NAMES) == {"setting": "x", "found": '["a", "b"]'}
    assert not counts(replace(then, facts={**then.facts, "elapsed": 99}, elapsed_ms=7, summary="Other words."), then)
    assert counts(replace(then, facts={**then.facts, "found": ["a"]}), then)


@pytest.mark.parametrize(("until", "comes_back"), [("2026-11-27", True), ("2026-11-28", False), ("2026-11-29", False)])
def test_it_comes_back_on_the_day_after_its_date(until, comes_back):
    assert counts(finding(), finding(), date.fromisoformat(until)) is comes_back


def test_an_accepted_finding_counts_for_nothing_and_asks_nothing():
    spec = Spec("redis.version", "")
    plan = replace(good_plan(), accepted=(accept(finding(FAIL), spec.identity, "known", None),))
    events = []
    check = settled("redis", "cache", (spec,), [finding(FAIL)])
    run = Run([check], events.append, accept=lambda item: accepted(plan, item))
    run.start()
    assert run.wait(patience())
    assert wait_until(lambda: bool(events) and isinstance(events[-1], RunFinished))
    report = events[-1].report
    assert (report.good, report.count(FAIL), len(report.accepted)) == (True, 0, 1)
    assert report.as_json("x")["summary"]["accepted"] == 1
    assert actions_of(report.findings) == ()
    assert verdict(report.findings, ()) == "Nothing to do: 1 finding is accepted."


ONE = Accepted(
    "redis.version", "cache", UNKNOWN, "known: see #12", ErrorKind.VERSION, {"version": "7.0"}, date(2026, 12, 24)
)


def test_a_cluster_file_keeps_what_is_accepted():
    plan = replace(good_plan(), accepted=(ONE, Accepted("node.tls", "", WARN, "yes")))
    text = cluster_file.write(plan)
    assert cluster_file.read(text, "x").accepted == plan.accepted
    assert "\n# Findings that are known and wanted\naccepted:\n  - id: redis.version\n" in text


def test_accepting_leaves_all_else_in_a_file_as_it_is():
    text = "# mine\nschema: 1\nname: 'x'   # quoted\n\nextras:\n    A: \"1\"\n"
    once = with_accepted(text, [ONE])
    assert once.startswith("# mine\nschema: 1\nname: 'x'   # quoted\n")
    assert cluster_file.read(once, "x").accepted == (ONE,)
    assert "accepted" not in with_accepted(once, [])


@pytest.mark.parametrize(
    ("row", "line", "said"),
    [
        ("- id: a.b", 2, "needs “severity”"),
        ("- {id: a.b, severity: warn}", 2, "needs “reason”"),
        ("- {id: a.b, severity: pass, reason: x}", 2, "must be one of warn, unknown, fail"),
        ("- {id: a.b, severity: warn, reason: x, error: odd}", 2, "must be one of dns, "),
        ("- {id: a.b, severity: warn, reason: x, until: tomorrow}", 2, "no day as YYYY-MM-DD"),
        ("- {id: a.b, severity: warn, reason: x, until: 20261224}", 2, "no day as YYYY-MM-DD"),
        ("- {id: a.b, severity: warn, reason: x, who: me}", 2, "“who” is unknown here"),
    ],
)
def test_what_is_wrong_in_the_list_is_named_with_its_line(row, line, said):
    with pytest.raises(SourceError) as caught:
        read_file(f"accepted:\n  {row}\n", "accepted.yaml")
    assert f"accepted.yaml, line {line}: " in str(caught.value)
    assert said in str(caught.value)


def test_another_key_in_the_file_beside_is_an_error():
    with pytest.raises(SourceError, match="“acepted” is unknown here"):
        read_file("acepted: []\n", "accepted.yaml")


def test_beside_another_source_it_stands_in_a_file_of_its_own(tmp_path):
    (tmp_path / "a.env").write_text("DB_HOST=db\n")
    (tmp_path / "b.env").write_text("DB_PORT=5432\n")
    assert open_source(str(tmp_path / "a.env")).plan.accepted == ()
    (tmp_path / "accepted.yaml").write_text(with_accepted("", [ONE]))
    assert open_source(str(tmp_path / "a.env")).plan.accepted == (ONE,)
    assert open_source(str(tmp_path)).plan.accepted == (ONE,)
    assert open_sources([str(tmp_path / "a.env"), str(tmp_path / "b.env")]).plan.accepted == (ONE,)


def test_a_file_beside_that_cannot_be_read_is_said_so(tmp_path):
    (tmp_path / "accepted.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceError, match="it is not text"):
        read_beside(tmp_path / "a.env")
    (tmp_path / "accepted.yaml").unlink()
    (tmp_path / "accepted.yaml").mkdir()
    with pytest.raises(SourceError, match="it is a folder"):
        read_beside(tmp_path / "a.env")


def test_no_secret_is_needed_to_know_what_is_accepted():
    plan = replace(good_plan(), accepted=(ONE,))
    assert not [name for name, value in SECRETS.items() if value.reveal() in cluster_file.write(plan)]
