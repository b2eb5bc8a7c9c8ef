"""The export page offers every target that the registry has, and of the balancers the plan's own alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from tests.made_up_target import add_made_up_target
from wizard.gui.shell import Shell
from wizard.plan.sections import BalancerKind


def _shown(shell: Shell) -> list[str]:
    boxes = shell.page.findChildren(QCheckBox)
    return [box.text() for box in boxes if box.objectName().startswith("target.") and box.isVisibleTo(shell.page)]


def test_what_is_left_out_is_said_with_the_reason(shell: Shell, qtbot: QtBot) -> None:
    shell.go("export")
    qtbot.waitUntil(lambda: bool(_shown(shell)))
    told = shell.page.findChild(QLabel, "left-out")
    assert told.text() == "Left out: HAProxy. The plan's balancer is nginx."
    shell.session.document.set("balancer.kind", BalancerKind.OTHER)
    qtbot.waitUntil(lambda: "nginx" not in _shown(shell))
    assert [line.partition(".")[0] for line in told.text().splitlines()] == ["Left out: nginx", "Left out: HAProxy"]
    assert "of another make" in told.text()
    assert told.isVisibleTo(shell.page)


def test_a_target_added_as_one_file_is_on_the_page(
    shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_made_up_target(tmp_path, monkeypatch)
    shell.go("export")
    qtbot.waitUntil(lambda: bool(_shown(shell)))
    assert _shown(shell) == ["Env files", "nginx", "Compose", "Kubernetes", "Checks on a timer, with alerts", "Made up"]
