"""The report as text: aligned, grouped, calm; colours and wrapping on a terminal alone; nothing steers it."""

import io
from datetime import UTC, datetime

import pytest

from wizard.cli.output import write
from wizard.cli.progress import Progress
from wizard.cli.style import style_of
from wizard.engine.events import CheckFinished, CheckStarted, RunStarted
from wizard.engine.report import Report
from wizard.guide.reports.style import Style, printable
from wizard.guide.reports.text import report_text, summary_line
from wizard.plan.finding import ErrorKind, Finding, Severity

FINDINGS = (
    Finding(id="plan.value", severity=Severity.PASS, summary="Every value can be read.", detail="not shown"),
    Finding(id="redis.connect", subject="cache", severity=Severity.PASS, summary="Connected."),
    Finding(
        id="redis.version",
        subject="cache",
        severity=Severity.WARN,
        summary="Redis 7.0.15 is older than 8.",
        detail="It lacks Bloom filters.",
        remedy="apt-get install redis",
        doc="https://example.com/doc",
    ),
    Finding(
        id="redis.connect",
        subject="lock",
        severity=Severity.FAIL,
        error=ErrorKind.REFUSED,
        summary="Nobody listens at 10.0.0.5:6379.",
        remedy="# redis.conf\nbind 0.0.0.0",
    ),
    Finding(id="redis.version", subject="lock", severity=Severity.SKIP, summary="Not looked at."),
    Finding(id="redis.bloom", subject="lock", severity=Severity.SKIP, summary="Not looked at."),
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def report(*findings: Finding, **more) -> Report:
    return Report(findings, datetime(2026, 1, 1, tzinfo=UTC), 1234, **more)


def test_a_report_is_grouped_aligned_and_summed_up():
    assert report_text(report(*FINDINGS), Style()) == (
        "plan\n"
        "  ok       plan.value     Every value can be read.\n"
        "\n"
        "redis cache\n"
        "  ok       redis.connect  Connected.\n"
        "  warning  redis.version  Redis 7.0.15 is older than 8.\n"
        "           It lacks Bloom filters.\n"
        "           Remedy: apt-get install redis\n"
        "           https://example.com/doc\n"
        "\n"
        "redis lock\n"
        "  FAILED   redis.connect  Nobody listens at 10.0.0.5:6379.\n"
        "           Remedy:\n"
        "             # redis.conf\n"
        "             bind 0.0.0.0\n"
        "  skipped  2 checks       Not looked at.\n"
        "\n"
        "6 findings: 2 ok, 1 warning, 1 failed, 2 skipped · 1.2 s\n"
    )


def test_a_report_of_nothing_says_so():
    assert report_text(report(), Style()) == "0 findings · 1.2 s\n"
    assert summary_line(report(cancelled=True), Style()).endswith("cancelled")


def test_colours_come_on_a_terminal_alone(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert style_of(Terminal()).colours
    assert not style_of(io.StringIO()).colours
    assert not style_of(None).colours
    assert "\x1b[" not in report_text(report(*FINDINGS), style_of(io.StringIO()))
    assert "\x1b[1;31mFAILED" in report_text(report(*FINDINGS), style_of(Terminal()))


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_a_terminal_can_refuse_colours(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert not style_of(Terminal()).colours


def test_long_sentences_are_wrapped_on_a_terminal_and_remedies_are_not():
    finding = Finding(id="a.b", severity=Severity.FAIL, summary="word " * 40, remedy="command " * 40)
    lines = report_text(report(finding), Style(width=60)).splitlines()
    assert all(len(line) <= 60 for line in lines if "word" in line)
    assert sum("word" in line for line in lines) > 3
    assert sum("command" in line for line in lines) == 1


def test_what_a_server_said_cannot_steer_the_terminal():
    assert printable("a\x1b[2Jb\x07\x9bc\ttab\nline") == "a\ufffd[2Jb\ufffd\ufffdc\ttab\nline"
    hostile = Finding(id="a.b", severity=Severity.FAIL, summary="\x1b]0;x\x07", detail="\x1b[2J", remedy="\x1b[2J")
    assert "\x1b" not in report_text(report(hostile), Style())


def test_progress_is_one_line_that_is_gone_at_the_end():
    terminal = Terminal()
    with Progress(terminal) as progress:
        progress.show(RunStarted(2))
        progress.show(CheckStarted("redis cache"))
        progress.show(CheckStarted("database"))
        progress.show(CheckFinished("redis cache", (), 1, 2))
    assert "0 of 2  waiting for redis cache" in terminal.getvalue()
    assert "1 of 2  waiting for database" in terminal.getvalue()
    assert "\n" not in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_without_a_terminal_there_is_no_progress():
    stream = io.StringIO()
    with Progress(stream) as progress:
        progress.show(RunStarted(2))
    assert stream.getvalue() == ""


def test_half_a_sign_that_a_server_sent_does_not_cost_the_result(tmp_path):
    write("before \ud83d after", str(tmp_path / "report.txt"))
    assert (tmp_path / "report.txt").read_text() == "before \\ud83d after"
