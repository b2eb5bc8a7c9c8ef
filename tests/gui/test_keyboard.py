"""Everything can be reached and done without a mouse."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCompleter, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, FakeServices, Gate, failing, passing
from tests.gui.pages import line, press
from wizard.gui.shell import Shell
from wizard.gui.steps.paste_dialog import PasteDialog
from wizard.gui.theme import Scheme, Theme, theme
from wizard.gui.tokens import DARK, LIGHT
from wizard.gui.widgets.inputs import Segments
from wizard.guide import edits, flow
from wizard.plan.sections import Dialect, QueueKind


def _focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def test_ctrl_return_does_the_primary_action(shell: Shell) -> None:
    shell.go("database")
    QTest.keyClick(line(shell.page, "database.host"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert shell.current == "redis"


def test_f5_tests_and_escape_stops(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    gate = Gate()
    services.checks = [gate.check("database", (CONNECT,), CONNECT.passed("x"))]
    shell.go("database")
    with qtbot.waitSignal(shell.session.runs.started):
        QTest.keyClick(shell, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: shell.session.runs.total == 1)
    with qtbot.waitSignal(shell.session.runs.finished):
        QTest.keyClick(shell, Qt.Key.Key_Escape)
    gate.open.set()


@pytest.mark.parametrize(("step", "name"), [("review", "primary"), ("database", "test")])
def test_a_run_lends_the_focus_to_cancel_and_gives_it_back(
    shell: Shell, services: FakeServices, qtbot: QtBot, step: str, name: str
) -> None:
    gate = Gate()
    services.checks = [gate.check("database", (CONNECT,), CONNECT.passed("x"))]
    shell.go(step)
    button = next(one for one in shell.findChildren(QPushButton, name) if one.isVisible())
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is shell.bar.cancel_button)
    gate.open.set()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is button)


def test_a_focus_that_was_moved_during_a_run_stays(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    gate = Gate()
    services.checks = [gate.check("database", (CONNECT,), CONNECT.passed("x"))]
    shell.go("database")
    line(shell.page, "database.port").setFocus()
    with qtbot.waitSignal(shell.session.runs.finished):
        QTest.keyClick(shell, Qt.Key.Key_F5)
        gate.open.set()
    qtbot.waitUntil(lambda: not shell.bar.cancel_button.isVisible())
    assert _focused() is line(shell.page, "database.port")


def test_next_puts_the_focus_into_the_first_field(shell: Shell) -> None:
    shell.go("application")
    shell.next()
    shell.next()
    assert shell.current == "redis"
    assert shell.page.isAncestorOf(_focused())


def test_back_tab_goes_the_other_way(shell: Shell) -> None:
    shell.go("database")
    line(shell.page, "database.port").setFocus()
    QTest.keyClick(_focused(), Qt.Key.Key_Backtab)
    assert _focused() is line(shell.page, "database.host")


def test_a_choice_of_a_few_is_one_stop_of_tab_at_what_is_chosen_and_enter_there_goes_on(shell: Shell) -> None:
    document = shell.session.document
    document.set("queue.kind", QueueKind.RABBITMQ)
    shell.go("storage")
    shell.back()
    segments = shell.page.findChild(Segments, "input.queue.kind")
    assert segments is not None
    segments.setFocus()
    assert _focused() is segments.button(segments.current()) is not segments.button(0)
    QTest.keyClick(_focused(), Qt.Key.Key_Tab)
    assert not segments.isAncestorOf(_focused())
    QTest.keyClick(_focused(), Qt.Key.Key_Backtab)
    assert _focused() is segments.button(segments.current())
    QTest.keyClick(_focused(), Qt.Key.Key_Return)
    assert (shell.current, document.plan.queue.kind) == ("storage", QueueKind.RABBITMQ)


def test_arrow_keys_move_within_a_choice(shell: Shell) -> None:
    shell.go("database")
    segments = shell.page.form.field("database.dialect").segments  # type: ignore[attr-defined]
    segments.button(0).setFocus()
    QTest.keyClick(segments.button(0), Qt.Key.Key_Right)
    QTest.keyClick(_focused(), Qt.Key.Key_Space)
    assert shell.session.document.plan.database.dialect is Dialect.MYSQL


def test_tab_goes_through_the_whole_page_and_back_to_where_it_began(shell: Shell, qtbot: QtBot) -> None:
    shell.session.document.replace(edits.with_new_node(edits.with_new_node(shell.session.document.plan)))
    for step in flow.IDS:
        shell.go(step)
        qtbot.waitUntil(lambda: shell.session.background.idle)
        shell.bar.primary_button.setEnabled(True)
        shell.bar.primary_button.setFocus()
        _tab_through(shell, step)


def _tab_through(shell: Shell, step: str) -> None:
    seen: list[QWidget] = []
    for _ in range(120):
        QTest.keyClick(_focused(), Qt.Key.Key_Tab)
        if _focused() in seen:
            break
        seen.append(_focused())
    assert seen[-1] is shell.bar.primary_button, step
    assert shell.side.isAncestorOf(seen[0]), step
    inside = [widget for widget in seen if shell.page.isAncestorOf(widget)]
    tops = [widget.mapTo(shell.page, widget.rect().topLeft()).y() for widget in inside]
    assert inside or step == "review"
    assert all(after >= before - 14 for before, after in pairwise(tops)), f"the order of {step} follows the eye"


def test_what_takes_the_focus_has_a_name(shell: Shell, qtbot: QtBot) -> None:
    for step in flow.IDS:
        shell.go(step)
        qtbot.waitUntil(lambda: shell.session.background.idle)
        for widget in shell.findChildren(QWidget):
            if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                assert getattr(widget, "text", str)() or widget.accessibleName(), (step, widget)


def test_no_two_buttons_in_sight_share_a_key(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    services.checks = [failing(CONNECT, "Refused.")]
    shell.go("review")
    with qtbot.waitSignal(shell.session.runs.finished):
        shell.primary()
    for step in flow.IDS:
        shell.go(step)
        qtbot.waitUntil(lambda: shell.session.background.idle)
        shown = [one for one in shell.findChildren(QPushButton) if one.isVisible() and one.isEnabled()]
        keys = [key for one in shown if (key := QKeySequence.mnemonic(one.text()).toString())]
        assert len(keys) == len(set(keys)), (step, keys)


def test_the_report_is_saved_and_a_bundle_opened_by_their_keys(shell: Shell) -> None:
    keys = {one.objectName(): one.shortcut().toString() for one in shell.findChildren(QPushButton)}
    assert keys["open-bundle"] == "Alt+U"
    assert keys["open-file"] == "Alt+F"
    shell.go("review")
    keys = {one.objectName(): one.shortcut().toString() for one in shell.findChildren(QPushButton)}
    assert keys["save-report"] == "Alt+S"


def test_no_page_scrolls_sideways_at_the_least_size(shell: Shell, services: FakeServices) -> None:
    services.checks = [passing(CONNECT, "Connected.")]
    shell.resize(1024, 700)
    for step in flow.IDS:
        shell.go(step)
        QApplication.processEvents()
        assert shell.page.minimumSizeHint().width() <= 1024 - 248, step


def test_time_zones_are_offered_as_one_types(shell: Shell, qtbot: QtBot) -> None:
    shell.go("application")
    edit = line(shell.page, "application.time_zone")
    qtbot.waitUntil(lambda: isinstance(edit.completer(), QCompleter))
    edit.completer().setCompletionPrefix("e/par")
    assert edit.completer().currentCompletion() == "Europe/Paris"
    assert edit.completer().completionCount() == 1


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_high_contrast_is_respected(shell: Shell, scheme: Scheme, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = LIGHT if scheme is Scheme.LIGHT else DARK
    monkeypatch.setattr(Theme, "high_contrast", property(lambda _self: True))
    theme().choose(scheme)
    assert (theme().palette.muted, theme().palette.control) == (usual.text, usual.text)
    assert theme().palette.line == usual.control
    assert not shell.grab().isNull()


def test_colours_change_while_the_window_is_open(shell: Shell) -> None:
    light = theme().palette
    theme().choose(Scheme.DARK)
    assert theme().palette.dark
    assert theme().palette.window != light.window
    theme().choose(Scheme.LIGHT)
    assert not theme().palette.dark


def test_what_was_pasted_is_ticked_and_taken_over_by_keys(shell: Shell, qtbot: QtBot) -> None:
    shell.go("start")
    press(shell, "paste-anything")
    dialog = shell.page.findChild(PasteDialog, "paste")
    assert dialog is not None
    dialog.text.setPlainText("DB_HOST=10.0.0.9\nDB_DATABASE=crm")
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 2)
    QTest.keyClick(dialog.text, Qt.Key.Key_Tab)
    assert _focused() is dialog.table
    dialog.table.setCurrentCell(0, 0)
    QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    QTest.keyClick(dialog.table, Qt.Key.Key_Space)
    assert dialog.take_button.text() == "Take over 1 value"
    QTest.keyClick(dialog.table, Qt.Key.Key_Tab)
    assert _focused().objectName() == "no-paste"
    QTest.keyClick(_focused(), Qt.Key.Key_Tab)
    assert _focused() is dialog.take_button
    QTest.keyClick(dialog.take_button, Qt.Key.Key_Return)
    database = shell.session.document.plan.database
    assert (database.host, database.name) == ("10.0.0.9", "nocobase")
