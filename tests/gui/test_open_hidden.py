"""Env files are often hidden ones: the dialog for files offers them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QDir
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeServices
from tests.gui.pages import press
from wizard.formats.files import SourceError
from wizard.gui.shell import Shell
from wizard.gui.steps.source_box import SourceBox


def test_hidden_files_are_offered_and_what_is_chosen_is_read(
    shell: Shell, services: FakeServices, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "open", lambda *_: None)  # the system's own would wait for a person
    services.opened = SourceError("It is none.")
    shell.go("start")
    press(shell, "open-file")
    dialog = shell.page.findChild(QFileDialog, "open-files")
    box = shell.page.findChild(SourceBox)
    assert dialog is not None
    assert box is not None
    assert dialog.filter() & QDir.Filter.Hidden
    with qtbot.waitSignal(box.chosen) as chosen:
        dialog.filesSelected.emit([str(tmp_path / ".env")])
    assert chosen.args == [[str(tmp_path / ".env")]]
