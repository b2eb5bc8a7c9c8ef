"""Nodes are added, edited in place and removed; what was half typed follows its node."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeServices, Gate
from tests.gui.pages import line, press, type_into, visible_texts
from wizard.engine.check import settled
from wizard.gui.icons import StateIcon
from wizard.gui.shell import Shell
from wizard.gui.steps.node_card import NodeCard
from wizard.gui.steps.node_list_dialog import NodeListDialog
from wizard.gui.steps.nodes import NodesPage
from wizard.gui.widgets.line_edits import OpenEdit
from wizard.guide import edits
from wizard.plan.plan import Plan
from wizard.plan.spec import Spec


def _three(shell: Shell) -> None:
    shell.go("nodes")
    for _ in range(3):
        press(shell, "add-node")


def test_new_nodes_are_named_on(shell: Shell) -> None:
    _three(shell)
    assert [node.name for node in shell.session.document.plan.nodes] == ["node1", "node2", "node3"]


def test_removing_a_node_keeps_what_was_half_typed_for_the_others(shell: Shell) -> None:
    _three(shell)
    type_into(shell.page, "nodes.2.port", "many")
    press(shell, "remove.0")
    assert [node.name for node in shell.session.document.plan.nodes] == ["node2", "node3"]
    assert line(shell.page, "nodes.1.port").text() == "many"
    assert any("Port: “many” is not a whole number" in text for text in visible_texts(shell))


def test_the_sum_of_processes_is_shown_against_the_worker_ids(shell: Shell) -> None:
    _three(shell)
    type_into(shell.page, "nodes.1.processes", "4")
    assert "6 of 32 worker IDs in use" in visible_texts(shell)


def test_the_worker_mode_is_chosen_in_words_or_listed(shell: Shell, qtbot: QtBot) -> None:
    _three(shell)
    choice = shell.page.findChild(QComboBox, "input.nodes.0.worker_mode.choice")
    assert choice is not None
    choice.setCurrentIndex(1)
    choice.activated.emit(1)
    assert shell.session.document.plan.nodes[0].worker_mode == "!"
    choice.setCurrentIndex(3)
    choice.activated.emit(3)
    own = line(shell.page, "nodes.0.worker_mode")
    qtbot.waitUntil(own.isVisible)
    type_into(shell.page, "nodes.0.worker_mode", "workflow:process")
    assert shell.session.document.plan.nodes[0].worker_mode == "workflow:process"


def test_every_field_of_a_card_says_which_node_it_belongs_to(shell: Shell) -> None:
    _three(shell)
    assert line(shell.page, "nodes.1.host").accessibleName() == "Host of node2"


def test_long_names_get_the_room_that_short_hosts_leave(shell: Shell, qtbot: QtBot) -> None:
    shell.resize(1024, 700)
    _three(shell)
    name, host = line(shell.page, "nodes.0.name"), line(shell.page, "nodes.0.host")
    qtbot.waitUntil(lambda: name.width() > 0 and abs(name.width() - host.width()) <= 1)
    type_into(shell.page, "nodes.0.name", "production-eu-west-1")
    narrow = name.width()
    line(shell.page, "nodes.0.port").setFocus()
    qtbot.waitUntil(lambda: name.width() > narrow and name.width() > host.width())
    assert line(shell.page, "nodes.2.name").width() == name.width()


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
    return [card.state for card in page.cards]


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
    names = [card.accessibleName() for card in shell.page.findChildren(NodeCard)]
    assert names == ["node1: passed", "node2: not tested", "node3: not tested"]
    tips = [icon.toolTip() for card in shell.page.findChildren(NodeCard) for icon in card.findChildren(StateIcon)]
    assert tips == ["passed", "not tested", "not tested"]
    gate.open.set()


def test_an_empty_host_is_told_by_its_name_once_the_field_was_left(shell: Shell, qtbot: QtBot) -> None:
    shell.go("nodes")
    press(shell, "add-node")
    told, host = "Host: A cluster needs a value here.", line(shell.page, "nodes.0.host")
    qtbot.waitUntil(host.isVisible)
    host.setFocus()
    assert told not in visible_texts(shell)
    line(shell.page, "nodes.0.name").setFocus()
    assert told in visible_texts(shell)
    type_into(shell.page, "nodes.0.host", "n1.internal")
    qtbot.waitUntil(lambda: told not in visible_texts(shell))


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
    qtbot.waitUntil(lambda: line(shell.page, "nodes.2.host").isVisible())
    shell.session.undo()
    assert shell.session.document.plan.nodes == ()
