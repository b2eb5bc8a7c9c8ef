"""A file that is dropped anywhere on the window is opened, after a question where a cluster is open already."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeServices
from tests.gui.pages import line, press
from wizard.app.open_source import OpenedSource
from wizard.formats import dotenv
from wizard.gui.session import Session
from wizard.gui.shell import Shell


@pytest.fixture(autouse=True)
def _file(services: FakeServices) -> None:
    text = "DB_DIALECT=postgres\nDB_HOST=10.0.0.9\n"
    services.opened = OpenedSource(*dotenv.read(text, "other.env"), "other.env")


def drop(shell: Shell, on: QWidget, *names: str) -> bool:
    """Drag files over a part of the window and drop them there; whether they are taken."""
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(Path("/somewhere") / name)) for name in names])
    at = on.mapTo(shell, on.rect().center())
    how = Qt.DropAction.CopyAction, dropped, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    left = QDropEvent(QPointF(at), *how)
    for event in (QDragEnterEvent(at, *how), QDragMoveEvent(at, *how), left):
        QApplication.sendEvent(shell.windowHandle(), event)
    return left.isAccepted()


def asked(qtbot: QtBot) -> QMessageBox:
    """Return the question about what was dropped."""
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    assert box.objectName() == "open-dropped"
    return box


def test_before_a_cluster_was_begun_it_is_opened_at_once(
    session: Session, services: FakeServices, qtbot: QtBot
) -> None:
    window = Shell(session)
    qtbot.addWidget(window, before_close_func=lambda window: window.session.autosave.flush())
    window.show()
    name = window.page.findChild(QLineEdit, "new-name")
    assert name is not None
    with qtbot.waitSignal(session.opened):
        assert drop(window, name, "other.env")
    assert (window.current, name.text()) == ("start", "")
    assert session.document.plan.database.host == "10.0.0.9"
    assert services.asked == []


def test_another_cluster_is_not_left_for_it_without_a_question(shell: Shell, qtbot: QtBot) -> None:
    session = shell.session
    shell.go("database")
    edit = line(shell.page, "database.host")
    assert drop(shell, edit, "other.env")
    box = asked(qtbot)
    assert box.text() == "Open “other.env”?\n\n“production” stays among the saved clusters."
    assert box.textFormat() is Qt.TextFormat.PlainText
    assert not drop(shell, edit, "third.env")
    box.reject()
    assert (shell.current, edit.text(), session.document.plan.name) == ("database", "", "production")
    assert drop(shell, shell.side, "other.env", "node-a.env")
    box = asked(qtbot)
    assert box.text().startswith("Open “other.env” and what came with it, 2 files in all?")
    with qtbot.waitSignal(session.opened):
        press(box, "open")
    assert (shell.current, session.document.plan.database.host) == ("start", "10.0.0.9")
