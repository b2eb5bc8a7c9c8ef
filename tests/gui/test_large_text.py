"""With very large text in the smallest window everything goes on in further lines: nothing scrolls sideways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QBoxLayout, QLabel, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, REDIS, FakeServices, failing, passing
from tests.gui.pages import line, type_into
from tests.gui.room import cut
from wizard.gui import tokens
from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.gui.steps.node_table import NodeTable
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import label
from wizard.gui.widgets.flowing import Flowing, Labelled
from wizard.gui.widgets.inputs import CheckBox
from wizard.gui.widgets.wrapped import WrappedLabel
from wizard.guide import flow
from wizard.plan.remedy import commands
from wizard.plan.sections import Deployment, Layout, Node, QueueKind

LONG = "/srv/shared/a-folder-with-quite-a-long-name/that-goes-on-and-on/without-a-blank/until-it-ends"


@pytest.fixture(params=[2.0])
def large(
    request: pytest.FixtureRequest, _look: None, session: Session, services: FakeServices, qtbot: QtBot
) -> Iterator[Shell]:
    """Return the smallest window with text twice as large, or as large as a test says."""
    former = theme().scale
    theme().scale = request.param
    theme().choose(theme().scheme)
    services.checks = [
        passing(CONNECT, "Connected."),
        failing(REDIS, f"Redis at {LONG} is gone.", subject="cache", detail=LONG, remedy=commands(f"redis-cli {LONG}")),
    ]
    window = Shell(session)
    qtbot.addWidget(window, before_close_func=lambda shell: shell.session.autosave.flush())
    with qtbot.waitSignal(session.autosave.kept):
        session.opening.begin(None)
    session.start_new("a cluster with a long name")
    nodes = (Node("node1", "node1.internal.example.com"), Node("node2", worker_mode="workflow:process"))
    session.document.replace(replace(session.document.plan, nodes=nodes))
    window.resize(*tokens.MINIMUM)
    window.show()
    yield window
    theme().scale = former
    theme().choose(theme().scheme)


def _sideways(shell: Shell) -> int:
    """Return how many pixels the page in sight can be scrolled sideways."""
    QApplication.processEvents()
    place = next(area for area in shell.findChildren(QScrollArea) if area.widget() is shell.page)
    return place.horizontalScrollBar().maximum()


@pytest.mark.parametrize("large", [1.5, 2.0], indirect=True)
def test_no_page_scrolls_sideways_with_very_large_text(large: Shell, qtbot: QtBot) -> None:
    for step in flow.IDS:
        large.go(step)
        for fold in large.page.findChildren(QPushButton, "more-settings"):
            fold.click()
        qtbot.waitUntil(lambda: large.session.background.idle)
        qtbot.waitUntil(lambda: _sideways(large) == 0)
        assert large.size().toTuple() == tokens.MINIMUM, step


@pytest.mark.parametrize("large", [1.6], indirect=True)
def test_every_column_of_the_nodes_is_in_sight_and_a_short_name_is_whole(large: Shell, qtbot: QtBot) -> None:
    large.resize(1024, 700)
    large.go("nodes")
    table = large.page.findChild(NodeTable)
    assert table is not None
    qtbot.waitUntil(lambda: large.session.background.idle)
    assert table.horizontalHeader().length() <= table.viewport().width()
    assert table.columnWidth(0) >= table.sizeHintForColumn(0)
    assert table.columnWidth(1) < table.sizeHintForColumn(1)
    heads = [table.nodes.headerData(at, Qt.Orientation.Horizontal) for at in range(5)]
    assert heads == ["Name", "Host", "Port", "Processes", "Worker\nmode"]
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert table.nodes.headerData(4, Qt.Orientation.Horizontal, spoken) == "Worker mode"
    assert cut(table) == []
    large.resize(1900, 1000)
    qtbot.waitUntil(lambda: table.nodes.headerData(4, Qt.Orientation.Horizontal) == "Worker mode")


def test_what_no_column_of_the_nodes_has_room_for_stands_in_the_form_of_a_node(large: Shell, qtbot: QtBot) -> None:
    large.go("nodes")
    page, table = large.page, large.page.findChild(NodeTable)
    assert table is not None
    qtbot.waitUntil(lambda: large.session.background.idle and table.spared)
    assert table.horizontalHeader().length() <= table.viewport().width()
    assert _sideways(large) == 0
    table.selectRow(0)
    assert page.show_field("nodes.0.port") is line(page, "nodes.0.port")
    type_into(page, "nodes.0.port", "13001")
    assert large.session.document.plan.nodes[0].port == 13001
    large.resize(1900, 1000)
    qtbot.waitUntil(lambda: not table.spared)
    assert page.show_field("nodes.0.port") is table.indexWidget(table.nodes.index_of("nodes.0.port"))
    large.resize(*tokens.MINIMUM)
    qtbot.waitUntil(lambda: table.spared)
    assert table.currentIndex().column() == 0


@pytest.mark.parametrize("large", [2.0], indirect=True)
@pytest.mark.parametrize("name", ["port", "processes"])
def test_the_focus_goes_with_a_setting_of_a_node_from_the_form_into_the_table_and_back(
    large: Shell, qtbot: QtBot, name: str
) -> None:
    large.activateWindow()
    qtbot.waitUntil(large.isActiveWindow)
    large.go("nodes")
    key, table = f"nodes.0.{name}", large.page.findChild(NodeTable)
    assert table is not None
    table.selectRow(0)
    qtbot.waitUntil(lambda: table.spared)
    large.go_to(key)

    def stands(*, in_table: bool) -> bool:
        focused = QApplication.focusWidget()
        named = focused is not None and focused.objectName() == f"input.{key}"
        return named and table.spared is not in_table and table.isAncestorOf(focused) is in_table

    qtbot.waitUntil(lambda: stands(in_table=False))
    large.resize(1900, 1000)
    qtbot.waitUntil(lambda: stands(in_table=True))
    large.resize(*tokens.MINIMUM)
    qtbot.waitUntil(lambda: stands(in_table=False))


@pytest.mark.parametrize(
    ("step", "key", "value"),
    [
        ("redis", "redis.layout", Layout.PER_ROLE),
        ("queue", "queue.kind", QueueKind.RABBITMQ),
        ("balancer", "balancer.tls", True),
        ("nodes", "application.deployment", Deployment.BARE),
    ],
)
def test_nor_do_the_longer_forms(large: Shell, step: str, key: str, value: object, qtbot: QtBot) -> None:
    large.session.document.set(key, value)
    large.go(step)
    qtbot.waitUntil(lambda: _sideways(large) == 0)


def test_findings_with_long_words_are_shown_whole(large: Shell, qtbot: QtBot) -> None:
    large.go("review")
    with qtbot.waitSignal(large.session.runs.finished):
        large.primary()
    qtbot.waitUntil(lambda: _long_ones(large.page) != [])
    qtbot.waitUntil(lambda: _sideways(large) == 0)
    for shown in _long_ones(large.page):
        assert shown.accessibleName() == shown.text()
        room = QRect(0, 0, shown.width(), 10_000)
        needed = shown.fontMetrics().boundingRect(room, int(Qt.TextFlag.TextWordWrap), QLabel.text(shown))
        assert needed.width() <= shown.width()


def _long_ones(page: QWidget) -> list[QLabel]:
    return [shown for shown in page.findChildren(QLabel) if shown.isVisible() and LONG in shown.text()]


@pytest.mark.parametrize("large", [1.5, 2.0], indirect=True)
def test_a_label_stands_above_its_field_where_there_is_little_room(large: Shell) -> None:
    large.go("database")
    QApplication.processEvents()
    found = next(
        one for one in large.page.findChildren(Labelled) if one.isAncestorOf(line(large.page, "database.host"))
    )
    layout = found.layout()
    assert isinstance(layout, QBoxLayout)
    stacked = found.width() < theme().px(440)
    assert (layout.direction() is QBoxLayout.Direction.TopToBottom) is stacked
    assert stacked or theme().scale < 2


def test_the_buttons_of_the_bar_go_on_in_a_second_line(large: Shell, qtbot: QtBot) -> None:
    large.go("review")
    with qtbot.waitSignal(large.session.runs.finished):
        large.primary()

    def shown_in_the_bar() -> list[QPushButton]:
        found = [one for one in large.bar.findChildren(QPushButton) if one.isVisible()]
        return [one for one in found if large.bar.rect().contains(one.geometry())]

    qtbot.waitUntil(lambda: large.bar.way_on_button.isVisible() and len(shown_in_the_bar()) == 5)
    shown = shown_in_the_bar()
    for one in shown:
        assert one.width() >= one.sizeHint().width()
        assert not [other for other in shown if other is not one and other.geometry().intersects(one.geometry())]


def test_the_current_step_stays_in_sight_at_the_side_when_the_bar_grows(large: Shell, qtbot: QtBot) -> None:
    large.go("review")
    with qtbot.waitSignal(large.session.runs.finished):
        large.primary()
    step = large.side.step("review")

    def in_sight() -> bool:
        QApplication.processEvents()
        return step.visibleRegion().boundingRect().height() == step.height()

    qtbot.waitUntil(in_sight)


@pytest.mark.usefixtures("_look")
def test_a_row_breaks_where_it_must_and_keeps_to_the_right_after_a_stretch(qtbot: QtBot) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    parts = [label("one"), label("two"), label("three")]
    for part in parts:
        part.setFixedSize(100, 20)
    layout = Flowing(*parts[:2], gap=10)
    layout.add_stretch()
    layout.addWidget(parts[2])
    box.setLayout(layout)
    layout.setGeometry(QRect(0, 0, 400, 100))
    assert [part.x() for part in parts] == [0, 100 + layout.spacing(), 300]
    layout.setGeometry(QRect(0, 0, 250, 100))
    assert [part.x() for part in parts] == [0, 100 + layout.spacing(), 150]
    assert parts[2].y() > parts[0].y()
    parts[1].hide()
    assert layout.heightForWidth(250) == 20


@pytest.mark.usefixtures("_look")
@pytest.mark.parametrize(
    ("words", "longest"),
    [
        ("按 README 的说明单独启动首个节点等待它提供服务然后启动其他节点", "README"),
        ("Put the balancer's files in place.", "balancer's"),
    ],
)
def test_words_beside_a_box_break_where_their_language_does(words: str, longest: str, qtbot: QtBot) -> None:
    box, short = CheckBox(words), CheckBox(longest)
    for each in (box, short):
        qtbot.addWidget(each)
    assert 0 <= box.minimumSizeHint().width() - short.minimumSizeHint().width() <= 2
    assert box.heightForWidth(box.minimumSizeHint().width()) > 3 * box.fontMetrics().height()


@pytest.mark.usefixtures("_look")
def test_chinese_is_broken_by_its_own_rules_and_only_a_long_path_in_it_by_ours(qtbot: QtBot) -> None:
    words = WrappedLabel("两个节点可能同时做同一件事、它们不会互相通知变更、Worker ID 随机抽取。")
    path = WrappedLabel(f"共享文件夹在本机的挂载位置、{LONG}。")
    for each in (words, path):
        qtbot.addWidget(each)
        each.setFixedWidth(30 * each.fontMetrics().averageCharWidth())
        each.show()
    QApplication.processEvents()
    assert QLabel.text(words) == words.text()
    assert QLabel.text(path) != path.text()
    assert QLabel.text(path).startswith("共享文件夹在本机的挂载位置")
