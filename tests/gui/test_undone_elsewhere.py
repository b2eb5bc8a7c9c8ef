"""An edit that is taken back from another step is shown where it was made: its field has the focus."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from tests.gui.pages import line, type_into
from tests.unit.plans import SECRETS, good_plan
from wizard.gui.shell import Shell
from wizard.gui.steps.node_table import NodeTable
from wizard.guide import edits

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize("key", ["database.port", "database.table_prefix", "application.public_url"])
def test_the_field_of_an_edit_that_is_taken_back_or_made_again_has_the_focus(
    shell: Shell, qtbot: QtBot, key: str
) -> None:
    shell.session.take(good_plan(), SECRETS, "")
    before = shell.session.document.text(key)
    shell.session.document.edit(key, "7")
    for keys, then in ((Qt.Key.Key_Z, before), (Qt.Key.Key_Y, "7")):
        shell.go("review")
        QTest.keyClick(shell, keys, CONTROL)
        assert shell.current == key.partition(".")[0]
        qtbot.waitUntil(lambda: shell.focusWidget() is line(shell.page, key))
        qtbot.waitUntil(lambda text=then: line(shell.page, key).text() == text)  # type: ignore[misc]


def test_of_a_server_that_was_filled_it_is_its_host(shell: Shell, qtbot: QtBot) -> None:
    shell.go("redis")
    host = type_into(shell.page, "redis.server.host", "redis://redis.internal:6381")
    line(shell.page, "redis.server.port").setFocus()
    assert host.text() == "redis.internal"
    shell.go("review")
    shell.session.undo()
    assert shell.current == "redis"
    qtbot.waitUntil(lambda: shell.focusWidget() is line(shell.page, "redis.server.host"))


def test_on_the_same_step_the_focus_stays(shell: Shell) -> None:
    shell.go("database")
    type_into(shell.page, "database.host", "db.internal")
    line(shell.page, "database.port").setFocus()
    shell.session.undo()
    assert shell.focusWidget() is line(shell.page, "database.port")
    assert line(shell.page, "database.host").text() == ""


def test_edits_of_a_node_come_back_one_by_one_at_its_cell(shell: Shell, qtbot: QtBot) -> None:
    shell.session.take(good_plan(), SECRETS, "")
    document = shell.session.document
    host = document.text("nodes.1.host")
    document.edit("nodes.1.host", "first")
    document.seal()
    document.edit("nodes.1.host", "second")
    shell.go("review")
    for text in ("first", host):
        shell.session.undo()
        QApplication.processEvents()
        assert shell.current == "nodes"
        table = shell.page.findChild(NodeTable, "nodes")
        assert table is not None
        assert table.currentIndex() == table.nodes.index_of("nodes.1.host")
        focused = shell.focusWidget()
        assert isinstance(focused, QLineEdit)
        qtbot.waitUntil(lambda edit=focused, text=text: edit.text() == text)  # type: ignore[misc]
    shell.go("review")
    assert document.text("nodes.1.host") == host


def test_where_its_node_is_gone_the_step_alone_comes_into_sight(shell: Shell) -> None:
    document = shell.session.document
    document.replace(edits.with_new_node(replace(document.plan, nodes=())), "nodes.0")
    shell.go("review")
    shell.session.undo()
    assert shell.current == "nodes"
