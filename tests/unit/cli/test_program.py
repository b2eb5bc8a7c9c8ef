"""The command line without a network: grammar, exit codes, and what goes to which stream."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli.calling import saved
from tests.unit.plans import SECRETS, good_plan
from wizard import __version__
from wizard.bundle import clusterfile
from wizard.checks import plan_rules
from wizard.cli import main, sources
from wizard.verbs import journal
from wizard.workspace import Workspace

# Grammar


def test_the_version_and_the_help_are_told(program):
    assert program("--version").out == f"nocobase-cluster-wizard {__version__}\n"
    done = program("--help")
    assert done.code == 0
    assert all(command in done.out for command in ("check", "export", "diff", "demo", "self-test"))
    assert "--only" in program("check", "--help").out


def test_version_and_help_import_next_to_nothing():
    code = (
        "import sys; from wizard.cli import arguments\n"
        "try: arguments.parse(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'PySide6', 'psycopg', 'keyring', 'ruamel', 'jinja2', 'httpx', 'wizard.plan.plan', 'logging'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


@pytest.mark.parametrize(
    "words",
    [
        ["check"],
        ["check", "a", "b"],
        ["check", "a", "--timeout", "0"],
        ["check", "a", "--timeout", "soon"],
        ["check", "a", "--jobs", "0"],
        ["check", "a", "--format", "pdf"],
        ["check", "a", "--passw", "x"],
        ["export", "a"],
        ["export", "a", "b", "--secrets", "all"],
        ["diff", "a"],
        ["a", "b"],
        ["--nonsense"],
    ],
    ids=" ".join,
)
def test_bad_usage_ends_with_2_and_says_so_on_standard_error(program, words):
    done = program(*words)
    assert (done.code, done.out) == (2, "")
    assert "usage:" in done.err


def test_a_mistyped_command_is_told_with_the_commands_there_are(program):
    done = program("chekc", "b")
    assert done.code == 2
    assert "did you mean check?" in done.err
    assert "self-test" in done.err
    Path("a.yaml").touch()
    assert "a command before it" in program("a.yaml", "b").err


def test_a_word_too_many_shows_the_usage_of_its_command(program):
    done = program("check", "b", "c")
    assert (done.code, done.out) == (2, "")
    assert "--deadline" in done.err
    assert "unrecognized arguments: c" in done.err


def test_what_comes_later_is_marked_in_the_help(program):
    assert "junit, markdown, html (later version)" in " ".join(program("check", "--help").out.split())
    assert "encrypted (later version)" in " ".join(program("export", "--help").out.split())


def test_the_help_and_the_readme_say_the_same_of_strict(program):
    readme = " ".join((Path(main.__file__).parents[2] / "README.md").read_text().split())
    told = "a warning, or something that could not be found out"
    assert told in readme
    assert told in " ".join(program("--help").out.split())


def test_the_program_is_named_as_it_was_called(program, monkeypatch):
    monkeypatch.setenv("NCW_CALLED_AS", "scripts/run")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert "“scripts/run check SOURCE”" in program().err
    assert "usage: scripts/run check " in program("check").err
    assert program("check", "nowhere").err.startswith("scripts/run: ")


def test_a_secret_is_never_an_argument(program):
    for command in ("check", "export"):
        assert "password" not in program(command, "--help").out.lower()


# The window


def test_without_a_command_the_window_opens_on_the_source(program, monkeypatch):
    monkeypatch.setenv("DISPLAY", ":0")
    assert program().windows == [(None, None)]
    assert program("production").windows == [("production", None)]


def test_without_a_display_the_other_ways_are_named(program, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    for words in ([], ["demo"]):
        done = program(*words)
        assert (done.code, done.out, done.windows) == (2, "", [])
        assert "check" in done.err
        assert "demo --headless" in done.err


def test_a_mistyped_command_is_not_taken_for_a_source(program, monkeypatch):
    monkeypatch.setenv("DISPLAY", ":0")
    done = program("chekc")
    assert (done.code, done.windows) == (2, [])
    assert "the command is “check”" in done.err


# check


def test_a_good_plan_passes_with_0_and_the_result_on_standard_output(program, good):
    done = program("check", good, "--only", "plan.", "--secrets-file", "secrets.env")
    assert (done.code, done.err) == (0, "")
    assert "  ok " in done.out
    assert "FAILED" not in done.out


def test_a_failed_check_ends_with_3(program, good):
    bad = saved(good_plan().with_value("database.host", "localhost"), "bad.yaml")
    done = program("check", bad, "--only", "plan.", "--secrets-file", "secrets.env")
    assert done.code == 3
    assert "FAILED" in done.out


def test_warnings_end_with_4_only_if_strict(program, good):
    file = saved(good_plan().with_value("application.version", ""))
    words = ("check", file, "--only", "plan.version", "--only", "plan.environment", "--secrets-file", "secrets.env")
    warned = program(*words, "--format", "json")
    summary = json.loads(warned.out)["summary"]
    assert summary["fail"] == 0
    assert summary["warn"] + summary["unknown"] > 0
    assert warned.code == 0
    assert program(*words, "--strict").code == 4


def test_what_could_not_be_found_out_does_not_pass_a_strict_run(program, good):
    words = ("check", good, "--only", "plan.app_key")
    assert program(*words).code == 0
    assert program(*words, "--strict").code == 4


def test_the_json_is_the_contracts_and_holds_no_secret(program, good):
    done = program("check", good, "--only", "plan.", "--secrets-file", "secrets.env", "--format", "json")
    document = json.loads(done.out)
    assert document["schema"] == 1
    assert document["tool"] == {"name": "nocobase-cluster-wizard", "version": __version__}
    assert document["source"] == good
    assert document["summary"].keys() == {"pass", "info", "warn", "fail", "skip", "unknown"}
    assert sum(document["summary"].values()) == len(document["findings"])
    assert set(document["findings"][0]) == {
        "id", "component", "subject", "severity", "error", "summary", "detail", "remedy", "doc", "facts", "elapsed_ms",
    }  # fmt: skip
    assert not any(secret.reveal() in done.out for secret in SECRETS.values())


def test_only_and_skip_take_ids_and_their_beginnings(program, good):
    done = program("check", good, "--only", "plan.", "--skip", "plan.app_key", "--skip", "plan.aes", "--format", "json")
    found = {finding["id"] for finding in json.loads(done.out)["findings"]}
    assert found
    assert all(identifier.startswith("plan.") for identifier in found)
    assert not found & {"plan.app_key", "plan.aes_key"}


def test_an_id_that_nobody_has_is_bad_usage_and_similar_ones_are_named(program, good):
    done = program("check", good, "--only", "plan.appkey")
    assert (done.code, done.out) == (2, "")
    assert "plan.app_key" in done.err


@pytest.mark.parametrize("later", ["junit", "markdown", "html"])
def test_formats_of_later_versions_are_said_so(program, good, later):
    done = program("check", good, "--format", later)
    assert (done.code, done.out) == (2, "")
    assert "later version" in done.err


def test_the_result_can_go_into_a_file_and_the_figures_to_standard_error(program, good):
    done = program("check", good, "--only", "plan.", "--format", "json", "--output", "out.json")
    assert done.out == ""
    assert json.loads(Path("out.json").read_text())["schema"] == 1
    assert "findings:" in done.err
    done = program("check", good, "--only", "plan.", "--output", "missing/out.json")
    assert done.code == 2
    assert "missing/out.json" in done.err


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
    Workspace().save("c1", "shop", clusterfile.write(good_plan()))
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


# Faults


def test_a_fault_of_our_own_is_one_sentence_with_the_logs_path(program, good, monkeypatch):
    def broken(*_args, **_rest):
        raise ZeroDivisionError("redis://:Rd-Pw_12345@host")

    monkeypatch.setattr(sources, "missing", broken)
    done = program("check", good, "--secrets-file", "secrets.env")
    assert (done.code, done.out) == (1, "")
    assert "Traceback" not in done.err
    assert done.err.count("\n") == 1
    assert str(journal.path()) in done.err
    log = journal.path().read_text()
    assert "ZeroDivisionError" in log
    assert "Rd-Pw_12345" not in log + done.err
    assert journal.path().stat().st_mode & 0o777 == 0o600


def test_a_fault_without_a_place_for_the_log_is_still_one_sentence(program, good, monkeypatch, home):
    (home / "XDG_STATE_HOME").write_text("a file where a folder should be")
    monkeypatch.setattr(sources, "missing", lambda *_: 1 / 0)
    done = program("check", good)
    assert done.code == 1
    assert done.err.count("\n") == 1
    assert "log" not in done.err


def test_a_rule_that_breaks_ends_with_1_and_is_shown_as_unknown(program, good, monkeypatch):
    monkeypatch.setattr(plan_rules, "rules", lambda *_: 1 / 0)
    done = program("check", good, "--only", "plan.")
    assert done.code == 1
    assert "unknown" in done.out
    assert "  ok " not in done.out


def test_an_interrupt_while_opening_is_one_sentence(program, good, monkeypatch):
    def interrupt(*_args, **_rest):
        raise KeyboardInterrupt

    monkeypatch.setattr(sources, "missing", interrupt)
    done = program("check", good)
    assert (done.code, done.err) == (1, "nocobase-cluster-wizard: interrupted.\n")


def test_a_reader_that_has_gone_is_no_fault_to_tell(good):
    command = [sys.executable, "-m", "wizard", "check", good, "--only", "plan.", "--secrets-file", "secrets.env"]
    read, write = os.pipe()
    os.close(read)
    root = Path(main.__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False, env=environment)
    os.close(write)
    assert done.stderr == ""
    assert done.returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(("redirection", "told"), [(">/dev/full", "No space left"), (">&-", "is closed")])
@pytest.mark.parametrize("words", ["check FILE --only plan.", "export FILE out", "diff FILE FILE", "self-test"])
def test_a_result_that_finds_no_place_is_no_fault_of_ours(good, redirection, told, words):
    root = Path(main.__file__).parents[2]
    script = f'exec "$0" -m wizard {words.replace("FILE", good)} {redirection}'
    environment = {**os.environ, "PYTHONPATH": str(root), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        ["sh", "-c", script, sys.executable], stderr=subprocess.PIPE, text=True, check=False, env=environment
    )
    assert done.returncode == 2
    assert told in done.stderr
    assert "fault" not in done.stderr
    assert "Exception" not in done.stderr


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
    assert done.out == "database.port\n  -\n  + 6432\n"


def test_what_cannot_be_compared_is_told_on_standard_error(program, good):
    program("export", good, "out", "--secrets", "inline", "--secrets-file", "secrets.env")
    done = program("diff", good, "out")
    assert (done.code, done.out) == (0, "No difference.\n")
    assert "database.password" in done.err


# self-test


def test_the_self_test_names_each_part_and_fails_if_one_does(program, monkeypatch):
    done = program("self-test")
    assert done.code == 0
    assert "painted" in done.out
    monkeypatch.setattr("wizard.verbs.self_test.DRIVERS", ("no_such_driver",))
    done = program("self-test")
    assert done.code == 1
    assert "FAILED" in done.out
