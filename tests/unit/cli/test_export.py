"""The command export: what it writes, tells and refuses, and what a dry run shows."""

import json
from pathlib import Path

import pytest

from tests.unit.plans import SECRETS


def test_an_export_lists_its_files(program, good):
    done = program("export", good, "out")
    assert (done.code, done.err) == (0, "")
    assert "cluster.env" in done.out
    assert Path("out/env/cluster.env").exists()


def test_an_export_in_json_tells_each_file_with_its_digest(program, good):
    done = program(
        "export", good, "out.zip", "--secrets", "inline", "--secrets-file", "secrets.env", "--format", "json"
    )
    document = json.loads(done.out)
    assert document["secrets"] == "inline"
    assert document["destination"] == str(Path("out.zip").absolute())
    assert {"path", "bytes", "sha256", "mode", "secret"} == set(document["files"][0])
    assert any(file["secret"] for file in document["files"])


def test_inline_without_the_secrets_is_refused_and_names_them(program, good):
    done = program("export", good, "out", "--secrets", "inline")
    assert (done.code, done.out) == (2, "")
    assert "database.password" in done.err
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--target", "stone"], "“stone” is no target"),
        (["--secrets", "sealed"], "invalid choice"),
    ],
)
def test_what_is_not_offered_is_said_so(program, good, words, told):
    done = program("export", good, "out", *words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err


def test_an_empty_name_is_not_taken_for_the_working_folder(program, good):
    Path(".env").write_text("DB_HOST=db\n")
    for words in (["check", ""], ["export", "", "out"], ["export", good, ""], ["diff", good, " "]):
        done = program(*words)
        assert (done.code, done.out) == (2, "")
        assert "empty name" in done.err


def test_from_a_plan_without_nodes_all_is_written_that_needs_none(program):
    Path("app.env").write_text("DB_HOST=db\n")
    done = program("export", "app.env", "out")
    assert done.code == 0
    assert "Left out: nginx. No node serves requests" in done.out
    assert Path("out/env/cluster.env").exists()
    assert not Path("out/compose").exists()
    done = program("export", "app.env", "other", "--target", "nginx")
    assert (done.code, done.out) == (2, "")
    assert "No node serves requests" in done.err
    done = program("export", "app.env", "other", "--format", "json")
    assert json.loads(done.out)["left_out"]["kubernetes"] == "The plan has no nodes to run."


def test_a_dry_run_says_what_would_be_left_out(program):
    Path("app.env").write_text("DB_HOST=db\n")
    done = program("export", "app.env", "out", "--dry-run")
    assert "Left out: compose. The plan has no nodes to run." in done.out


def test_a_shell_is_told_that_the_folder_it_stands_in_was_replaced(program, good, monkeypatch):
    source = Path(good).absolute()
    Path("out").mkdir()
    monkeypatch.chdir("out")
    assert 'cd "$PWD"' in program("export", str(source), ".").err
    assert 'cd "$PWD"' not in program("export", str(source), str(source.parent / "else")).err


def test_a_former_bundle_changed_by_hand_is_kept_and_told(program, good):
    program("export", good, "out")
    Path("out/README.md").write_text("mine")
    done = program("export", good, "out")
    assert done.code == 0
    assert "README.md" in done.err
    assert "out.kept-1" in done.err


def test_an_export_of_less_names_what_is_gone(program, good):
    program("export", good, "out", "--target", "env", "--target", "nginx")
    document = json.loads(program("export", good, "out", "--target", "env", "--format", "json").out)
    assert document["removed"]
    assert all(name.startswith("nginx/") for name in document["removed"])
    program("export", good, "out", "--target", "env", "--target", "nginx")
    done = program("export", good, "out", "--target", "env")
    gone = ", ".join(document["removed"])
    assert f"of the former bundle are no part of this one, and gone: {gone}." in done.err
    assert program("export", good, "out", "--target", "env").err == ""


def test_a_dry_run_tells_each_file_shows_what_differs_and_writes_nothing(program, good):
    done = program("export", good, "out", "--dry-run")
    assert (done.code, done.err) == (0, "")
    assert "new        env/cluster.env" in done.out
    assert not Path("out").exists()
    program("export", good, "out")
    Path("out/README.md").write_text("mine")
    done = program("export", good, "out", "--dry-run")
    assert done.code == 0
    assert "changed    README.md  (changed by hand)" in done.out
    assert "\n      -••••••\n" in done.out  # a word alone may be a secret
    assert "•••••• stands for what this program did not write" in done.out
    assert "would be kept" in done.out
    assert Path("out/README.md").read_text() == "mine"


def test_a_dry_run_in_json_has_no_secret_in_it(program, good):
    words = ("export", good, "out", "--secrets", "inline", "--secrets-file", "secrets.env")
    program(*words)
    Path("out/env/cluster.env").write_text(f"{Path('out/env/cluster.env').read_text()}OTHER=x1y2z3\n")
    done = program(*words, "--dry-run", "--format", "json")
    document = json.loads(done.out)
    changed = {file["path"]: file for file in document["files"] if file["change"] == "changed"}
    assert document["dry_run"]
    assert document["kept_for"] == ["env/cluster.env"]
    assert set(changed["env/cluster.env"]) == {
        *("path", "change", "by_hand", "secret", "diff"),
        *("former", "filled", "lost"),
    }
    assert "-OTHER=" in changed["env/cluster.env"]["diff"]
    assert "x1y2z3" not in done.out
    assert not [secret for secret in SECRETS.values() if secret.reveal() in done.out]


def test_a_dry_run_of_what_would_be_refused_ends_with_2(program, good):
    Path("out").mkdir()
    Path("out/mine.txt").write_text("x")
    done = program("export", good, "out", "--dry-run")
    assert (done.code, done.out) == (2, "")
    assert "neither empty nor a former bundle" in done.err


LOST = "DB_TABLE_PREFIX=NB_\nREQUEST_BODY_LIMIT=lots\n"


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_what_could_not_be_read_and_so_is_not_written_is_named(program, dry):
    Path("lost.env").write_text("DB_DIALECT=postgres\nDB_HOST=db\n" + LOST)
    done = program("export", "lost.env", "out", "--target", "env", *dry)
    assert done.code == 0
    assert "DB_TABLE_PREFIX" in done.err
    assert "REQUEST_BODY_LIMIT" in done.err
    Path("whole.env").write_text("DB_DIALECT=postgres\nDB_HOST=db\nREQUEST_BODY_LIMIT=20MB\n")
    assert program("export", "whole.env", "other", "--target", "env", *dry).err == ""


def test_the_result_names_what_is_not_written(program):
    Path("lost.env").write_text("DB_DIALECT=postgres\nDB_HOST=db\n" + LOST)
    done = program("export", "lost.env", "out", "--target", "env", "--format", "json")
    assert set(json.loads(done.out)["unwritten"]) == {"DB_TABLE_PREFIX", "REQUEST_BODY_LIMIT"}


@pytest.mark.parametrize("source", ["out", "out/cluster.yaml", "out.zip"])
def test_a_bundle_with_a_value_that_could_not_be_read_opens_again_and_tells_it(program, source):
    Path("lost.env").write_text("DB_DIALECT=postgres\nDB_HOST=db\n" + LOST)
    program("export", "lost.env", source.partition("/")[0], "--target", "env")
    done = program("check", source, "--only", "plan.value", "--format", "json")
    assert done.code == 3
    told = {item["subject"]: item["summary"] for item in json.loads(done.out)["findings"]}
    assert "“NB_”" in told["database.table_prefix"]
    assert "“lots”" in told["application.body_limit"]
