"""What a new user wondered about: where the focus is, what a tick and a number say, what a field shows and keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, FakeServices, KeptStore, failing, passing
from tests.gui.pages import line
from tests.unit.plans import SECRETS, good_plan
from wizard.gui.shell import Shell
from wizard.gui.steps.node_table import NodeTable
from wizard.gui.steps.review import ReviewPage
from wizard.gui.theme import theme
from wizard.gui.widgets.card import FindingCard
from wizard.gui.widgets.line_edits import FreeEdit, OpenEdit
from wizard.gui.widgets.wrapped import WrappedLabel
from wizard.guide import edits
from wizard.plan.secret import Secret
from wizard.plan.sections import Node
from wizard.plan.spec import Spec

LONG = "a-host-with-quite-a-long-name.and-a-part-of-it.that-goes-on-and-on.until-it-ends.internal.example.com" * 2


def _focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("step", "field"),
    [
        ("licence", "input.licence.key"),
        ("application", "input.application.public_url"),
        ("database", "input.database.host"),
        ("redis", "input.redis.server.host"),
        ("storage", "input.storage.path"),
        ("nodes", "add-node"),
    ],
)
def test_a_page_begins_at_the_first_empty_field_that_a_cluster_needs(shell: Shell, step: str, field: str) -> None:
    shell.go(step)
    assert _focused().objectName() == field


def test_a_page_on_which_nothing_lacks_begins_at_the_way_on(shell: Shell) -> None:
    plan = shell.session.document.plan
    for key, text in (("database.host", "db"), ("database.name", "noco"), ("redis.server.host", "cache")):
        plan = plan.with_text(key, text)
    shell.session.document.replace(plan)
    shell.go("queue")
    assert _focused() is shell.bar.primary_button
    shell.go("redis")
    assert _focused() is shell.bar.primary_button
    shell.go("database")
    assert _focused() is shell.bar.primary_button


def test_a_node_without_a_host_begins_in_that_cell(shell: Shell) -> None:
    shell.session.document.replace(replace(shell.session.document.plan, nodes=(Node("a", "h"), Node("b"))))
    shell.go("nodes")
    assert _focused().objectName() == "input.nodes.1.host"


def test_the_way_on_gets_the_focus_as_soon_as_it_is_ready(shell: Shell, qtbot: QtBot) -> None:
    shell.session.take(good_plan(), SECRETS, "")
    shell.go("export")
    assert not shell.bar.primary_button.isEnabled()
    assert shell.page.isAncestorOf(_focused())
    qtbot.waitUntil(lambda: _focused() is shell.bar.primary_button)


def test_a_focus_that_a_person_moved_is_not_taken_away_when_the_way_on_is_ready(shell: Shell, qtbot: QtBot) -> None:
    shell.session.take(good_plan(), SECRETS, "")
    shell.go("export")
    place = shell.page.findChild(FreeEdit, "destination")
    assert place is not None
    place.setFocus()
    qtbot.waitUntil(shell.bar.primary_button.isEnabled)
    assert _focused() is place


def test_a_merged_card_says_how_many_of_the_sides_number_it_is(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    kept, full = Spec("redis.persistence", "is kept"), Spec("redis.memory", "is free")
    services.checks = [
        *(passing(Spec("redis.connect", "answers"), "Connected.", subject=role) for role in ("cache", "queue")),
        *(_warning(kept, "It keeps nothing.", role) for role in ("cache", "sync", "lock", "queue", "worker-id")),
        _warning(full, "It is nearly full.", "cache"),
    ]
    shell.session.document.edit("redis.server.host", "cache.internal")
    shell.go("redis")
    shell.page.test()
    qtbot.waitUntil(lambda: shell.session.runs.report is not None)
    qtbot.waitUntil(lambda: len(_cards(shell)) >= 2)
    assert shell.side.step("redis").fact == "6 warnings"
    told = {card.finding.summary: card._time.text().partition(" · ")[0] for card in _cards(shell)}
    assert told["It keeps nothing."] == "5 warnings"
    assert "warning" not in told["It is nearly full."]
    assert (shell.side.step("queue").icon_name, shell.side.step("queue").fact) == ("warn", "see Redis")


def _warning(spec: Spec, summary: str, role: str) -> object:
    from wizard.engine.check import settled

    return settled("redis", role, (spec,), [spec.warn(summary, subject=role)])


def _cards(shell: Shell) -> list[FindingCard]:
    return [card for card in shell.page.findChildren(FindingCard) if card.isVisible()]


def test_after_a_check_in_which_values_alone_fail_the_way_on_leads_to_the_value(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    services.checks = [passing(CONNECT, "Connected.")]
    shell.go("review")
    page = shell.page
    assert isinstance(page, ReviewPage)
    page.check_all()
    qtbot.waitUntil(lambda: bool(page.board.told.tasks))
    first = page.board.told.tasks[0]
    assert first.link is not None
    qtbot.waitUntil(lambda: shell.bar.primary_button.text() == first.link.words)
    assert shell.bar.way_on_button.text() == "&Next: Export"
    shell.primary()
    assert shell.current == first.action.step


def test_failed_checks_are_checked_again_before_a_value_is_mended(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    services.checks = [failing(CONNECT, "Refused.")]
    shell.go("review")
    shell.primary()
    qtbot.waitUntil(lambda: shell.bar.primary_button.text() == "Check &failed ones again")


def test_a_long_value_shows_where_it_begins_once_it_is_left(shell: Shell) -> None:
    shell.go("database")
    edit = line(shell.page, "database.host")
    edit.setFocus()
    QTest.keyClicks(edit, LONG)
    assert edit.cursorPosition() == len(LONG)
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.cursorPosition() == 0
    other = OpenEdit()
    other.setText(LONG)
    assert other.cursorPosition() == 0


def test_a_number_keeps_its_unit_in_its_line(shell: Shell) -> None:
    for told, shown in (
        ("57 checks in 58 ms: 57 passed.", "57 checks in 58\xa0ms: 57 passed."),
        ("all 12 MiB were sent in 3.5 s", "all 12\xa0MiB were sent in 3.5\xa0s"),
        ("58 毫秒", "58\xa0毫秒"),
        ("3 sessions of 5 servers", "3 sessions of 5 servers"),
    ):
        words = WrappedLabel(told)
        assert words.text() == told
        assert QLabel.text(words) == shown
    words.resize(400, 20)
    words.setText("in 58 ms")
    assert QLabel.text(words) == "in 58\xa0ms"
    assert words.accessibleName() == "in 58 ms"
    words.setText("in time")
    assert words.accessibleName() == ""


@pytest.mark.parametrize(("scale", "side"), [(1.0, 16), (2.0, 28)])
def test_the_signs_of_the_nodes_are_as_large_as_the_text_asks(shell: Shell, scale: float, side: int) -> None:
    former, theme().scale = theme().scale, scale
    try:
        shell.session.document.replace(edits.with_new_node(shell.session.document.plan))
        shell.go("nodes")
        table = shell.page.findChild(NodeTable)
        assert table is not None
        option = QStyleOptionViewItem()
        table.initViewItemOption(option)
        table.cells.initStyleOption(option, table.nodes.index(0, 0))
        assert option.decorationSize == QSize(side, side)
    finally:
        theme().scale = former


class _NotedStore(KeptStore):
    """Remembers every value that was ever put into it."""

    def __init__(self) -> None:
        super().__init__()
        self.put: list[str] = []

    def set(self, cluster: str, name: str, secret: Secret) -> None:
        self.put.append(secret.reveal())
        super().set(cluster, name, secret)


def _type_a_password(shell: Shell, services: FakeServices, qtbot: QtBot) -> tuple[_NotedStore, QWidget]:
    store = _NotedStore()
    shell.session.autosave.take_secret_store(store, "")
    shell.go("database")
    edit = line(shell.page, "database.password")
    edit.setFocus()
    QTest.keyClicks(edit, "half")
    shell.session.autosave._write_meanwhile()  # as its timers do while somebody types
    shell.session.autosave._pause.timeout.emit()
    qtbot.waitUntil(lambda: not shell.session.autosave.writes)
    assert store.put == []
    QTest.keyClicks(edit, " and whole")
    return store, edit


def test_no_half_of_a_secret_is_saved_and_the_whole_as_soon_as_its_field_is_left(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    store, edit = _type_a_password(shell, services, qtbot)
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: store.put == ["half and whole"])


def test_a_secret_whose_field_nobody_leaves_is_saved_after_a_long_pause(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    store, _edit = _type_a_password(shell, services, qtbot)
    assert shell.session.autosave._typing.interval() >= 5000
    shell.session.autosave._typing.timeout.emit()
    qtbot.waitUntil(lambda: store.put == ["half and whole"])


def test_a_secret_that_is_being_typed_is_saved_when_the_window_closes(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    store, _edit = _type_a_password(shell, services, qtbot)
    shell.close()
    qtbot.waitUntil(lambda: store.put == ["half and whole"])
    qtbot.waitUntil(lambda: not shell.isVisible())


@pytest.mark.parametrize("size", [(1280, 800), (1024, 700)])
def test_the_map_and_the_cards_are_of_one_width(
    shell: Shell, services: FakeServices, qtbot: QtBot, size: tuple[int, int]
) -> None:
    services.checks = [failing(CONNECT, "Refused.")]
    shell.resize(*size)
    shell.go("review")
    shell.primary()
    page = shell.page
    assert isinstance(page, ReviewPage)
    qtbot.waitUntil(lambda: bool(page.tasks.widgets) and bool(page.list.widgets))
    qtbot.waitUntil(lambda: {page.map.width()} == {page.tasks.width(), page.list.width()})
    assert page.map.mapTo(page, QPoint(0, 0)).x() == page.tasks.mapTo(page, QPoint(0, 0)).x()
