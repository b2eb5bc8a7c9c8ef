"""Nodes are added, edited in place and removed; what was half typed follows its node."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeServices, Gate
from tests.gui.pages import line, press, type_into, visible_texts
from tests.unit.plans import SECRETS, good_plan
from wizard.engine.check import settled
from wizard.gui import icons
from wizard.gui.shell import Shell
from wizard.gui.steps.node_list_dialog import NodeListDialog
from wizard.gui.steps.node_model import NodeModel
from wizard.gui.steps.node_table import NodeTable
from wizard.gui.steps.nodes import NodesPage
from wizard.gui.widgets.line_edits import OpenEdit
from wizard.guide import edits
from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment
from wizard.plan.spec import Spec


def _three(shell: Shell) -> None:
    shell.go("nodes")
    for _ in range(3):
        press(shell, "add-node")


def test_new_nodes_are_named_on(shell: Shell) -> None:
    _three(shell)
    assert [node.name for node in shell.session.document.plan.nodes] == ["node1", "node2", "node3"]


def _table(shell: Shell) -> NodeTable:
    found = shell.page.findChild(NodeTable)
    assert found is not None
    return found


def type_into_cell(shell: Shell, key: str, text: str) -> None:
    """Open a cell, type over what is in it, and leave it by Enter."""
    edit = shell.page.show_field(key)
    assert isinstance(edit, QLineEdit)
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, text)
    QTest.keyClick(edit, Qt.Key.Key_Return)


def _told(shell: Shell, key: str, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> str:
    nodes = _table(shell).nodes
    return str(nodes.index_of(key).data(role))


def test_removing_a_node_keeps_what_was_half_typed_for_the_others(shell: Shell) -> None:
    _three(shell)
    type_into_cell(shell, "nodes.2.port", "many")
    _table(shell).selectRow(0)
    press(shell, "remove-nodes")
    assert [node.name for node in shell.session.document.plan.nodes] == ["node2", "node3"]
    assert _told(shell, "nodes.1.port") == "many"
    assert any("Port of node3: “many” is not a whole number" in text for text in visible_texts(shell))


def test_the_sum_of_processes_is_shown_against_the_worker_ids(shell: Shell) -> None:
    _three(shell)
    type_into_cell(shell, "nodes.1.processes", "4")
    assert "6 of 32 worker IDs in use, 26 left" in visible_texts(shell)
    type_into_cell(shell, "nodes.1.processes", "32")
    assert "34 of 32 worker IDs in use: 2 too many" in visible_texts(shell)


@pytest.mark.qt_log_ignore("This plugin does not support")  # of a popup without a screen
def test_the_worker_mode_is_chosen_in_words_or_listed(shell: Shell, qtbot: QtBot) -> None:
    _three(shell)

    def choose(at: int) -> None:
        choice = shell.page.show_field("nodes.0.worker_mode")
        assert isinstance(choice, QComboBox)
        choice.activated.emit(at)

    choose(1)
    assert shell.session.document.plan.nodes[0].worker_mode == "!"
    assert _told(shell, "nodes.0.worker_mode") == "Requests only"
    choose(3)
    qtbot.waitUntil(lambda: line(shell.page, "nodes.0.worker_mode").isVisible())
    type_into(shell.page, "nodes.0.worker_mode", "workflow:process")
    assert shell.session.document.plan.nodes[0].worker_mode == "workflow:process"
    assert _told(shell, "nodes.0.worker_mode") == "workflow:process"


def test_every_cell_says_which_node_it_belongs_to_and_what_is_wrong_there(shell: Shell) -> None:
    _three(shell)
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert _told(shell, "nodes.1.name", spoken) == "Name of node2: node2, not tested"
    type_into_cell(shell, "nodes.1.port", "x")
    assert _told(shell, "nodes.1.port", spoken).startswith("Port of node2: x, “x” is not a whole number")


def test_an_edit_has_the_row_painted_anew_where_it_was_made(shell: Shell) -> None:
    shell.session.take(good_plan(), SECRETS, "")
    document, rows = shell.session.document, list[int]()
    nodes = NodeModel(shell.session)
    nodes.judge()
    nodes.dataChanged.connect(lambda first, last: rows.extend(range(first.row(), last.row() + 1)))
    for key, text, told in (
        ("nodes.1.port", "13001", [1]),
        ("nodes.1.port", "x", [1]),
        ("nodes.0.host", "http://user:secret@10.0.0.2", [0, 1, 2]),  # held back, as it may be a secret
        ("nodes.0.host", "http://user:secret@10.0.0.3", [0, 1, 2]),
        ("database.name", "other", []),
    ):
        rows.clear()
        document.edit(key, text)
        assert not nodes.refresh()
        assert rows == told, (key, text)
        assert not key.startswith("nodes.") or nodes.index_of(key).data() == text
    document.visited.add("nodes")
    rows.clear()
    nodes.judge()
    assert rows == [0, 1]
    nodes.judge()
    assert rows == [0, 1]


def test_keys_go_from_cell_to_cell_and_tab_leaves_the_table(shell: Shell) -> None:
    _three(shell)
    table = _table(shell)
    table.setCurrentIndex(table.nodes.index_of("nodes.0.host"))
    table.setFocus()
    QTest.keyClick(table, "1")
    edit = shell.focusWidget()
    assert isinstance(edit, QLineEdit)
    QTest.keyClicks(edit, "0.0.0.11")
    assert shell.session.document.plan.nodes[0].host == "10.0.0.11"
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert table.currentIndex() == table.nodes.index_of("nodes.0.port")
    port = shell.focusWidget()
    assert port is not None
    assert port.accessibleName() == "Port of node1"
    QTest.keyClick(port, Qt.Key.Key_Return)
    assert shell.focusWidget() is table
    assert table.currentIndex() == table.nodes.index_of("nodes.1.port")
    assert shell.current == "nodes"
    QTest.keyClick(table, Qt.Key.Key_Tab)
    focused = shell.focusWidget()
    assert focused is not None
    assert focused.objectName() == "add-node"


def test_a_host_with_a_port_is_taken_apart_when_its_cell_is_left(shell: Shell) -> None:
    _three(shell)
    type_into_cell(shell, "nodes.0.host", "http://10.0.0.5:13001/")
    node = shell.session.document.plan.nodes[0]
    assert (node.host, node.port) == ("10.0.0.5", 13001)


@pytest.mark.parametrize("within", [False, True])
def test_a_list_is_pasted_into_the_table_or_into_a_cell(shell: Shell, within: bool, qtbot: QtBot) -> None:  # noqa: FBT001 - of a table of cases
    _three(shell)
    QApplication.clipboard().setText("name,host,port\nweb1,10.0.0.21,13000\nweb2,10.0.0.22,13000\n")
    target = shell.page.show_field("nodes.2.host") if within else _table(shell)
    assert target is not None
    target.setFocus()
    QTest.keyClick(target, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert [node.name for node in shell.session.document.plan.nodes] == ["node1", "node2", "node3", "web1", "web2"]
    qtbot.waitUntil(lambda: _table(shell).nodes.rowCount() == 5)


def test_chosen_rows_are_removed_together_and_come_back_by_undo(shell: Shell) -> None:
    _three(shell)
    table = _table(shell)
    table.selectAll()
    button = shell.page.findChild(QPushButton, "remove-nodes")
    assert button is not None
    assert button.text() == "Remove 3 nodes"
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert shell.session.document.plan.nodes == ()
    shell.session.undo()
    assert [node.name for node in shell.session.document.plan.nodes] == ["node1", "node2", "node3"]
    assert table.isVisible()


def test_what_sticks_out_of_a_field_is_its_tip_but_for_an_account(shell: Shell) -> None:
    shell.go("database")
    edit = line(shell.page, "database.host")
    assert isinstance(edit, OpenEdit)
    assert edit.tip == ""
    type_into(shell.page, "database.host", "db.internal")
    assert edit.tip == ""
    edit.setText(f"postgres://noco:hidden-password@{'x' * 200}")
    assert edit.tip.startswith("postgres://")
    assert "hidden-password" not in edit.tip


def test_labels_are_buddies_of_their_fields(shell: Shell) -> None:
    shell.go("database")
    buddies = {label.buddy() for label in shell.page.findChildren(QLabel) if label.buddy()}
    assert line(shell.page, "database.host") in buddies


def test_a_removed_node_takes_its_half_typed_texts_along() -> None:
    plan = edits.with_new_node(edits.with_new_node(Plan()))
    plan = plan.with_text("nodes.0.port", "x").with_text("nodes.1.port", "y").with_text("database.port", "z")
    kept = {item.key: item.value for item in edits.without_node(plan, 0).unreadable}
    assert kept == {"nodes.0.port": "y", "database.port": "z"}


def _icons(shell: Shell) -> list[str]:
    page = shell.page_of("nodes")
    assert isinstance(page, NodesPage)
    return [page.table.nodes.state(row) for row in range(3)]


def test_a_node_that_nobody_looked_at_has_no_tick(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    _three(shell)
    gate = Gate()
    specs = (Spec("node.connect", "answers"), Spec("node.health", "ready"))
    names = ("node1", "node2", "node3")
    services.checks = [replace(gate.check("node", specs), subject=name) for name in names[1:]]
    passed = [spec.passed("yes", subject="node1") for spec in specs]
    services.checks.append(settled("node", "node1", specs, passed))
    with qtbot.waitSignal(shell.session.runs.started):
        press(shell, "test")
    qtbot.waitUntil(lambda: _icons(shell) == ["pass", "todo", "todo"])
    with qtbot.waitSignal(shell.session.runs.finished):
        press(shell, "cancel")
    qtbot.waitUntil(lambda: len(shell.session.document.findings.of("node")) == 6)
    assert _icons(shell) == ["pass", "todo", "todo"]
    tips = [_told(shell, f"nodes.{row}.name", Qt.ItemDataRole.ToolTipRole) for row in range(3)]
    assert tips == ["node1: passed", "node2: not tested", "node3: not tested"]
    gate.open.set()


def test_an_empty_host_is_told_by_its_name_once_the_cell_was_left(shell: Shell, qtbot: QtBot) -> None:
    shell.go("nodes")
    press(shell, "add-node")
    told = "Host of node1: A cluster needs a value here."
    edit = shell.focusWidget()
    assert edit is not None
    assert edit.objectName() == "input.nodes.0.host"
    assert told not in visible_texts(shell)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: told in visible_texts(shell))
    type_into_cell(shell, "nodes.0.host", "n1.internal")
    qtbot.waitUntil(lambda: told not in visible_texts(shell))


def test_a_cell_left_right_after_the_last_key_is_not_told_what_was_wrong_before(shell: Shell) -> None:
    shell.go("nodes")
    press(shell, "add-node")
    shell.session.document.judge()
    table = shell.page.findChild(NodeTable)
    assert table is not None
    model = table.model()
    assert isinstance(model, NodeModel)
    told: list[list[str]] = []
    model.dataChanged.connect(lambda *_range: told.append(model.problems))
    type_into_cell(shell, "nodes.0.host", "n1.internal")
    assert told
    assert not any(told)


def test_the_icon_of_a_chosen_row_has_its_own_colours(shell: Shell) -> None:
    made = icons.icon("pass")
    assert made.pixmap(16, 16, QIcon.Mode.Selected).toImage() == made.pixmap(16, 16).toImage()


def test_what_a_finding_leads_to_is_opened_in_the_table(shell: Shell) -> None:
    _three(shell)
    shell.go("review")
    for key in ("nodes.1.host", "nodes.2.pm2_home"):
        shell.session.document.set("application.deployment", Deployment.BARE)
        shell.go_to(key)
        focused = shell.focusWidget()
        assert focused is not None
        assert focused.objectName() == f"input.{key}"


def test_several_nodes_come_from_a_pasted_list_and_are_taken_back_as_one(shell: Shell, qtbot: QtBot) -> None:
    shell.go("nodes")
    press(shell, "add-several")
    dialog = shell.page.findChild(NodeListDialog, "node-list")
    assert dialog is not None
    assert not dialog.add.isEnabled()
    QTest.keyClicks(dialog.text, "10.0.0.[11-13")
    assert not dialog.add.isEnabled()
    assert dialog.told.property("role") == "problem"
    QTest.keyClicks(dialog.text, "]")
    assert dialog.add.text() == "Add 3 nodes"
    QTest.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    assert [node.host for node in shell.session.document.plan.nodes] == ["10.0.0.11", "10.0.0.12", "10.0.0.13"]
    qtbot.waitUntil(lambda: _table(shell).nodes.rowCount() == 3)
    shell.session.undo()
    assert shell.session.document.plan.nodes == ()


def test_a_page_of_the_former_cluster_hears_of_no_undo(shell: Shell, qtbot: QtBot) -> None:
    shell.session.take(good_plan(), SECRETS, "")
    shell.go("nodes")
    former = shell.page
    with qtbot.waitSignal(former.destroyed):
        shell.session.take(replace(good_plan(), id="another"), SECRETS, "")
    shell.session.document.edit("database.name", "other")
    with qtbot.captureExceptions() as raised:
        shell.session.undo()
    assert raised == []
