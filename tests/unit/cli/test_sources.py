"""What plans are read from, and where their secrets come from; and what differs between two."""

import io
import json
import sys
from pathlib import Path

import pytest

from tests.unit.cli.calling import saved
from tests.unit.plans import SECRETS, good_plan
from wizard.formats import cluster_file, dotenv
from wizard.formats.files import SecretsMode
from wizard.storage.saved_clusters import Workspace


@pytest.mark.parametrize(
    ("content", "words"),
    [("schema: 1\ndatabase:\n  hots: x\n", "cluster.yaml, line 3"), ("schema: 99\n", "cluster.yaml"), ("[", "line 1")],
)
def test_a_damaged_source_ends_with_2_and_names_file_and_line(program, content, words):
    Path("cluster.yaml").write_text(content)
    for command in (["check"], ["export"], ["diff"]):
        rest = [] if command == ["check"] else ["cluster.yaml"]
        done = program(*command, "cluster.yaml", *rest)
        assert (done.code, done.out) == (2, "")
        assert words in done.err
        assert "Traceback" not in done.err


def test_a_source_that_is_nowhere_ends_with_2(program):
    done = program("check", "nowhere.yaml")
    assert done.code == 2
    assert "nowhere.yaml" in done.err


def test_a_saved_cluster_is_a_source(program):
    Workspace().save("c1", "shop", cluster_file.write(good_plan()))
    assert json.loads(program("check", "shop", "--only", "plan.value", "--format", "json").out)["source"] == "shop"


def test_secrets_come_from_the_environment_under_nocobases_own_names(program, good, monkeypatch):
    monkeypatch.setenv("APP_KEY", SECRETS["application.app_key"].reveal())
    done = program("check", good, "--only", "plan.app_key", "--format", "json")
    assert [finding["severity"] for finding in json.loads(done.out)["findings"]] == ["pass"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_person_at_a_terminal_is_asked_for_what_the_wanted_checks_need(program, good, monkeypatch):
    asked = []

    def answer(prompt: str, stream: object = None) -> str:
        asked.append(prompt)
        return SECRETS["application.app_key"].reveal() if "app_key" in prompt else ""

    monkeypatch.setattr("getpass.getpass", answer)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(sys, "stderr", Terminal())
    done = program("check", good, "--only", "plan.app_key", "--format", "json")
    assert [finding["severity"] for finding in json.loads(done.out)["findings"]] == ["pass"]
    assert ["app_key" in prompt for prompt in asked].count(True) == 1
    assert not any("database" in prompt for prompt in asked)


def test_without_a_terminal_nobody_is_asked_and_what_is_missing_is_told(program, good, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda *_, **__: pytest.fail("asked"))
    done = program("check", good, "--only", "plan.app_key")
    assert done.code == 0
    assert "application.app_key" in done.err
    assert "No keyring was found" in done.err
    assert "database.password" not in done.err


def test_a_person_who_ends_the_input_goes_on_without(program, good, monkeypatch):
    def end(_prompt: str, stream: object = None) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", end)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert program("check", good, "--only", "plan.app_key").code == 0


def test_a_file_without_any_of_the_secrets_is_told_with_the_names_and_no_value(program, good):
    Path("other.env").write_text("DB_PASWORD=Typo-Pw_12345\n")
    done = program("check", good, "--only", "plan.value", "--secrets-file", "other.env")
    assert done.code == 0
    assert "other.env" in done.err
    assert "DB_PASSWORD" in done.err
    assert "Typo-Pw_12345" not in done.err
    assert "holds none" not in program("check", good, "--only", "plan.value", "--secrets-file", "secrets.env").err


# diff


def test_equal_plans_end_with_0_and_different_ones_with_3(program, good):
    other = saved(good_plan().with_value("database.port", 6432), "other.yaml")
    assert program("diff", good, good).code == 0
    done = program("diff", good, other)
    assert done.code == 3
    assert done.out == "database.port (DB_PORT)\n  - (not said)\n  + 6432\n"


def test_what_cannot_be_compared_is_told_on_standard_error(program, good):
    program("export", good, "out", "--secrets", "inline", "--secrets-file", "secrets.env")
    done = program("diff", good, "out")
    assert (done.code, done.out) == (0, "No difference.\n")
    assert "database.password" in done.err


@pytest.mark.parametrize(("options", "code"), [([], 0), (["--strict"], 4)])
def test_an_env_file_of_a_bundle_is_checked_without_a_fault(program, options, code):
    Path("cluster.env").write_text(dotenv.write(good_plan(), SECRETS, SecretsMode.INLINE)[0].text)
    done = program("check", "cluster.env", "--only", "plan", "--format", "json", *options)
    assert done.code == code
    summary = json.loads(done.out)["summary"]
    assert (summary["fail"], summary["warn"]) == (0, 0)
    assert summary["unknown"]
