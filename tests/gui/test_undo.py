"""Every edit can be taken back and made again, wherever the focus is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.pages import line, press, type_into
from wizard.gui.shell import Shell
from wizard.gui.steps.node_table import NodeTable
from wizard.gui.widgets.inputs import Segments
from wizard.plan.sections import Dialect

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_ctrl_z_takes_back_what_was_typed_and_ctrl_shift_z_types_it_again(shell: Shell) -> None:
    shell.go("database")
    edit = type_into(shell.page, "database.host", "db.internal")
    QTest.keyClick(edit, Qt.Key.Key_Z, CTRL)
    assert (edit.text(), shell.session.document.plan.database.host) == ("", "")
    QTest.keyClick(edit, Qt.Key.Key_Z, CTRL | SHIFT)
    assert (edit.text(), shell.session.document.plan.database.host) == ("db.internal", "db.internal")


def test_an_edit_of_another_step_is_taken_back_in_sight(shell: Shell) -> None:
    shell.go("storage")
    type_into(shell.page, "storage.path", "/srv/nocobase")
    shell.go("redis")
    QTest.keyClick(line(shell.page, "redis.server.host"), Qt.Key.Key_Z, CTRL)
    assert shell.current == "storage"
    assert line(shell.page, "storage.path").text() == ""


def test_a_generated_secret_is_taken_back(shell: Shell) -> None:
    shell.go("application")
    press(shell.page, "generate.application.app_key")
    assert shell.session.document.secret("application.app_key")
    QTest.keyClick(shell, Qt.Key.Key_Z, CTRL)
    assert shell.session.document.secret("application.app_key") is None
    assert line(shell.page, "application.app_key").text() == ""


def test_a_node_that_was_removed_comes_back(shell: Shell, qtbot: QtBot) -> None:
    shell.go("nodes")
    press(shell.page, "add-node")
    type_into(shell.page, "nodes.0.host", "n1.internal")
    press(shell.page, "remove-nodes")
    assert not shell.session.document.plan.nodes
    QTest.keyClick(shell, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: shell.session.document.text("nodes.0.host") == "n1.internal")
    assert shell.page.findChild(NodeTable, "nodes").nodes.rowCount() == 1  # type: ignore[union-attr]


def test_a_choice_that_is_taken_back_has_the_focus_and_enter_does_not_make_it_again(shell: Shell) -> None:
    shell.go("database")
    segments = shell.page.findChild(Segments, "input.database.dialect")
    assert segments is not None
    QTest.mouseClick(segments.button(1), Qt.MouseButton.LeftButton)
    assert shell.session.document.plan.database.dialect is Dialect.MYSQL
    QTest.keyClick(segments.button(1), Qt.Key.Key_Z, CTRL)
    assert QApplication.focusWidget() is segments.button(0)
    QTest.keyClick(segments.button(0), Qt.Key.Key_Return)
    assert shell.session.document.plan.database.dialect is Dialect.POSTGRES
    assert shell.current == "redis"
