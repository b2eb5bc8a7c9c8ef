"""The start page tells what can be opened: every kind of source that the registry has."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.gui.pages import press
from tests.made_up_source import add_made_up_source
from wizard.gui.shell import Shell


def test_a_source_added_as_one_file_is_told_on_the_start_page(
    shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_made_up_source(tmp_path, monkeypatch)
    shell.go("start")
    told = shell.page.findChild(QLabel, "source-kinds")
    assert isinstance(told, QLabel)
    assert not told.isVisibleTo(shell.page)
    press(shell, "tell-source-kinds")
    qtbot.waitUntil(lambda: told.isVisibleTo(shell.page))
    assert "A telegram: The host of the database, between two stops." in told.text()
    assert "An env file: " in told.text()
    press(shell, "tell-source-kinds")
    assert not told.isVisibleTo(shell.page)
