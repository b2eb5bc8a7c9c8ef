"""The map shows every word that matters, names that differ at their ends as different, and leads to steps."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.gui.pages import press
from wizard.gui.shell import Shell
from wizard.gui.widgets.map import ClusterMap
from wizard.gui.widgets.map_places import Placed, broken, fact_metrics, places, title_metrics
from wizard.guide.diagram import picture
from wizard.guide.findings_store import FindingsStore
from wizard.plan.plan import Plan
from wizard.plan.sections import Node, QueueKind

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
