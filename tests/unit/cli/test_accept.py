"""Command accept: a finding of the last run counts no longer, and the file says why."""

import json
from pathlib import Path

import pytest

from tests.unit.cli.calling import saved
from tests.unit.plans import good_plan
from wizard.app.acceptance import AcceptError, note_accepted
from wizard.app.open_source import open_source
from wizard.app.saved_clusters import Library
from wizard.plan.accepted import Accepted
from wizard.plan.finding import Severity

PLAN = ("--only", "plan", "--secrets-file", "secrets.env")


@pytest.fixture
def broken(good) -> str:
    """A cluster file in which one rule fails."""
    return saved(good_plan().with_value("application.public_url", ""))


@pytest.fixture
def failed(program, broken) -> str:
    """The name of what failed in it, as `accept` takes it."""
    out = program("check", broken, *PLAN, "--verbose").out
    line = next(line for line in out.splitlines() if line.strip().startswith("FAILED"))
    return line.split()[1]


def test_an_accepted_failure_counts_no_longer_and_stays_visible(program, broken, failed):
    before = Path(broken).read_text()
    subject = _subject(program, broken, failed)
    done = program("accept", broken, f"{failed}:{subject}", "--reason", "on purpose", "--until", "2999-12-31")
    assert (done.code, done.out) == (0, "")
    assert Path(broken).read_text().startswith(before.rstrip("\n"))
    again = program("check", broken, *PLAN)
    assert again.code == 0
    assert "Accepted until 2999-12-31: on purpose" in again.out
    assert ", 1 accepted · " in again.out


def test_accepting_again_takes_the_place_of_the_former_reason(program, broken, failed):
    name = f"{failed}:{_subject(program, broken, failed)}"
    program("accept", broken, name, "--reason", "first")
    program("accept", broken, name, "--reason", "second")
    text = Path(broken).read_text()
    assert ("reason: first" in text, text.count("reason: second")) == (False, 1)


def test_beside_an_env_file_it_stands_in_a_file_of_its_own(program):
    Path("x.env").write_text("DB_HOST=db\nAPP_KEY=short\n")
    assert program("check", "x.env", "--only", "plan.app_key").code == 3
    done = program("accept", "x.env", "plan.app_key", "--reason", "a test cluster")
    assert (done.code, Path("accepted.yaml").exists()) == (0, True)
    assert done.err.endswith("accepted.yaml. It holds for every source in that folder.\n")
    assert program("check", "x.env", "--only", "plan.app_key").code == 0
    assert "short" not in Path("accepted.yaml").read_text()


def test_of_a_saved_cluster_it_is_saved_with_it(program, broken, failed):
    plan = good_plan().with_value("application.public_url", "")
    Library().save(plan)
    program("check", plan.name, *PLAN)
    done = program("accept", plan.name, f"{failed}:{_subject(program, broken, failed)}", "--reason", "on purpose")
    assert done.code == 0
    assert [one.reason for one in Library().open(plan.id).plan.accepted] == ["on purpose"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan.app_key", "--reason", "x"), "found nothing to accept under “plan.app_key”"),
        (("plan.required", "--reason", " "), "A reason is wanted"),
        (("plan.required", "--reason", "x", "--until", "2020-01-01"), "2020-01-01 is over"),
        (("plan.required", "--reason", "x", "--until", "soon"), "no day as YYYY-MM-DD"),
        (("plan.required",), "--reason"),
    ],
)
def test_what_cannot_be_accepted_is_bad_usage(program, broken, failed, words, said):
    done = program("accept", broken, *words)
    assert (done.code, said in done.err) == (2, True)


def test_before_the_first_check_there_is_nothing_to_accept(program, broken):
    done = program("accept", broken, "plan.required", "--reason", "x")
    assert done.code == 2
    assert "check it first" in done.err


def test_a_subject_that_is_wanted_is_named(program, broken, failed):
    done = program("accept", broken, f"{failed}:nobody", "--reason", "x")
    assert done.code == 2
    assert f"{failed}:{_subject(program, broken, failed)}" in done.err


def _subject(program, source: str, failed: str) -> str:
    found = json.loads(program("check", source, *PLAN, "--format", "json").out)["findings"]
    return next(item["subject"] for item in found if item["id"] == failed and item["severity"] == "fail")


def test_what_is_accepted_and_withdrawn_elsewhere_is_brought_beside_the_source(tmp_path):
    source = tmp_path / "prod.env"
    source.write_text("DB_DIALECT=postgres\n")
    opened = open_source(str(source))
    assert opened.accepts_in == tmp_path / "accepted.yaml"
    ours, theirs = (Accepted("redis.connect", role, Severity.FAIL, "known") for role in ("cache", "lock"))
    note_accepted(opened.accepts_in, [], [ours])
    note_accepted(opened.accepts_in, [], [theirs])
    assert open_source(str(source)).plan.accepted == (ours, theirs)
    note_accepted(opened.accepts_in, [ours], [])
    assert open_source(str(source)).plan.accepted == (theirs,)
    note_accepted(tmp_path / "none.yaml", [ours], [])
    assert not (tmp_path / "none.yaml").exists()
    with pytest.raises(AcceptError, match="cannot be written"):
        note_accepted(tmp_path / "gone" / "accepted.yaml", [], [ours])


def test_of_a_cluster_file_it_stands_in_the_file_itself(good):
    assert open_source(good).accepts_in == Path(good)
