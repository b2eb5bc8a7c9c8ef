"""What the program is called with: help, bad usage, the window, the self-test."""

import subprocess
import sys
from pathlib import Path

import pytest

from wizard import __version__
from wizard.cli import arguments, main
from wizard.engine.limits import DEADLINE


def test_the_version_and_the_help_are_told(program):
    assert program("--version").out == f"nocobase-cluster-wizard {__version__}\n"
    done = program("--help")
    assert done.code == 0
    assert all(command in done.out for command in ("check", "export", "diff", "demo", "self-test"))
    assert "--only" in program("check", "--help").out


@pytest.mark.parametrize("columns", ["40", "60", "80", "200"])
def test_the_help_is_no_wider_than_the_terminal_and_names_every_command(program, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    lines = program("--help").out.splitlines()
    assert max(map(len, lines)) <= int(columns)
    usage = "".join(lines[: lines.index("")]).replace(" ", "")
    assert usage.endswith("{check,export,diff,accept,history,secrets,probe,demo,self-test}…")


def test_version_and_help_import_next_to_nothing():
    code = (
        "import sys; from wizard.cli import arguments\n"
        "try: arguments.parse(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'PySide6', 'psycopg', 'keyring', 'ruamel', 'jinja2', 'httpx', 'wizard.plan.plan', 'logging',"
        " 'dataclasses', 'inspect', 'pathlib', 'shutil', 'pkgutil'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


def test_the_version_is_told_before_anything_is_imported():
    code = (
        "import sys; sys.argv[1:] = ['--version']; from wizard.__main__ import main; main()\n"
        "print(sorted({'argparse', 'typing', 're', 'wizard.cli'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == (f"nocobase-cluster-wizard {__version__}\n", "[]\n")


def test_colours_are_chosen_before_or_behind_the_command(program, good):
    for words in (["--color", "always", "check", good], ["check", good, "--color=always"]):
        assert "\x1b[1m" in program(*words, "--only", "plan").out
    assert "\x1b[" not in program("check", good, "--only", "plan").out
    assert program("check", good, "--color", "red").code == 2


@pytest.mark.parametrize(
    "words",
    [
        ["check"],
        ["check", "a", "--timeout", "0"],
        ["check", "a", "--timeout", "soon"],
        ["check", "a", "--timeout", "0.01"],
        ["check", "a", "--timeout", "0.999"],
        ["check", "a", "--timeout", "1e10"],
        ["check", "a", "--deadline", "inf"],
        ["check", "a", "--jobs", "0"],
        ["check", "a", "--jobs", "1001"],
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


def test_a_time_in_which_a_healthy_server_may_not_answer_is_refused_by_its_option(program, good):
    told = "--timeout: “0.01” is too short, as a healthy server may not have answered by then: 1 is the least"
    assert told in " ".join(program("check", good, "--timeout", "0.01").err.split())
    assert program("check", good, "--only", "plan.value", "--timeout", "1").code == 0
    assert program("check", good, "--only", "plan.value", "--deadline", "0.9").code == 0


def test_a_mistyped_command_is_told_with_the_commands_there_are(program):
    done = program("chekc", "b")
    assert done.code == 2
    assert "did you mean check?" in done.err
    assert "self-test" in done.err
    Path("a.yaml").touch()
    assert "a command before it" in program("a.yaml", "b").err


def test_a_word_too_many_shows_the_usage_of_its_command(program):
    done = program("diff", "a", "b", "c")
    assert (done.code, done.out) == (2, "")
    assert "diff [-h]" in done.err
    assert "SOURCE SOURCE" in done.err
    assert "unrecognized arguments: c" in done.err


def test_the_help_promises_nothing_that_does_not_work_yet(program):
    for command in ("check", "export", "diff", "demo"):
        assert "later version" not in program(command, "--help").out


def test_every_argument_is_explained():
    _parser, commands = arguments.grammar()
    left = [(name, one.dest) for name, command in commands.items() for one in command._actions if not one.help]
    assert left == [("secrets", "action")]  # each of its actions is explained in the list below it


def test_the_help_says_how_long_a_check_and_a_run_may_take_unless_told_otherwise(program):
    told = " ".join(program("check", "--help").out.split())
    assert f"seconds one check may take (default {DEADLINE:g}, more where it waits for" in told
    assert "seconds the whole run may take (default: no limit)" in told


def test_as_many_checks_run_at_once_as_in_the_window(program):
    assert "checks at once (default 64)" in " ".join(program("check", "--help").out.split())


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


# self-test


def test_the_self_test_names_each_part_and_fails_if_one_does(program, monkeypatch):
    done = program("self-test")
    assert done.code == 0
    assert "painted" in done.out
    monkeypatch.setattr("wizard.app.self_test.DRIVERS", ("no_such_driver",))
    done = program("self-test")
    assert done.code == 1
    assert "FAILED" in done.out


@pytest.mark.parametrize("missing", ["keyring.backends.SecretService", "secretstorage", "jeepney"])
def test_the_self_test_fails_without_the_keyrings_back_end(program, monkeypatch, missing):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setitem(sys.modules, missing, None)
    done = program("self-test")
    assert done.code == 1
    [line] = [line for line in done.out.splitlines() if "keyring:" in line]
    assert line.startswith("FAILED")
    assert missing in line
