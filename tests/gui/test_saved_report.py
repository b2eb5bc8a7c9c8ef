"""The review's report goes to a file that the admin chooses, as the command line writes it."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFileDialog, QFrame, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, REDIS, FakeServices, Gate, failing, passing
from tests.gui.pages import press
from wizard.gui.shell import Shell
from wizard.guide.reports.report import Format, rendered
from wizard.guide.reports.told import Told
from wizard.plan.secret import Secret

PASSWORD = "kT7-quite.secret_value"


@pytest.fixture
def checked(shell: Shell, services: FakeServices, qtbot: QtBot) -> Shell:
    """Return the window at the review after everything was checked."""
    services.checks = [passing(CONNECT, "Connected."), failing(REDIS, "Redis is gone.", subject="cache")]
    shell.go("review")
    with qtbot.waitSignal(shell.session.runs.finished):
        shell.primary()
    return shell


def _save(shell: Shell, qtbot: QtBot, path: Path, kind: str = "") -> str:
    """Save the report through the dialog, and give what the page says of it."""
    press(shell, "save-report")
    dialog = shell.page.findChild(QFileDialog, "save-report-to")
    assert dialog is not None
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # its question would wait for somebody
    if kind:
        dialog.selectNameFilter(kind)
        dialog.filterSelected.emit(kind)
    dialog.setDirectory(str(path.parent))
    dialog.selectFile(str(path))
    dialog.accept()
    qtbot.waitUntil(lambda: shell.page.outcome.told)  # type: ignore[attr-defined]
    result = shell.page.findChild(QFrame, "result")
    assert result is not None
    return result.accessibleName()


def test_the_report_is_saved_as_text_as_the_command_line_writes_it(
    checked: Shell, qtbot: QtBot, tmp_path: Path
) -> None:
    words = _save(checked, qtbot, tmp_path / "report.txt")
    assert words == f"The report is in {tmp_path / 'report.txt'}."
    text = (tmp_path / "report.txt").read_text()
    assert "  FAILED   redis.connect     cache: Redis is gone." in text
    assert text.splitlines()[-1].startswith("2 findings: 1 ok, 1 failed · ")


def test_a_name_without_an_end_gets_that_of_the_chosen_kind(checked: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    _save(checked, qtbot, tmp_path / "report", "JSON (*.json)")
    document = json.loads((tmp_path / "report.json").read_text())
    assert (document["schema"], document["source"]) == (1, "production")
    assert [item["id"] for item in document["findings"]] == ["database.connect", "redis.connect"]


def test_it_is_saved_as_a_page_with_the_picture_and_as_markdown(checked: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    _save(checked, qtbot, tmp_path / "report", "Page with picture (*.html)")
    page = (tmp_path / "report.html").read_text()
    assert page.startswith("<!DOCTYPE html>")
    assert 'class="picture"' in page
    _save(checked, qtbot, tmp_path / "ticket.md", "Markdown (*.md)")
    qtbot.waitUntil((tmp_path / "ticket.md").exists)
    assert "Redis is gone." in (tmp_path / "ticket.md").read_text()


def test_what_was_checked_again_is_in_the_report_beside_the_rest(
    checked: Shell, services: FakeServices, qtbot: QtBot, tmp_path: Path
) -> None:
    services.checks = [passing(CONNECT, "Connected."), passing(REDIS, "Redis answers.", subject="cache")]
    qtbot.waitUntil(lambda: checked.bar.primary_button.text() == "Check &failed ones again")
    with qtbot.waitSignal(checked.session.runs.finished):
        press(checked, "primary")
    _save(checked, qtbot, tmp_path / "report.json")
    found = json.loads((tmp_path / "report.json").read_text())["findings"]
    assert [item["summary"] for item in found] == ["Connected.", "Redis answers."]


def test_no_secret_is_in_the_report_not_even_one_entered_after_the_run(
    shell: Shell, services: FakeServices, qtbot: QtBot, tmp_path: Path
) -> None:
    services.checks = [failing(CONNECT, f"Refused: {PASSWORD}", detail=PASSWORD, facts={"said": PASSWORD})]
    shell.go("review")
    with qtbot.waitSignal(shell.session.runs.finished):
        shell.primary()
    shell.session.document.set_secret("database.password", Secret(PASSWORD))
    words = _save(shell, qtbot, tmp_path / "report.json")
    assert "changed since it was tested" in words
    assert PASSWORD not in (tmp_path / "report.json").read_text()


def test_a_report_that_cannot_be_written_is_told_in_words(
    checked: Shell, services: FakeServices, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(services, "save_report", full)
    words = _save(checked, qtbot, tmp_path / "report.txt")
    assert words == f"The report cannot be written to {tmp_path / 'report.txt'}: No space left on device."
    assert list(tmp_path.iterdir()) == []


def test_before_the_first_run_there_is_no_report_to_save(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    gate = Gate()
    services.checks = [gate.check("database", (CONNECT,), CONNECT.passed("x"))]
    shell.go("review")
    button = shell.findChild(QPushButton, "save-report")
    assert button is not None
    assert not button.isVisible()
    shell.primary()
    with qtbot.waitSignal(shell.session.runs.finished):
        gate.open.set()
    qtbot.waitUntil(button.isVisible)
    assert button.isEnabled()
    assert QKeySequence.mnemonic(button.text()).toString() == "Alt+S"


def test_a_new_run_takes_the_word_of_the_former_report_away(checked: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    _save(checked, qtbot, tmp_path / "report.txt")
    with qtbot.waitSignal(checked.session.runs.finished):
        press(checked, "check-all")
    assert not checked.page.outcome.told  # type: ignore[attr-defined]


def test_another_cluster_has_no_report_of_the_former_one(checked: Shell) -> None:
    checked.session.start_new("another")
    assert checked.session.runs.known is None


@pytest.mark.parametrize(
    ("kind", "name", "begins"),
    [("Picture (*.svg)", "picture.svg", b"<svg "), ("Picture (*.png)", "picture.png", b"\x89PNG")],
)
def test_the_map_is_saved_as_a_picture(
    checked: Shell, qtbot: QtBot, tmp_path: Path, kind: str, name: str, begins: bytes
) -> None:
    words = _save(checked, qtbot, tmp_path / "picture", kind)
    assert words.startswith(f"The picture is in {tmp_path / name}.")
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_the_saved_svg_is_the_picture_of_the_html_report(checked: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    _save(checked, qtbot, tmp_path / "picture.svg", "Picture (*.svg)")
    document, report = checked.session.document, checked.session.runs.known
    assert report is not None
    whole = replace(report, findings=(*report.findings, *document.findings.rules))  # the fake run has no rules
    page = rendered(Told(whole, "production", None, document.plan), Format.HTML)
    saved = re.sub("<style>.*</style>\n", "", (tmp_path / "picture.svg").read_text(), flags=re.DOTALL)
    [in_page] = re.findall('<svg xmlns="[^"]*" class="picture".*?</svg>', page, flags=re.DOTALL)
    assert in_page == saved.strip()


@pytest.mark.parametrize("name", ["picture.svg", "picture.png"])
def test_a_picture_that_cannot_be_written_whole_leaves_the_former_file(
    checked: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / name).write_bytes(b"former")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    kind = "Picture (*.svg)" if name.endswith("svg") else "Picture (*.png)"
    words = _save(checked, qtbot, tmp_path / name, kind)
    assert words == f"The picture cannot be written to {tmp_path / name}: No space left on device."
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [(name, b"former")]
