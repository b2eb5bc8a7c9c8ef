"""The window in a language that is made up and 40 % longer: every text passes through the translation, and fits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, REDIS, FakeServices, failing, passing
from tests.made_up_language import LANGUAGE, MadeUp, accented, plain_words
from wizard.formats import cluster_file
from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.gui.steps.licence import UNBROKEN
from wizard.guide import flow
from wizard.plan import i18n
from wizard.plan.remedy import advice
from wizard.plan.sections import RedisRole

EXAMPLE = Path(__file__).parents[2] / "resources" / "examples" / "three-nodes.yaml"
SIZE = 1280, 800
KEYRING = "Secret Service (login keyring)"


@pytest.fixture
def shell(_look: None, session: Session, services: FakeServices, qtbot: QtBot) -> Iterator[Shell]:
    i18n.install(LANGUAGE, MadeUp())
    services.checks = [
        passing(CONNECT, accented("Connected.")),
        failing(REDIS, accented("Redis is gone."), subject="cache", remedy=advice(accented("Start it."))),
    ]
    window = Shell(session)
    qtbot.addWidget(window, before_close_func=lambda shell: shell.session.autosave.flush())
    with qtbot.waitSignal(session.autosave.kept):
        session.opening.begin(None)
    session.start_new("self-test")
    session.document.replace(cluster_file.read(EXAMPLE.read_text(), ""))
    window.resize(*SIZE)
    window.show()
    yield window
    i18n.install(i18n.ENGLISH, None)


def _shown(window: QWidget) -> Iterator[tuple[QWidget, str]]:
    for widget in window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget, widget.text()
        if isinstance(widget, QLineEdit):
            yield widget, widget.placeholderText()
        if isinstance(widget, QComboBox):
            yield from ((widget, widget.itemText(index)) for index in range(widget.count()))
        yield widget, widget.toolTip()
        yield widget, widget.accessibleName()
        yield widget, widget.accessibleDescription()


def _values(shell: Shell) -> list[str]:
    plan = shell.session.document.plan
    found = [str(value) for _key, _setting, value in plan.settings()]
    found += [*(role.value for role in RedisRole), KEYRING, "ms", "PostgreSQL Redis", "English Français"]
    return [plan.name, *found, *(part for node in plan.nodes for part in (node.name, node.host))]


def _untranslated(shell: Shell) -> list[str]:
    values = _values(shell)
    return [
        f"{type(widget).__name__} {widget.objectName()}: {text}"
        for widget, text in _shown(shell)
        if plain_words(text.replace(UNBROKEN, ""), *values)
    ]


def _cut(shell: Shell) -> list[str]:
    """Return the texts of the window that are wider or higher than the widget they stand in."""
    buttons = [button for button in shell.findChildren(QPushButton) if button.isVisible()]
    found = [button.text() for button in buttons if button.width() < button.minimumSizeHint().width()]
    for shown in shell.findChildren(QLabel):
        room, flags = shown.contentsRect(), int(Qt.TextFlag.TextWordWrap) if shown.wordWrap() else 0
        needed = shown.fontMetrics().boundingRect(QRect(0, 0, room.width(), 10_000), flags, shown.text())
        if shown.isVisible() and (needed.width() > room.width() + 1 or needed.height() > shown.height() + 1):
            found.append(f"{shown.objectName()}: {shown.text()}")
    return found


def test_each_page_is_translated_and_nothing_is_cut(shell: Shell, qtbot: QtBot) -> None:
    for step in flow.IDS:
        shell.go(step)
        for fold in shell.page.findChildren(QPushButton, "more-settings"):
            fold.click()
        qtbot.waitUntil(lambda: shell.session.background.idle)
        QApplication.processEvents()
        assert (step, _untranslated(shell), _cut(shell)) == (step, [], [])


def test_the_review_after_a_run(shell: Shell, qtbot: QtBot) -> None:
    shell.go("review")
    with qtbot.waitSignal(shell.session.runs.finished):
        shell.primary()
    qtbot.waitUntil(lambda: not _cut(shell))  # the page follows in parts
    assert _untranslated(shell) == []
