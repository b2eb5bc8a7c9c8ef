"""The report as text: aligned, grouped, calm; colours and wrapping on a terminal alone; nothing steers it."""

import getpass
import io
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from tests.patience import patience
from wizard.cli import passphrase, progress, terminal
from wizard.cli.output import say, write
from wizard.cli.progress import Progress
from wizard.cli.style import style_of
from wizard.engine.events import CheckFinished, CheckStarted, RunStarted
from wizard.engine.report import Report
from wizard.guide.reports.style import Style, broken, columns, printable
from wizard.guide.reports.text import Detail, report_text, summary_line
from wizard.plan import i18n
from wizard.plan.finding import ErrorKind, Finding, Severity
from wizard.plan.remedy import RemedyKind

COMMANDS = RemedyKind.COMMANDS
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
        remedy_kind=COMMANDS,
        doc="https://example.com/doc",
    ),
    Finding(
        id="redis.connect",
        subject="lock",
        severity=Severity.FAIL,
        error=ErrorKind.REFUSED,
        summary="Nobody listens at 10.0.0.5:6379.",
        remedy="# redis.conf\nbind 0.0.0.0",
        remedy_kind=COMMANDS,
    ),
    Finding(id="redis.version", subject="lock", severity=Severity.SKIP, summary="Not looked at."),
    Finding(id="redis.bloom", subject="lock", severity=Severity.SKIP, summary="Not looked at."),
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Screen(Terminal):
    """A terminal that tells when something is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = threading.Event()

    def write(self, text: str) -> int:
        self.shown.set()
        return super().write(text)


def report(*findings: Finding, **more) -> Report:
    return Report(findings, datetime(2026, 1, 1, tzinfo=UTC), 1234, **more)


def test_a_report_begins_with_what_to_do_and_is_grouped_aligned_and_summed_up():
    assert report_text(report(*FINDINGS), Style()) == (
        "Not ready: 1 thing to do first.\n"
        "\n"
        "1. Nobody listens at 10.0.0.5:6379. No node can start. (clears 1 finding)\n"
        "   Remedy:\n"
        "     # redis.conf\n"
        "     bind 0.0.0.0\n"
        "\n"
        "2. warning: Redis 7.0.15 is older than 8. The cluster runs, and can be made safer. (clears 1 finding)\n"
        "   Remedy: apt-get install redis\n"
        "   https://example.com/doc\n"
        "\n"
        "plan\n"
        "  ok       1 check\n"
        "\n"
        "redis\n"
        "  FAILED   redis.connect  lock: Nobody listens at 10.0.0.5:6379.\n"
        "  warning  redis.version  cache: Redis 7.0.15 is older than 8.\n"
        "           It lacks Bloom filters.\n"
        "  skipped  2 checks       Not looked at.\n"
        "  ok       1 check\n"
        "\n"
        "6 findings: 2 ok, 1 warning, 1 failed, 2 skipped · 1.2 s\n"
    )


class Wide:
    """A language whose words for a severity take more columns than signs."""

    def gettext(self, message):
        return {"FAILED": "失败了失败", "warning": "警告", "skipped": "跳过", "ok": "好"}.get(message, message)

    def ngettext(self, one, many, count):
        return "一共有很多很多的检查 {count}" if many == "{count} checks" else one if count == 1 else many


def test_columns_are_as_wide_as_the_words_of_a_language(monkeypatch):
    monkeypatch.setattr(i18n._IN_FORCE, "catalogue", Wide())
    text = report_text(report(*FINDINGS), Style())
    rows = [line for line in text.splitlines() if line.startswith("  ") and ("lock: " in line or "cache: " in line)]
    starts = {columns(line[: line.index(word)]) for line in rows for word in ("lock: ", "cache: ") if word in line}
    assert len(rows) == 2
    assert len(starts) == 1


def test_no_subject_stands_before_the_sentence_of_a_rule_which_names_it():
    found = Finding(id="plan.required", subject="database.host", severity=Severity.FAIL, summary="“Host” is missing.")
    assert "  FAILED   plan.required  “Host” is missing.\n" in report_text(report(found), Style())


def test_what_is_true_of_several_subjects_stands_in_one_row():
    found = [replace(FINDINGS[3], subject=role) for role in ("lock", "queue")]
    assert "  FAILED   redis.connect  lock, queue: Nobody listens at 10.0.0.5:6379.\n" in report_text(
        report(*found), Style()
    )


def test_the_short_form_tells_what_to_do_alone():
    short = report_text(report(*FINDINGS), Style(), Detail.SHORT)
    assert short.startswith("Not ready: 1 thing to do first.\n\n1. Nobody listens")
    assert "FAILED" not in short
    assert "redis.version" not in short
    assert short.endswith("\n\n6 findings: 2 ok, 1 warning, 1 failed, 2 skipped · 1.2 s\n")


def test_the_long_form_tells_each_check_that_passed():
    text = report_text(report(*FINDINGS), Style(), Detail.VERBOSE)
    assert "  ok       plan.value     Every value can be read.\n" in text
    assert "  ok       redis.connect  cache: Connected.\n" in text
    assert "not shown" not in text


def test_advice_is_read_on_and_commands_stand_below():
    finding = Finding(
        id="redis.connect", severity=Severity.FAIL, summary="Nobody listens.", remedy_kind=RemedyKind.ADVICE,
        remedy="Start it, or correct the address.",
    )  # fmt: skip
    line = "1. Nobody listens. No node can start. Start it, or correct the address. (clears 1 finding)\n"
    assert line in report_text(report(finding), Style())


def test_a_report_of_nothing_says_so():
    assert report_text(report(), Style()) == "Nothing was tested.\n\n0 findings · 1.2 s\n"
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


@pytest.mark.parametrize(("choice", "on_terminal", "in_a_pipe"), [("always", True, True), ("never", False, False)])
def test_the_option_decides_before_the_environment(monkeypatch, choice, on_terminal, in_a_pipe):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(terminal._Chosen, "colour", choice)
    assert style_of(Terminal()).colours is on_terminal
    assert style_of(io.StringIO()).colours is in_a_pipe
    assert not style_of(None).colours


@pytest.mark.parametrize(("columns_said", "width"), [("40", 40), ("200", 200), ("0", 80), ("wide", 80), ("", 80)])
def test_a_terminal_is_as_wide_as_columns_says_and_else_80(monkeypatch, columns_said, width):
    monkeypatch.setenv("COLUMNS", columns_said)
    assert style_of(Terminal()).width == width
    assert style_of(io.StringIO()).width is None


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_sentence_is_wider_than_the_terminal(width):
    said = "Nobody listens there, and no node can start as long as that is so. " * 3
    finding = replace(FINDINGS[3], id="redis.persistence.of.queue", summary=said, detail=said, remedy="")
    text = report_text(report(finding, *FINDINGS[:2]), Style(width=width), Detail.VERBOSE)
    assert max(map(columns, text.splitlines())) <= width
    assert "redis.persistence.of.queue" in text


def test_chinese_is_wrapped_by_the_columns_it_takes_and_not_before_its_stops():
    lines = broken("无法连接到数据库\uff0c请检查地址。", 4)
    assert lines == [
        "无法",
        "连接",
        "到数",
        "据",
        "库\uff0c",
        "请检",
        "查地",
        "址。",
    ]
    assert broken("无法 PostgreSQL 连接", 10) == ["无法", "PostgreSQL", "连接"]


def test_long_sentences_are_wrapped_on_a_terminal_and_remedies_are_not():
    finding = Finding(
        id="a.b", severity=Severity.FAIL, summary="word " * 40, remedy="command " * 40, remedy_kind=COMMANDS
    )
    lines = report_text(report(finding), Style(width=60)).splitlines()
    assert all(len(line) <= 60 for line in lines if "word" in line)
    assert sum("word" in line for line in lines) > 3
    assert sum("command" in line for line in lines) == 1


def test_the_comments_of_commands_are_wrapped_as_comments_and_the_figures_as_a_sentence():
    remedy = "# " + "word " * 20 + "\nredis-cli " + "x" * 50
    finding = Finding(id="a.b", severity=Severity.FAIL, summary="No.", remedy=remedy, remedy_kind=COMMANDS)
    lines = report_text(report(finding, *FINDINGS), Style(colours=True, width=40)).splitlines()
    of_comment = [line for line in lines if "word" in line]
    assert max(map(columns, of_comment)) <= 40
    assert len(of_comment) > 2
    assert all(line.lstrip().startswith("# word") for line in of_comment)
    assert sum(line.endswith("redis-cli " + "x" * 50) for line in lines) == 1
    figures = lines[next(number for number, line in enumerate(lines) if "findings:" in line) :]
    assert len(figures) > 1
    assert max(map(columns, figures)) <= 40


def test_what_a_server_said_cannot_steer_the_terminal():
    assert printable("a\x1b[2Jb\x07\x9bc\ttab\nline") == "a\ufffd[2Jb\ufffd\ufffdc\ttab\nline"
    assert printable("\u202agnp\u202e\u2066\u2069.env") == "\ufffdgnp\ufffd\ufffd\ufffd.env"
    texts = {"summary": "\x1b]0;x\x07", "detail": "\x1b[2J", "remedy": "\x1b[2J"}
    hostile = Finding(id="a.b", severity=Severity.FAIL, remedy_kind=COMMANDS, **texts)
    assert "\x1b" not in report_text(report(hostile), Style())


def test_progress_is_one_line_that_is_gone_at_the_end():
    screen = Terminal()
    with Progress(screen) as shown:
        shown.show(RunStarted(2))
        shown.show(CheckStarted("redis cache"))
        shown.show(CheckStarted("database"))
        shown.show(CheckFinished("redis cache", (), 1, 2))
    assert "0 of 2  waiting for redis cache  0 s  Ctrl-C ends it" in screen.getvalue()
    assert "1 of 2  waiting for database  0 s" in screen.getvalue()
    assert "\n" not in screen.getvalue()
    assert screen.getvalue().endswith("\r\x1b[K")


def test_of_the_progress_that_is_shown_for_which_there_is_room(monkeypatch):
    monkeypatch.setenv("COLUMNS", "34")
    screen = Terminal()
    with Progress(screen) as shown:
        shown.show(RunStarted(2))
        shown.show(CheckStarted("node node1"))
        shown.show(CheckFinished("node node1", (), 1, 2))
        shown.show(CheckStarted("a node with a long name indeed"))
    lines = screen.getvalue().split("\r\x1b[K")
    assert "0 of 2  waiting for node node1" in lines
    assert "1 of 2  waiting for a node with …" in lines
    assert all(len(line) <= 33 for line in lines)


def test_what_takes_long_is_told_on_a_terminal_and_gone_at_the_end(monkeypatch):
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(progress, "_UNSEEN", 0.0)
    with progress.told("reading compose.yaml"):
        assert screen.shown.wait(patience())
    assert "reading compose.yaml  0 s  Ctrl-C ends it" in screen.getvalue()
    assert screen.getvalue().endswith("\r\x1b[K")


def test_the_time_until_the_next_look_is_counted_down(monkeypatch):
    slept: list[float] = []
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=time.monotonic, sleep=slept.append))
    progress.pause(2.5)
    assert slept == [1.0, 1.0, 0.5]
    shown = sys.stderr.getvalue()
    assert [f"next look in {number} s" in shown for number in (4, 3, 2, 1, 0)] == [False, True, True, True, False]


def test_without_a_terminal_one_waits_in_silence(monkeypatch):
    stream, slept = io.StringIO(), []
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=time.monotonic, sleep=slept.append))
    progress.pause(2.5)
    with progress.told("reading"):
        pass
    assert (slept, stream.getvalue()) == ([2.5], "")


def test_on_a_terminal_that_cannot_erase_a_line_there_is_no_progress(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    screen = Terminal()
    with Progress(screen) as shown:
        shown.show(RunStarted(2))
    assert screen.getvalue() == ""


def test_without_a_terminal_there_is_no_progress():
    stream = io.StringIO()
    with Progress(stream) as shown:
        shown.show(RunStarted(2))
    assert stream.getvalue() == ""


def test_half_a_sign_that_a_server_sent_does_not_cost_the_result(tmp_path):
    write("before \ud83d after", str(tmp_path / "report.txt"))
    assert (tmp_path / "report.txt").read_text() == "before \\ud83d after"


@pytest.mark.parametrize(
    ("stream", "lines"),
    [
        (Terminal, ["Not at hand: application.app_key,", "database.password. No keyring was found on", "this system."]),
        (io.StringIO, ["Not at hand: application.app_key, database.password. No keyring was found on this system."]),
    ],
)
def test_what_is_said_beside_a_result_keeps_to_the_width_of_a_terminal(monkeypatch, stream, lines):
    monkeypatch.setenv("COLUMNS", "43")
    monkeypatch.setattr(sys, "stderr", stream())
    say("Not at hand: application.app_key, database.password.", "", "No keyring was found on this system.")
    assert sys.stderr.getvalue().splitlines() == lines


def test_sentences_beside_a_result_stand_as_the_language_sets_them(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with i18n.written_in("zh_CN", None):
        say("一。", "", "二。")
    assert sys.stderr.getvalue() == "一。二。\n"


def test_without_a_standard_error_nothing_is_said(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stderr", None)
    say("Nobody reads this.")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("ends", [EOFError, KeyboardInterrupt])
def test_what_is_said_after_a_prompt_that_was_left_begins_a_line(monkeypatch, ends):
    def left(prompt, stream):
        stream.write(prompt)
        raise ends

    monkeypatch.setattr(getpass, "getpass", left)
    monkeypatch.setattr(sys, "stderr", Terminal())
    with pytest.raises(ends):
        passphrase.hidden("Passphrase: ")
    assert sys.stderr.getvalue() == "Passphrase: \n"
