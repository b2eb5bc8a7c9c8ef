"""A kept run is judged again without the network: by the facts it has, and what it has not stands as it was found."""

import json
from pathlib import Path

import pytest

from tests.unit.cli.calling import saved
from tests.unit.plans import SECRETS, good_plan
from wizard.formats import dotenv
from wizard.formats.files import SecretsMode

CHECK = ("--secrets-file", "secrets.env", "--only", "storage", "--only", "plan")


@pytest.fixture
def run(program, tmp_path) -> Path:
    """The file of a kept run that found the shared folder missing; the folder is there now."""
    share = tmp_path / "share"
    plan = good_plan().with_value("storage.path", str(share))
    saved(plan)
    Path("secrets.env").write_text(dotenv.write(plan, SECRETS, SecretsMode.INLINE)[0].text)
    assert program("check", "cluster.yaml", *CHECK).code == 3
    share.mkdir()
    line = program("history", "cluster.yaml").out.splitlines()[0]
    return Path(line.split("  ")[-1])


def found(done) -> dict[tuple[str, str], dict]:
    return {(item["id"], item["subject"]): item for item in json.loads(done.out)["findings"]}


def test_it_says_again_what_it_found_then_without_source_secrets_or_network(program, run):
    done = program("check", "--facts", str(run), "--format", "json")
    assert done.code == 3
    kept = {(item["id"], item["subject"]): item for item in json.loads(run.read_text())["findings"]}
    assert found(done).keys() == kept.keys()
    assert {key: item["severity"] for key, item in found(done).items()} == {
        key: item["severity"] for key, item in kept.items()
    }
    assert found(done)["storage.exists", ""]["severity"] == "fail"


def test_the_judges_of_today_judge_the_facts_of_then(program, run):
    document = json.loads(run.read_text())
    for item in document["findings"]:
        item["summary"] = "As an older program said it."
    run.write_text(json.dumps(document))
    again = found(program("check", "--facts", str(run), "--format", "json"))
    assert again["storage.exists", ""]["summary"] != "As an older program said it."
    assert again["plan.app_key", ""]["summary"] == "As an older program said it."


def test_facts_of_another_version_are_left_and_their_findings_stand(program, run):
    document = json.loads(run.read_text())
    document["run"]["facts"][0]["facts"] = {"other": {"known": 1, "elapsed_ms": 1}}
    run.write_text(json.dumps(document))
    assert found(program("check", "--facts", str(run), "--format", "json"))["storage.exists", ""]["severity"] == "fail"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--facts", "RUN", "--facts", "RUN"), "judged alone"),
        (("--facts", "RUN", "--watch", "1"), "without asking anybody"),
        (("--facts", "RUN", "--nodes"), "without asking anybody"),
        (("--facts", "gone.json"), "gone.json cannot be read"),
        (("--facts", "RUN", "--since", "last"), "--since FILE"),
        (("--facts", "RUN", "--only", "database"), "looked at nothing of what is wanted"),
        (("--facts", "RUN", "--skip", "storage", "--skip", "plan"), "looked at nothing of what is wanted"),
        ((), "SOURCE is wanted"),
    ],
)
def test_what_does_not_go_together_is_bad_usage(program, run, words, said):
    done = program("check", *(str(run) if word == "RUN" else word for word in words))
    assert (done.code, said in done.err) == (2, True)


def test_of_what_it_found_that_which_is_wanted_is_told(program, run):
    assert {
        key[0] for key in found(program("check", "--facts", str(run), "--only", "plan.app_key", "--format", "json"))
    } == {"plan.app_key"}
    done = program("check", "--facts", str(run), "--skip", "storage", "--since", str(run), "--format", "json")
    assert not [key for key in found(done) if key[0].startswith("storage")]
    since = json.loads(done.out)["since"]
    assert not [
        item for change in ("new", "worse", "still", "gone") for item in since[change] if "storage" in item["id"]
    ]


def test_a_damaged_plan_in_it_is_said_so(program, run):
    document = json.loads(run.read_text())
    document["run"]["plan"] = {"schema": 1, "nodes": {"a": "b"}}
    run.write_text(json.dumps(document))
    done = program("check", "--facts", str(run))
    assert done.code == 2
    assert "no plan that can be read" in done.err


def test_it_is_not_kept_anew(program, run):
    before = program("history", "cluster.yaml").out
    program("check", "--facts", str(run))
    assert program("history", "cluster.yaml").out == before
