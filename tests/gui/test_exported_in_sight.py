"""What an export asks, and what came of it, is brought into sight wherever the page was scrolled to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeServices
from tests.gui.pages import press
from tests.unit.plans import SECRETS, good_plan
from wizard.app.changes import Change, ChangeKind, Changes
from wizard.gui.shell import Shell


def _is_in_sight(part: QWidget) -> bool:
    return part.isVisible() and part.visibleRegion().boundingRect() == part.rect()


def test_the_question_the_result_and_a_refusal_are_in_sight(
    shell: Shell, services: FakeServices, qtbot: QtBot, tmp_path: Path
) -> None:
    services.former = Changes(tmp_path, (Change("env/cluster.env", ChangeKind.CHANGED, "-TZ=UTC\n+TZ=CET\n"),))
    shell.resize(1024, 700)
    shell.session.take(good_plan(), SECRETS, "")
    shell.go("export")
    page, bar = shell.page, shell._places["export"].verticalScrollBar()
    page.secrets.button(1).click()  # type: ignore[attr-defined]
    for refusal, told in (("", "question"), ("", "outcome"), ("It is full.", "question"), ("It is full.", "outcome")):
        services.refusal = refusal
        qtbot.waitUntil(lambda: shell.bar.primary_button.isEnabled() and bar.maximum() > 0)
        bar.setValue(bar.maximum())
        press(shell, "primary")
        qtbot.waitUntil(lambda told=told: _is_in_sight(getattr(page, told)))
    assert len(services.exported) == 1
