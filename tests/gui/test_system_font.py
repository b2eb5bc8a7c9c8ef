"""The system's font changes while the window is open: the window follows, and nobody loses their place by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, FakeServices, failing
from tests.gui.pages import line, press, summaries, type_into
from wizard.gui import tokens
from wizard.gui.shell import Shell
from wizard.gui.theme import theme


@pytest.fixture
def system_font(shell: Shell) -> Iterator[Callable[[int], None]]:
    """Return what gives the system's font a size in pixels, while the window of `shell` is there to follow it."""
    assert shell.isVisible()
    former = QApplication.font()

    def choose(pixels: int) -> None:
        font = QFont(former)
        font.setPixelSize(pixels)
        QApplication.setFont(font)

    yield choose
    QApplication.setFont(former)
    theme().blockSignals(True)  # the window is closed by now, and is not to be built anew
    theme().follow_font()
    theme().blockSignals(False)


def test_the_window_follows_and_page_focus_cursor_and_findings_stay(
    shell: Shell, services: FakeServices, system_font: Callable[[int], None], qtbot: QtBot
) -> None:
    services.checks = [failing(CONNECT, "Refused.")]
    shell.go("database")
    with qtbot.waitSignal(shell.session.runs.finished):
        shell.session.test(("database",), "database")
    press(shell, "more-settings")
    edit = type_into(shell.page, "database.host", "db.internal")
    edit.setSelection(2, 3)
    qtbot.waitUntil(lambda: "Refused." in summaries(shell))
    before = shell.bar.primary_button.height()
    with qtbot.waitSignal(theme().refitted):
        system_font(2 * tokens.BODY)
    assert theme().scale == 2
    again = line(shell.page, "database.host")
    assert again is not edit
    assert (shell.current, shell.focusWidget()) == ("database", again)
    assert (again.text(), again.selectedText()) == ("db.internal", ".in")
    assert again.font().pixelSize() == 2 * tokens.BODY
    assert line(shell.page, "database.pool_min").isVisible()
    qtbot.waitUntil(lambda: shell.bar.primary_button.height() > 1.5 * before)
    qtbot.waitUntil(lambda: "Refused." in summaries(shell))


def test_a_dialog_that_is_open_is_not_lost(shell: Shell, system_font: Callable[[int], None], qtbot: QtBot) -> None:
    shell.go("start")
    page = shell.page
    press(shell, "paste-anything")
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    text = dialog.findChild(QPlainTextEdit)
    assert text is not None
    text.setPlainText("DB_HOST=db.internal")
    with qtbot.waitSignal(theme().refitted):
        system_font(2 * tokens.BODY)
    assert shell.page is page
    assert (dialog.isVisible(), text.toPlainText()) == (True, "DB_HOST=db.internal")
    dialog.close()
    qtbot.waitUntil(lambda: shell.page is not page)
    assert shell.current == "start"


def test_a_change_of_the_desktops_theme_with_the_same_font_builds_nothing_anew(shell: Shell, qtbot: QtBot) -> None:
    page, window = shell.page, shell.windowHandle()
    assert window is not None
    QCoreApplication.sendEvent(window, QEvent(QEvent.Type.ThemeChange))
    QApplication.processEvents()
    qtbot.waitUntil(lambda: shell.session.background.idle)
    assert shell.page is page
