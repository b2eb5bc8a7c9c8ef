"""Standard output and standard error are written by the face's own thread alone, whatever happens in a check's."""

import io
import logging
import sys
import threading
import warnings
from dataclasses import replace

import pytest

from tests.unit.test_runner import check
from wizard.app import log_file
from wizard.cli import check as cli_check
from wizard.cli import main
from wizard.cli.codes import ExitCode


class _Stream(io.StringIO):
    """Keeps the names of the threads that write."""

    def __init__(self) -> None:
        super().__init__()
        self.writers: set[str] = set()

    def write(self, text: str) -> int:
        self.writers.add(threading.current_thread().name)
        return super().write(text)


class _Breaks:
    """An object whose end breaks."""

    def __del__(self) -> None:
        raise OSError("the end broke")


def _breaks(_facts):
    raise RuntimeError("the probe broke")


def _warns(_facts):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("the driver warned", stacklevel=1)


def _leaves_what_breaks(_facts):
    _Breaks()


def _starts_a_thread_that_breaks(_facts):
    def work():
        raise RuntimeError("the thread broke")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def _logs(_facts):
    logging.getLogger("a.driver").error("the driver complained")


def _judge(_facts):
    raise RuntimeError("the judge broke")


@pytest.mark.filterwarnings("default")
def test_a_check_that_breaks_warns_or_logs_writes_to_the_log_alone(good, monkeypatch):
    probes = [_breaks, _warns, _leaves_what_breaks, _starts_a_thread_that_breaks, _logs]
    checks = [check(probe, str(number)) for number, probe in enumerate(probes)]
    checks.append(replace(checks[0], subject="judge", probe=lambda _facts: None, judge=_judge))
    prepare = cli_check.prepare
    monkeypatch.setattr(cli_check, "prepare", lambda *given, **more: replace(prepare(*given, **more), checks=checks))
    streams = _Stream(), _Stream()
    monkeypatch.setattr(sys, "stdout", streams[0])
    monkeypatch.setattr(sys, "stderr", streams[1])
    frontends = main.Frontends(prepare=lambda: None, window=lambda *_: 0, paint_page=lambda: "")
    assert main.run(["check", good, "--secrets-file", "secrets.env"], frontends) == ExitCode.FAULT
    assert {name for stream in streams for name in stream.writers} <= {threading.current_thread().name}
    log = log_file.path().read_text()
    for said in (
        "the probe broke",
        "the driver warned",
        "the end broke",
        "the thread broke",
        "complained",
        "judge broke",
    ):
        assert said in log, said
