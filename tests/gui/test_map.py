"""The map shows every word that matters, names that differ at their ends as different, and leads to steps."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.gui.pages import press
from wizard.gui.shell import Shell
from wizard.gui.widgets import map as map_module
from wizard.gui.widgets.map import ClusterMap
from wizard.gui.widgets.map_places import Placed, broken, fact_metrics, places, title_metrics
from wizard.guide.diagram import picture
from wizard.guide.findings_store import FindingsStore
from wizard.plan.finding import ErrorKind
from wizard.plan.plan import Plan
from wizard.plan.sections import Node, QueueKind
from wizard.plan.spec import Spec

HEALTH = Spec("node.health", "The node answers.")

pytestmark = pytest.mark.usefixtures("_look")

LONG = tuple(Node(f"production-eu-west-frankfurt-application-{number}", "h", 13000 + number) for number in range(3))


def _placed(plan: Plan, width: float) -> dict[str, Placed]:
    return {one.box.step: one for one in places(picture(plan, FindingsStore()), width).all}


@pytest.mark.parametrize("width", [696, 860, 330])
def test_all_roles_of_redis_can_be_read_at_every_width(width: float) -> None:
    shown = _placed(Plan(), width)["redis"]
    assert " ".join(shown.fact) == "cache · sync · lock · queue · worker-id"
    assert all(fact_metrics().horizontalAdvance(line) <= shown.place.width() for line in shown.fact)


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
        assert one.place.left() >= 0
        assert one.place.right() <= width
        assert 0 <= one.place.top() < one.place.bottom() <= drawn.height
        assert not [other for other in drawn.all if other is not one and other.place.intersects(one.place)]


def test_what_is_too_long_for_its_lines_is_cut_in_its_middle() -> None:
    metrics = title_metrics()
    lines = broken("x" * 400 + "-end", metrics, 100, 2)
    assert len(lines) == 2
    assert lines[1].endswith("-end")
    assert all(metrics.horizontalAdvance(line) <= 100 for line in lines)
    assert broken("", metrics, 100, 2) == ()


def test_a_click_on_a_box_leads_to_its_step(shell: Shell, qtbot: QtBot) -> None:
    shell.go("nodes")
    press(shell, "add-node")
    shell.go("review")
    shown = shell.page.findChild(ClusterMap, "map")
    assert shown is not None
    qtbot.waitUntil(lambda: shown.width() > 400 and shown.height() > 200)
    assert shown.places is not None
    box = next(one for one in shown.places.services if one.box.step == "redis")
    QTest.mouseMove(shown, box.place.center().toPoint())
    QTest.mouseClick(shown, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    assert shell.current == "review"
    QTest.mouseClick(shown, Qt.MouseButton.LeftButton, pos=box.place.center().toPoint())
    assert shell.current == "redis"


def test_the_keys_go_from_box_to_box_and_enter_opens_one(shell: Shell, qtbot: QtBot) -> None:
    shell.go("review")
    shown = shell.page.findChild(ClusterMap, "map")
    assert shown is not None
    qtbot.waitUntil(lambda: shown.width() > 400)
    shown.setFocus()
    assert shown.accessibleName().startswith("nginx")
    for _ in range(3):
        QTest.keyClick(shown, Qt.Key.Key_Right)
    assert shown.current is not None
    assert (shown.current.box.step, shown.accessibleName().partition(":")[0]) == ("redis", "Redis")
    QTest.keyClick(shown, Qt.Key.Key_Return)
    assert shell.current == "redis"


def test_thirty_two_nodes_are_tiles_the_worst_first_and_none_is_left_out() -> None:
    names = [f"node{number}" for number in range(1, 33)]
    plan = replace(Plan(), nodes=tuple(Node(name, f"10.0.0.{at}") for at, name in enumerate(names)))
    record = FindingsStore()
    record.add([HEALTH.fail("It is gone.", ErrorKind.REFUSED, subject="node17")])
    record.finish()
    drawn = places(picture(plan, record, most_nodes=32), 900)
    assert drawn.frame is not None
    assert len(drawn.nodes) == 32
    assert drawn.nodes[0].box.title == "node17"
    assert all(drawn.frame.contains(one.place) for one in drawn.nodes)
    for one, other in combinations(drawn.all, 2):
        assert not one.place.intersects(other.place)


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
