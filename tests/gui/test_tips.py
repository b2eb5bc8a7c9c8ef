"""What came from outside is shown sign by sign, also in tips and questions, where Qt likes to see HTML."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt as Core
from PySide6.QtGui import Qt, QTextDocument
from PySide6.QtWidgets import QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeServices
from wizard.gui.shell import Shell
from wizard.gui.side import StepButton
from wizard.gui.tips import plain_tip
from wizard.guide import flow

HOSTILE = "<img src='/nowhere.png'> <b>&amp;</b>\n" + "a long name " * 30


def _shown(tip: str) -> str:
    """Return what a person reads of a tip."""
    document = QTextDocument()
    document.setHtml(tip)
    return document.toPlainText()


@pytest.mark.parametrize("text", [HOSTILE, "<p>x", "a<br>b", "1 < 2 && 3 > 2", "plain", ""])
def test_a_tip_shows_the_signs_of_a_text(text: str) -> None:
    tip = plain_tip(text)
    assert tip == text or _shown(tip) == text
    assert tip != text or not Qt.mightBeRichText(text)


def test_no_tip_of_the_window_loads_what_a_name_says(shell: Shell, qtbot: QtBot) -> None:
    shell.session.document.edit("name", HOSTILE.replace("\n", " "))
    shell.refresh()
    [name] = [item for item in shell.side.findChildren(QLabel) if "long name" in item.accessibleName()]
    assert "&lt;img" in name.toolTip()
    assert "<img" not in name.toolTip()


def test_the_question_before_closing_is_plain_text(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    services.save_trouble = OSError(28, HOSTILE)
    shell.session.document.edit("database.host", "db.internal")
    shell.close()
    qtbot.waitUntil(lambda: shell.findChild(QMessageBox, "losing") is not None)
    box = shell.findChild(QMessageBox, "losing")
    assert box is not None
    assert box.textFormat() is Core.TextFormat.PlainText


@pytest.mark.usefixtures("_look")
def test_what_a_step_at_the_side_has_no_room_for_is_its_tip_at_every_width(qtbot: QtBot) -> None:
    step, fact = StepButton(flow.step("database")), "2 could not be found out"
    qtbot.addWidget(step)
    step.show()
    step.show_line(flow.Line(flow.State.UNKNOWN, fact))
    for width, tip in ((400, ""), (100, fact), (400, "")):
        step.resize(width, step.height())
        qtbot.waitUntil(lambda tip=tip: step.toolTip() == tip)
