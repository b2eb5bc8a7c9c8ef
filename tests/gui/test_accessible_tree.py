"""What a screen reader is told of every page: names, roles, states, errors, and the order of the focus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, REDIS, FakeServices, failing, passing
from tests.gui.pages import line, note, type_into
from wizard.gui.focus import in_reading_order
from wizard.gui.shell import Shell
from wizard.gui.steps.node_table import NodeTable
from wizard.gui.widgets.inputs import Segments
from wizard.guide import edits, flow
from wizard.plan.secret import Secret
from wizard.plan.sections import Dialect

Role, Text = QAccessible.Role, QAccessible.Text
TAKERS = {
    Role.Button,
    Role.Cell,
    Role.CheckBox,
    Role.ComboBox,
    Role.EditableText,
    Role.List,
    Role.ListItem,
    Role.RadioButton,
    Role.Table,
}
"""The roles of what may take the focus: a client, a border or a text says nothing of what can be done with it."""


def interface(widget: QWidget) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None, widget
    return found


def shown(of: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """Go through what is told of a thing that can be seen, from the top."""
    if of.state().invisible:
        return
    yield of
    for number in range(of.childCount()):
        child = of.child(number)
        if child is not None:
            yield from shown(child)


def name(of: QAccessibleInterface) -> str:
    """Return what it is called: of a list to choose from that is the label that belongs to it."""
    labels = [label.text(Text.Name) for label, _kind in of.relations(QAccessible.RelationFlag.Label)]
    return labels[0] if labels and of.role() is Role.ComboBox else of.text(Text.Name)


def described(of: QAccessibleInterface) -> str:
    return f"{of.role().name} {of.text(Text.Name)!r} {of.object()}"


@pytest.fixture
def tested(shell: Shell, services: FakeServices, qtbot: QtBot) -> Shell:
    """Return a window with two nodes, in which something failed."""
    services.checks = [failing(CONNECT, "Refused."), passing(REDIS, "It answers.")]
    shell.session.document.replace(edits.with_new_node(edits.with_new_node(shell.session.document.plan)))
    shell.go("review")
    with qtbot.waitSignal(shell.session.runs.finished):
        shell.primary()
    return shell


def wrongs(shell: Shell) -> list[str]:
    """Return what is wrong with what is told of the window as it stands."""
    told = list(shown(interface(shell)))
    takers = [one for one in told if one.state().focusable]
    wrong = [f"has no name: {described(one)}" for one in takers if not name(one).strip()]
    wrong += [f"has no fitting role: {described(one)}" for one in takers if one.role() not in TAKERS]
    named = [one for one in takers if one.role() is Role.Button and not one.state().disabled]
    counts = Counter(name(one) for one in named)
    wrong += [
        f"is called as another: {described(one)}"
        for one in named
        if counts[name(one)] > 1 and not one.text(Text.Description)
    ]
    for widget in (widget for part in shell.parts for widget in in_reading_order(part)):
        if not interface(widget).state().focusable:
            wrong.append(f"is reached by Tab and not told as such: {widget}")
    for button in shell.findChildren(QAbstractButton):
        excludes = button.group() is not None and button.group().exclusive()
        if button.isCheckable() and (interface(button).role() is Role.RadioButton) is not excludes:
            wrong.append(f"does not say whether it excludes others: {described(interface(button))}")
    return wrong


def test_every_page_tells_names_roles_and_what_takes_the_focus(tested: Shell, qtbot: QtBot) -> None:
    found = {}
    for step in flow.IDS:
        tested.go(step)
        qtbot.waitUntil(lambda: tested.session.background.idle)
        for fold in tested.page.findChildren(QAbstractButton, "more-settings"):
            if fold.isVisible():
                fold.click()
        qtbot.waitUntil(lambda: tested.session.background.idle)
        found[step] = wrongs(tested)
    assert found == {step: [] for step in flow.IDS}


def test_the_step_in_sight_and_one_that_is_closed_say_so(tested: Shell) -> None:
    tested.go("database")
    states = {step: interface(tested.side.step(step)).state() for step in flow.IDS}
    assert [step for step, state in states.items() if state.checked] == ["database"]
    tested.side.refresh("start", open_steps=False)
    assert interface(tested.side.step("database")).state().disabled


def test_the_error_of_a_field_is_its_description_and_no_longer_when_it_is_mended(shell: Shell, qtbot: QtBot) -> None:
    shell.go("database")
    edit = line(shell.page, "database.port")
    hint = interface(edit).text(Text.Description)
    edit.setFocus()
    QTest.keyClicks(edit, "fifty")
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: note(shell.page, "database.port").property("role") == "problem")
    assert interface(edit).text(Text.Description) == "“fifty” is not a whole number." != hint
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "5433")
    qtbot.waitUntil(lambda: interface(edit).text(Text.Description) == hint)


def test_of_choices_that_exclude_one_another_the_one_that_is_made_says_so(shell: Shell) -> None:
    shell.go("database")
    kinds = shell.page.findChild(Segments, "input.database.dialect")
    assert kinds is not None
    told = [interface(kinds.button(at)) for at in range(3)]
    assert {one.role() for one in told} == {Role.RadioButton}
    assert [bool(one.state().checked) for one in told] == [True, False, False]
    kinds.setFocus()
    QTest.keyClick(kinds.button(0), Qt.Key.Key_Right)
    assert [bool(one.state().checked) for one in told] == [False, True, False]


def write(edit: QWidget, text: str) -> None:
    """Write as a screen reader does, without a key and without the focus."""
    interface(edit).setText(Text.Value, text)


def test_what_a_screen_reader_writes_reaches_the_plan_as_if_typed_and_left(shell: Shell) -> None:
    shell.go("database")
    document = shell.session.document
    shell.bar.primary_button.setFocus()
    write(line(shell.page, "database.port"), "fifty")
    assert note(shell.page, "database.port").text() == "“fifty” is not a whole number."
    write(line(shell.page, "database.port"), "5433")
    assert document.plan.database.port == 5433
    assert note(shell.page, "database.port").property("role") == "hint"
    write(line(shell.page, "database.host"), "postgres://admin:hidden@db.internal:5434/shop")
    read = document.plan.database
    assert (read.host, read.port, read.user, read.name) == ("db.internal", 5434, "admin", "shop")
    assert document.secrets["database.password"] == Secret("hidden")
    write(line(shell.page, "database.password"), "other")
    assert document.secrets["database.password"] == Secret("other")
    shell.session.undo()
    assert document.secrets["database.password"] == Secret("hidden")


def test_what_a_screen_reader_writes_into_a_piece_of_a_text_that_has_the_focus_counts(shell: Shell) -> None:
    shell.go("database")
    edit = type_into(shell, "database.host", "db.internal")
    pieces = interface(edit).editableTextInterface()
    assert pieces is not None
    pieces.insertText(2, "1")
    assert shell.session.document.plan.database.host == "db1.internal"
    pieces.deleteText(0, 4)
    assert shell.session.document.plan.database.host == "internal"


def test_what_a_screen_reader_writes_into_a_cell_or_a_name_counts(shell: Shell) -> None:
    document = shell.session.document
    document.replace(edits.with_new_node(document.plan))
    shell.go("nodes")
    table = shell.page.findChild(NodeTable, "nodes")
    assert table is not None
    cells = [one for one in shown(interface(table)) if one.role() is Role.Cell]
    cells[table.nodes.index_of("nodes.0.host").column()].setText(Text.Value, "node-1.internal")
    assert document.plan.nodes[0].host == "node-1.internal"
    opened = table.edit_at("nodes.0.host")
    assert opened is not None
    write(opened, "node-2.internal")
    assert document.plan.nodes[0].host == "node-2.internal"


def _toggle(button: QAbstractButton) -> None:
    acts = interface(button).actionInterface()
    assert acts is not None
    assert acts.actionNames()[0] == "Toggle"
    acts.doAction("Toggle")


def test_what_a_screen_reader_toggles_is_chosen_as_by_a_click(shell: Shell, qtbot: QtBot) -> None:
    document = shell.session.document
    _toggle(shell.side.step("application"))
    assert shell.current == "application"
    box = shell.page.findChild(QCheckBox, "input.application.try_default_admin")
    assert box is not None
    for wanted in (True, False):
        _toggle(box)
        assert document.plan.application.try_default_admin is wanted
    _toggle(shell.side.step("database"))
    kinds = shell.page.findChild(Segments, "input.database.dialect")
    assert kinds is not None
    _toggle(kinds.button(1))
    assert document.plan.database.dialect is Dialect.MYSQL
    assert [kinds.button(at).isChecked() for at in range(3)] == [False, True, False]
