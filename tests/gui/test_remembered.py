"""What the window remembers of its user; where it cannot be read or written, the window goes on without."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from tests.patience import patience
from wizard.gui import remembered
from wizard.storage.window_settings import SettingsWriter, WindowSettings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path


def test_the_size_of_the_window_is_remembered(folder: Path, qtbot: QtBot) -> None:
    first, second = QMainWindow(), QMainWindow()
    for window in (first, second):
        qtbot.addWidget(window)
    writer = SettingsWriter()
    keep = remembered.size(writer, first)
    first.resize(701, 502)
    keep()
    assert writer.finish(patience())
    assert (folder / "nocobase-cluster-wizard" / "window.json").stat().st_mode & 0o777 == 0o600
    remembered.size(SettingsWriter(), second)
    assert (second.width(), second.height()) == (701, 502)


@pytest.mark.parametrize(
    "content", [b"[", b"[1]", b"{}", b'{"size": 7}', b'{"size": "no size"}', b'{"size": "\\ud800"}', b"\xff"]
)
def test_settings_that_are_damaged_count_for_nothing_and_are_written_anew(
    folder: Path, qtbot: QtBot, content: bytes
) -> None:
    (file := WindowSettings().path).parent.mkdir()
    file.write_bytes(content)
    window = QMainWindow()
    qtbot.addWidget(window)
    writer = SettingsWriter()
    remembered.size(writer, window)()
    assert writer.finish(patience())
    assert len(WindowSettings().get("size")) > 40


def test_settings_that_cannot_be_saved_are_logged_and_stop_nothing(
    folder: Path, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "nocobase-cluster-wizard").write_text("a file in the place of the folder")
    window = QMainWindow()
    qtbot.addWidget(window)
    writer = SettingsWriter()
    remembered.size(writer, window)()
    assert writer.finish(patience())
    assert "settings cannot be saved" in caplog.text


def test_two_windows_keep_what_each_has_chosen(folder: Path) -> None:
    first, second = WindowSettings(), WindowSettings()
    first.keep("colours", "dark")
    second.keep("language", "fr")
    assert (first.get("colours"), first.get("language")) == ("dark", "fr")
