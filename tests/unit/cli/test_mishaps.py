"""Faults of our own, interrupts, and streams that take nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from wizard.app import log_file
from wizard.checks.plan import checks
from wizard.cli import main, sources


def test_a_fault_of_our_own_is_one_sentence_with_the_logs_path(program, good, monkeypatch):
    def broken(*_args, **_rest):
        raise ZeroDivisionError("redis://:Rd-Pw_12345@host")

    monkeypatch.setattr(sources, "missing", broken)
    done = program("check", good, "--secrets-file", "secrets.env")
    assert (done.code, done.out) == (1, "")
    assert "Traceback" not in done.err
    assert done.err.count("\n") == 1
    assert str(log_file.path()) in done.err
    log = log_file.path().read_text()
    assert "ZeroDivisionError" in log
    assert "Rd-Pw_12345" not in log + done.err
    assert log_file.path().stat().st_mode & 0o777 == 0o600


def test_a_fault_without_a_place_for_the_log_is_still_one_sentence(program, good, monkeypatch, home):
    (home / "XDG_STATE_HOME").write_text("a file where a folder should be")
    monkeypatch.setattr(sources, "missing", lambda *_: 1 / 0)
    done = program("check", good)
    assert done.code == 1
    assert done.err.count("\n") == 1
    assert "log" not in done.err


def test_a_rule_that_breaks_ends_with_1_and_is_shown_as_unknown(program, good, monkeypatch):
    monkeypatch.setattr(checks, "rules", lambda *_: 1 / 0)
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


_HELP = ("--version", "--help", "check --help")


@pytest.mark.parametrize("words", ["check FILE --only plan. --secrets-file secrets.env", *_HELP])
def test_a_reader_that_has_gone_is_no_fault_to_tell(good, words):
    command = [sys.executable, "-m", "wizard", *words.replace("FILE", good).split()]
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


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", _HELP)
def test_a_help_that_finds_no_place_is_said_in_one_sentence(words):
    environment = {**os.environ, "PYTHONPATH": str(Path(main.__file__).parents[2])}
    command = [sys.executable, "-m", "wizard", *words.split()]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=environment)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "No space left" in done.stderr


_MAIN = """import sys
sys.stderr = open('/dev/full', 'w')  # what is said waits there, and is lost with the last flush
from wizard.__main__ import main
main()"""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", ["check --nonsense", "check", "exprot FILE", "check /none"])
def test_bad_usage_that_finds_no_place_to_be_said_keeps_its_exit_code(words):
    environment = {**os.environ, "PYTHONPATH": str(Path(main.__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", _MAIN, *words.split()], check=False, env=environment)
    assert done.returncode == 2


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_the_exit_code_is_kept_where_nobody_hears_what_is_said(unbuffered):
    environment = {**os.environ, "PYTHONPATH": str(Path(main.__file__).parents[2]), "PYTHONUNBUFFERED": unbuffered}
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "wizard", "check", "/none"], stderr=write, check=False, env=environment
    )
    os.close(write)
    assert done.returncode == 2
