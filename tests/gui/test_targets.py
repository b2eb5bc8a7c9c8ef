"""The export page offers every target that the registry has, and of the balancers the plan's own alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from tests.made_up_target import add_made_up_target
from wizard.gui.shell import Shell


def _shown(shell: Shell) -> list[str]:
    boxes = shell.page.findChildren(QCheckBox)
    return [box.text() for box in boxes if box.objectName().startswith("target.") and box.isVisibleTo(shell.page)]


def test_a_target_added_as_one_file_is_on_the_page(
    shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_made_up_target(tmp_path, monkeypatch)
    shell.go("export")
    qtbot.waitUntil(lambda: bool(_shown(shell)))
    assert _shown(shell) == ["Env files", "nginx", "Compose", "Kubernetes", "Checks on a timer, with alerts", "Made up"]
