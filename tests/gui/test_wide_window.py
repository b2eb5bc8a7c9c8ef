"""On a wide window the findings of a step stand beside its form, and below it again where there is no room."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, FakeServices, failing, passing
from wizard.gui import tokens
from wizard.gui.focus import in_reading_order
from wizard.gui.shell import Shell
from wizard.gui.steps.review import ReviewPage
from wizard.gui.steps.start import StartPage
from wizard.gui.theme import theme
from wizard.gui.widgets.columns import Columns


def _at(shell: Shell, part: QWidget) -> QPoint:
    return part.mapTo(shell.page, QPoint(0, 0))


def _last_of_form(shell: Shell) -> QWidget:
    found = shell.page.findChild(QWidget, "input.database.tls")
    assert found is not None
    return found


@pytest.fixture
def tested(shell: Shell, services: FakeServices, qtbot: QtBot) -> Shell:
    services.checks = [failing(CONNECT, "10.0.0.1:5432 refuses the connection.")]
    shell.resize(1280, 800)
    shell.go("database")
    shell.page.test()
    qtbot.waitUntil(lambda: shell.session.runs.report is not None)
    return shell


@pytest.mark.parametrize(("width", "beside"), [(1280, False), (1920, True), (1659, False), (1660, True)])
def test_findings_stand_beside_the_form_where_there_is_room_and_nothing_is_scrolled_sideways(
    tested: Shell,
    qtbot: QtBot,
    width: int,
    beside: bool,  # noqa: FBT001 - of a table of cases
) -> None:
    tested.resize(1920, 1000)
    tested.resize(width, 1000)
    panel, last = tested.page.panel, _last_of_form(tested)
    assert panel is not None
    qtbot.waitUntil(lambda: (_at(tested, panel).x() > _at(tested, last).x()) is beside)
    assert (_at(tested, panel).y() > _at(tested, last).y()) is not beside
    assert tested.page.width() <= width - tested.side.width()


def test_tab_goes_through_the_form_first_wherever_the_findings_stand(tested: Shell, qtbot: QtBot) -> None:
    panel = tested.page.panel
    assert panel is not None
    below = [each.objectName() for each in in_reading_order(tested.page)]
    tested.resize(1920, 1000)
    qtbot.waitUntil(lambda: _at(tested, panel).x() > _at(tested, _last_of_form(tested)).x())
    assert [each.objectName() for each in in_reading_order(tested.page)] == below
    inside = [panel.isAncestorOf(each) for each in in_reading_order(tested.page)]
    assert inside == sorted(inside)
    assert any(inside)


@pytest.mark.parametrize("width", [1920, 1280])
def test_a_card_keeps_the_focus_when_the_findings_go_to_another_place(tested: Shell, qtbot: QtBot, width: int) -> None:
    panel = tested.page.panel
    assert panel is not None
    tested.resize(3200 - width, 1000)
    qtbot.waitUntil(lambda: (_at(tested, panel).x() > _at(tested, _last_of_form(tested)).x()) is (width == 1280))
    inside = next(each for each in in_reading_order(tested.page) if panel.isAncestorOf(each))
    inside.setFocus()
    tested.resize(width, 1000)
    qtbot.waitUntil(lambda: (_at(tested, panel).x() > _at(tested, _last_of_form(tested)).x()) is (width == 1920))
    assert inside.hasFocus()
    assert panel.isVisible()


def test_where_the_findings_stand_does_not_hang_on_a_scroll_bar_that_comes_with_them(
    tested: Shell, qtbot: QtBot
) -> None:
    panel, area = tested.page.panel, tested.page.parentWidget().parentWidget()
    assert panel is not None
    assert isinstance(area, QScrollArea)
    tested.resize(1650, 1000)
    places = set()
    for shown in (Qt.ScrollBarPolicy.ScrollBarAlwaysOn, Qt.ScrollBarPolicy.ScrollBarAlwaysOff):
        area.setVerticalScrollBarPolicy(shown)
        QApplication.processEvents()
        places.add(_at(tested, panel).x() > _at(tested, _last_of_form(tested)).x())
    assert places == {False}


@pytest.mark.parametrize(("width", "beside"), [(1280, False), (1480, False), (1540, True), (1920, True)])
def test_what_to_do_and_the_findings_stand_beside_one_another_where_there_is_room(
    tested: Shell,
    qtbot: QtBot,
    width: int,
    beside: bool,  # noqa: FBT001 - of a table of cases
) -> None:
    tested.go("review")
    page, most = tested.page, theme().px(tokens.PAGE)
    assert isinstance(page, ReviewPage)
    qtbot.waitUntil(lambda: bool(page.tasks.widgets) and bool(page.list.widgets))
    for each in (3200 - width, width):
        tested.resize(each, 1000)
    qtbot.waitUntil(lambda: (_at(tested, page.list).x() > _at(tested, page.tasks).x()) is beside)
    assert (_at(tested, page.list).y() > _at(tested, page.tasks).y()) is not beside
    assert max(page.tasks.width(), page.list.width()) <= most
    if beside:
        assert _at(tested, page.list).x() - _at(tested, page.tasks).x() >= page.tasks.width() + theme().px(tokens.XL)
        assert page.tasks.width() == page.list.width()
    order = [page.list.isAncestorOf(each) for each in in_reading_order(page)]
    assert order == sorted(order)


def test_findings_that_stand_alone_keep_the_width_that_is_easy_to_read(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    services.checks = [passing(CONNECT, "It answers.")]
    shell.resize(1920, 1000)
    shell.go("review")
    page = shell.page
    assert isinstance(page, ReviewPage)
    shell.session.test((), "review")
    qtbot.waitUntil(lambda: bool(page.list.widgets) and not shell.session.runs.running)
    page.tasks.parentWidget().hide()
    qtbot.waitUntil(lambda: page.list.width() == theme().px(tokens.PAGE))
    assert _at(shell, page.list).x() == _at(shell, page.map).x()


@pytest.mark.parametrize(("width", "beside"), [(1280, False), (1920, True)])
def test_ways_to_read_a_cluster_stand_beside_the_others_where_there_is_room(
    shell: Shell,
    qtbot: QtBot,
    width: int,
    beside: bool,  # noqa: FBT001 - of a table of cases
) -> None:
    shell.go("start")
    shell.resize(width, 1000)
    page = shell.page
    assert isinstance(page, StartPage)
    qtbot.waitUntil(lambda: (_at(shell, page.sources).x() > _at(shell, page.name).x()) is beside)
    assert page.sources.width() <= theme().px(tokens.PAGE)


@pytest.mark.usefixtures("_look")
@pytest.mark.parametrize(("more", "beside"), [(-1, False), (0, True)])
def test_whether_columns_stand_beside_one_another_does_not_hang_on_a_scroll_bar(
    qtbot: QtBot,
    more: int,
    beside: bool,  # noqa: FBT001 - of a table of cases
) -> None:
    px, area, columns = theme().px, QScrollArea(widgetResizable=True), Columns()
    qtbot.addWidget(area)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    columns.first.setFixedHeight(500)
    area.setWidget(columns)
    area.show()
    for height in (300, 2000, 300):
        area.resize(px(tokens.CARDS_BESIDE) + px(tokens.SCROLL_BAR) + more, height)
        qtbot.waitUntil(lambda height=height: area.verticalScrollBar().isVisible() is (height == 300))
        assert columns.beside is beside
