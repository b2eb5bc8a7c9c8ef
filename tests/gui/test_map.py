"""The map shows every word that matters, names that differ at their ends as different, and leads to steps."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeServices, failing, passing
from tests.gui.pages import press
from wizard.checks.registry import component
from wizard.gui.shell import Shell
from wizard.gui.theme import theme
from wizard.gui.widgets import map as map_module
from wizard.gui.widgets import map_painting
from wizard.gui.widgets.map import ClusterMap
from wizard.gui.widgets.map_painting import FONTS, area
from wizard.guide import edits
from wizard.guide.diagram import Diagram, picture
from wizard.guide.drawing.places import WIDTH, Places
from wizard.guide.drawing.places import places as places_with
from wizard.guide.drawing.svg import svg
from wizard.guide.drawing.ways import Placed
from wizard.guide.drawing.words import Paper
from wizard.guide.findings_store import FindingsStore
from wizard.plan.finding import ErrorKind
from wizard.plan.plan import Plan
from wizard.plan.sections import Node, QueueKind
from wizard.plan.spec import Spec

HEALTH = Spec("node.health", "The node answers.")

pytestmark = pytest.mark.usefixtures("_look")

LONG = tuple(Node(f"production-eu-west-frankfurt-application-{number}", "h", 13000 + number) for number in range(3))


def places(drawn: Diagram, width: float) -> Places:
    return places_with(drawn, width, FONTS)


def _placed(plan: Plan, width: float) -> dict[str, Placed]:
    return {one.box.step: one for one in places(picture(plan, FindingsStore()), width).all}


@pytest.mark.parametrize("width", [696, 860, 330])
def test_all_roles_of_redis_can_be_read_at_every_width(width: float) -> None:
    shown = _placed(Plan(), width)["redis"]
    assert " ".join(shown.fact) == "cache · sync · lock · queue · worker-id"
    assert all(FONTS.width(line, title=False) <= shown.place.width for line in shown.fact)


@pytest.mark.parametrize("width", [696, 860, 330])
def test_long_names_of_nodes_stay_different(width: float) -> None:
    drawn = places(picture(replace(Plan(), nodes=LONG), FindingsStore()), width)
    titles = [one.title for one in drawn.nodes]
    assert len(set(titles)) == len(LONG)
    assert all(title[-1].endswith(str(number)) for number, title in enumerate(titles))


@pytest.mark.parametrize("width", [696, 860, 500, 330])
@pytest.mark.parametrize("kind", QueueKind)
def test_no_box_stands_on_another_nor_outside(width: float, kind: QueueKind) -> None:
    nodes = tuple(Node(f"node{number}", "h", 13000 + number) for number in range(9))
    plan = replace(Plan(), nodes=nodes).with_value("queue.kind", kind)
    drawn = places(picture(plan, FindingsStore()), width)
    for one in drawn.all:
        assert one.place.x >= 0
        assert one.place.right <= width
        assert 0 <= one.place.y < one.place.bottom <= drawn.height
        assert not [other for other in drawn.all if other is not one and area(other.place).intersects(area(one.place))]


def _middle(one: Placed) -> QPoint:
    return QPoint(*map(round, one.place.centre))


def test_a_click_on_a_box_leads_to_its_step(shell: Shell, qtbot: QtBot) -> None:
    shell.go("nodes")
    press(shell, "add-node")
    shell.go("review")
    shown = shell.page.findChild(ClusterMap, "map")
    assert shown is not None
    qtbot.waitUntil(lambda: shown.width() > 400 and shown.height() > 200)
    assert shown.places is not None
    box = next(one for one in shown.places.services if one.box.step == "redis")
    QTest.mouseMove(shown, _middle(box))
    QTest.mouseClick(shown, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    assert shell.current == "review"
    QTest.mouseClick(shown, Qt.MouseButton.LeftButton, pos=_middle(box))
    assert shell.current == "redis"


def _focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def _press(key: Qt.Key) -> str:
    QTest.keyClick(_focused(), key)
    return _title(_focused().accessibleName())


def _title(name: str) -> str:
    return re.split("[:,]", name)[0]


def test_the_keys_go_from_box_to_box_and_enter_opens_one(shell: Shell, qtbot: QtBot) -> None:
    shell.go("review")
    shown = shell.page.findChild(ClusterMap, "map")
    assert shown is not None
    qtbot.waitUntil(lambda: shown.width() > 400)
    shown.setFocus()
    assert _focused().accessibleName() == "nginx: not tested yet"
    assert [_press(Qt.Key.Key_Right), _press(Qt.Key.Key_Down)] == ["No node yet", "PostgreSQL"]
    assert [_press(Qt.Key.Key_End), _press(Qt.Key.Key_Right)] == ["Licence service"] * 2
    assert [_press(Qt.Key.Key_Home), _press(Qt.Key.Key_Left)] == ["nginx"] * 2
    assert [_press(Qt.Key.Key_Right) for _ in range(3)][-1] == "Redis"
    by_tab = [item.accessibleName() for item in shown.items if item.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert by_tab == ["Redis, failed, 1 value missing"]
    QTest.keyClick(_focused(), Qt.Key.Key_Return)
    assert shell.current == "redis"


def test_enter_on_a_box_opens_what_was_found_of_it(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    shell.session.document.replace(replace(shell.session.document.plan, nodes=_nodes(2).nodes))
    known = [component("node").spec(name) for name in ("node.connect", "node.websocket")]  # others have no order
    services.checks = [
        failing(HEALTH, "It is gone.", subject="node1"),
        *(passing(spec, f"{name} is well.", subject="node2") for spec, name in zip(known, "ab", strict=True) if spec),
    ]
    shell.go("review")
    with qtbot.waitSignal(shell.session.runs.finished):
        shell.primary()
    shown = shell.page.findChild(ClusterMap, "map")
    assert shown is not None
    for node, summary in (("node1", "failed: It is gone."), ("node2", "passed: a is well.")):
        shell.go("review")
        qtbot.waitUntil(lambda node=node: any(item.box.title == node for item in shown.items))
        next(item for item in shown.items if item.box.title == node).setFocus()
        QTest.keyClick(_focused(), Qt.Key.Key_Return)
        qtbot.waitUntil(lambda summary=summary: _focused().accessibleName() == summary)
        assert shell.current == "nodes"
        assert not _focused().visibleRegion().isEmpty()


def test_a_list_that_tells_late_of_what_it_was_does_not_end_the_search(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    shell.session.document.replace(replace(shell.session.document.plan, nodes=_nodes(2).nodes))
    services.checks = [failing(HEALTH, "It is gone.", subject="node1")]
    shell.go("review")
    with qtbot.waitSignal(shell.session.runs.finished):
        shell.primary()
    shell.go_to_findings("nodes", "node1")
    assert shell.page.panel is not None
    shell.page.panel.list.settled.emit()
    qtbot.waitUntil(lambda: _focused().accessibleName() == "failed: It is gone.")


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("PostgreSQL", "failed: “Host” (database.host) is missing."),
        ("node2", "failed: “Host” (nodes.1.host) is missing."),
    ],
)
def test_enter_on_a_box_that_lacks_a_value_opens_what_the_rules_say(
    shell: Shell, qtbot: QtBot, title: str, told: str
) -> None:
    shell.session.document.replace(edits.with_new_node(edits.with_new_node(shell.session.document.plan)))
    shell.go("review")
    shown = shell.page.findChild(ClusterMap, "map")
    assert shown is not None
    qtbot.waitUntil(lambda: shown.width() > 400)
    next(item for item in shown.items if item.box.title == title).setFocus()
    QTest.keyClick(_focused(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: _focused().accessibleName() == told)


def _read(of: QWidget) -> list[tuple[str, str, bool]]:
    """Return what the accessible children are called and say, and whether they are buttons that take the focus."""
    whole = QAccessible.queryAccessibleInterface(of)
    assert (whole.role(), whole.text(QAccessible.Text.Name)) == (QAccessible.Role.Grouping, "The cluster")
    parts = [whole.child(number) for number in range(whole.childCount())]
    return [
        (
            part.text(QAccessible.Text.Name),
            part.text(QAccessible.Text.Description),
            part.role() is QAccessible.Role.Button and bool(part.state().focusable),
        )
        for part in parts
        if part is not None and not part.state().invisible
    ]


def test_a_screen_reader_reads_each_box_with_its_state_and_seconds(qtbot: QtBot) -> None:
    record = FindingsStore()
    record.add([Spec("node.connect", "").passed("It is there.", subject="node1")])
    shown = ClusterMap()
    qtbot.addWidget(shown)
    shown.resize(800, 400)
    shown.show()
    shown.show_picture(picture(_nodes(2), record, testing=("node node2", "redis"), seconds=4))
    assert _read(shown)[1:5] == [
        ("node1, passed, 10.0.0.1:13000", "", True),
        ("node2: being tested", "being tested, 4 s", True),
        ("PostgreSQL: not tested yet", "", True),
        ("Redis: being tested", "being tested, 4 s", True),
    ]
    first = shown.items[1]
    shown.show_picture(picture(_nodes(1), record))
    assert [_title(name) for name, _told, _button in _read(shown)][:2] == ["nginx", "node1"]
    assert shown.items[1] is first


def test_what_has_the_focus_does_not_count_seconds_aloud(qtbot: QtBot) -> None:
    shown = ClusterMap()
    qtbot.addWidget(shown)
    shown.resize(800, 400)
    shown.show_picture(picture(_nodes(1), FindingsStore(), testing=("node", "redis"), seconds=4))
    shown.show()
    shown.activateWindow()
    shown.items[1].setFocus()
    qtbot.waitUntil(shown.items[1].hasFocus)
    shown.show_picture(picture(_nodes(1), FindingsStore(), testing=("node", "redis"), seconds=5))
    assert [told for _name, told, _button in _read(shown) if told] == ["being tested, 4 s", "being tested, 5 s"]


def test_a_tile_keeps_the_focus_where_the_worst_come_first(qtbot: QtBot) -> None:
    shown = ClusterMap()
    qtbot.addWidget(shown)
    shown.resize(900, 500)
    shown.show_picture(picture(_nodes(9), FindingsStore()))
    shown.show()
    shown.activateWindow()
    tile = next(item for item in shown.items if item.box.title == "node7")
    tile.setFocus()
    qtbot.waitUntil(tile.hasFocus)
    record = FindingsStore()
    record.add([HEALTH.fail("It is gone.", ErrorKind.REFUSED, subject="node7")])
    record.finish()
    shown.show_picture(picture(_nodes(9), record))
    assert (shown.items.index(tile), tile.hasFocus(), tile.box.state) == (1, True, "fail")
    assert _read(shown)[1][0] == "node7, failed, connection refused"


def test_thirty_two_nodes_are_tiles_the_worst_first_and_none_is_left_out() -> None:
    names = [f"node{number}" for number in range(1, 33)]
    plan = replace(Plan(), nodes=tuple(Node(name, f"10.0.0.{at}") for at, name in enumerate(names)))
    record = FindingsStore()
    record.add([HEALTH.fail("It is gone.", ErrorKind.REFUSED, subject="node17")])
    record.finish()
    drawn = places(picture(plan, record), 900)
    assert drawn.frame is not None
    assert len(drawn.nodes) == 32
    assert drawn.nodes[0].box.title == "node17"
    assert all(area(drawn.frame).contains(area(one.place)) for one in drawn.nodes)
    for one, other in combinations(drawn.all, 2):
        assert not area(one.place).intersects(area(other.place))


def _shown(qtbot: QtBot, drawn: Diagram) -> ClusterMap:
    shown = ClusterMap()
    qtbot.addWidget(shown)
    shown.show_picture(drawn)
    shown.resize(900, shown.heightForWidth(900))
    shown.show()
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    return shown


def test_a_tile_shows_its_own_lines_while_the_keys_or_the_pointer_are_at_it(qtbot: QtBot) -> None:
    shown = _shown(qtbot, picture(_nodes(32), FindingsStore()))
    assert shown.places is not None
    below = QRect(QPoint(*map(round, (shown.places.nodes[0].place.x, 0))), shown.rect().bottomRight())
    bare = shown.grab(below).toImage()
    QTest.mouseMove(shown, _middle(shown.places.nodes[4]))
    qtbot.waitUntil(lambda: shown.grab(below).toImage() != bare)
    pointed = shown.grab(below).toImage()
    QTest.mouseMove(shown, QPoint(1, 1))
    qtbot.waitUntil(lambda: shown.grab(below).toImage() == bare)
    shown.setFocus()
    for _ in range(5):
        _press(Qt.Key.Key_Right)
    assert shown.current == shown.places.nodes[4]
    focused = shown.grab(below).toImage()
    assert focused not in (bare, pointed)  # the lines, and the ring around the box


@pytest.mark.parametrize("count", [3, 32])
def test_a_saved_png_has_the_boxes_of_the_svg(count: int) -> None:
    drawn = picture(_nodes(count), FindingsStore(), testing=("redis",))
    [size] = re.findall(r'viewBox="0 0 (\S+) (\S+)"', svg(drawn))
    image = map_painting.image(drawn)
    assert (image.width(), image.height()) == tuple(round(2 * float(side)) for side in size)
    placed = places_with(drawn, WIDTH, Paper())
    ground = image.pixelColor(0, 0)
    for one in placed.all:
        x, y = (round(2 * side) for side in (one.place.x + 12, one.place.y + 4))
        assert image.pixelColor(x, y) == theme().color("surface") != ground


def test_what_is_being_tested_says_so_on_the_picture() -> None:
    drawn = picture(Plan(), FindingsStore(), testing=("redis",))
    assert [box.title for box in drawn.services if box.state == "running"] == ["Redis"]
    assert drawn.balancer.state != "running"


def _nodes(count: int) -> Plan:
    return replace(Plan(), nodes=tuple(Node(f"node{at}", f"10.0.0.{at}") for at in range(1, count + 1)))


def test_a_node_whose_check_has_ended_shows_its_result_while_others_are_being_tested() -> None:
    record = FindingsStore()
    record.add([Spec("node.connect", "").passed("It is there.", subject="node1")])
    first, second, third = picture(_nodes(3), record, testing=("node node2", "node node3"), seconds=4).nodes
    assert first.state != "running"
    assert (second.state, second.fact) == ("running", "being tested, 4 s")
    assert third.words == "node3: being tested"


def test_while_a_run_is_put_together_all_of_a_component_is_being_tested() -> None:
    drawn = picture(_nodes(2), FindingsStore(), testing=("node",))
    assert [box.fact for box in drawn.nodes] == ["being tested", "being tested"]


@pytest.mark.parametrize("count", [3, 12])
def test_what_changed_alone_is_painted_anew_and_looks_as_if_all_was(qtbot: QtBot, count: int) -> None:
    before = picture(_nodes(count), FindingsStore())
    after = picture(_nodes(count), FindingsStore(), testing=("redis", "node node2"))
    followed, anew = ClusterMap(), ClusterMap()
    for shown, first in ((followed, before), (anew, after)):
        qtbot.addWidget(shown)
        shown.show_picture(first)
        shown.resize(800, shown.heightForWidth(800))
    followed.grab()
    followed.show_picture(after)
    anew.resize(followed.size())
    assert followed.grab().toImage() == anew.grab().toImage()


def test_nothing_moves_where_the_desktop_was_asked_for_less_motion(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = _shown(qtbot, picture(_nodes(1), FindingsStore(), testing=("redis",)))
    assert shown._clock.isActive()
    monkeypatch.setattr(theme(), "still", False)
    theme().keep(True)
    shown.show_picture(picture(_nodes(1), FindingsStore(), testing=("redis", "database")))
    assert not shown._clock.isActive()


@pytest.mark.parametrize("moves", [False, True])
def test_what_is_being_tested_moves_unless_the_system_wants_no_motion(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, *, moves: bool
) -> None:
    monkeypatch.setattr(map_module, "moves", lambda _widget: moves)
    shown = ClusterMap()
    qtbot.addWidget(shown)
    shown.resize(800, 400)
    shown.show_picture(picture(Plan(), FindingsStore(), testing=("redis",)))
    shown.show()
    still = shown.grab().toImage()
    if moves:
        qtbot.waitUntil(lambda: shown.grab().toImage() != still)
    else:
        assert not shown._clock.isActive()
        assert shown.grab().toImage() == still
    shown.show_picture(picture(Plan(), FindingsStore()))
    assert not shown._clock.isActive()


def test_the_map_does_not_shrink_while_a_run_goes_on(qtbot: QtBot) -> None:
    shown = ClusterMap()
    qtbot.addWidget(shown)
    shown.show_picture(picture(_nodes(1), FindingsStore()))
    shown.resize(800, shown.heightForWidth(800))
    tall = shown.heightForWidth(800)
    shown.show_picture(picture(_nodes(1), FindingsStore(), testing=("redis", "database", "storage", "licence")))
    assert shown.heightForWidth(800) >= tall
