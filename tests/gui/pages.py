"""How the tests find and use the parts of a page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from wizard.gui.shell import Shell
from wizard.gui.widgets.card import FindingCard


def press(window: QWidget, name: str) -> None:
    QApplication.processEvents()  # a widget added to a layout is shown by a queued call
    found = [button for button in window.findChildren(QPushButton, name) if button.isVisible()]
    assert len(found) == 1, (name, found)
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)


def line(window: QWidget, key: str) -> QLineEdit:
    found = window.findChild(QLineEdit, f"input.{key}")
    assert found is not None, key
    return found


def type_into(window: QWidget, key: str, text: str) -> QLineEdit:
    edit = line(window, key)
    edit.setFocus()
    edit.selectAll()
    if text:
        QTest.keyClicks(edit, text)
    else:
        QTest.keyClick(edit, Qt.Key.Key_Delete)
    return edit


def note(window: QWidget, key: str) -> QLabel:
    found = window.findChild(QLabel, f"note.{key}")
    assert found is not None, key
    return found


def tick(window: QWidget, key: str) -> None:
    found = window.findChild(QCheckBox, f"input.{key}")
    assert found is not None, key
    found.click()


def cards(shell: Shell) -> list[FindingCard]:
    """Return the cards in sight, from the top."""
    found = [card for card in shell.page.findChildren(FindingCard) if card.isVisible()]
    return sorted(found, key=lambda card: card.mapTo(shell.page, card.rect().topLeft()).y())


def summaries(shell: Shell) -> list[str]:
    return [card.finding.summary for card in cards(shell)]


def visible_texts(shell: Shell) -> list[str]:
    return [item.text() for item in shell.page.findChildren(QLabel) if item.isVisible()]


def check_all(shell: Shell, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shell.session.runs.finished):
        shell.primary()
