"""The start page tells what can be opened: every kind of source that the registry has."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.pages import press
from tests.made_up_source import add_made_up_source
from wizard.gui.shell import Shell


def test_a_source_added_as_one_file_is_told_on_the_start_page(
    shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_made_up_source(tmp_path, monkeypatch)
    shell.go("start")
    told = shell.page.findChild(QWidget, "source-kinds")
    assert told is not None
    assert not told.isVisibleTo(shell.page)
    press(shell, "tell-source-kinds")
    qtbot.waitUntil(lambda: told.isVisibleTo(shell.page))
    words = [each.text() for each in told.findChildren(QLabel)]
    assert words[words.index("A telegram") + 1] == "The host of the database, between two stops."
    assert "An env file" in words
    press(shell, "tell-source-kinds")
    assert not told.isVisibleTo(shell.page)
