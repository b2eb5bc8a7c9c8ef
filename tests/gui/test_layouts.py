"""Every setting can be entered in the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.pages import press, tick
from wizard.gui import tokens
from wizard.gui.shell import Shell
from wizard.gui.steps.node_table import NodeTable
from wizard.gui.theme import theme
from wizard.gui.widgets.fields import Field
from wizard.guide import flow
from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment, Layout, Node


def _fields(shell: Shell) -> set[str]:
    found = set()
    for step in flow.STEPS:
        shell.go(step.id)
        for fold in shell.page.findChildren(QPushButton, "more-settings"):
            fold.click()
        found |= {field.key for field in shell.page.findChildren(Field)}
        found |= {key for table in shell.page.findChildren(NodeTable) for key in _cells(table)}
        found |= {name.removeprefix("input.").removesuffix(".choice") for name in _named(shell.page)}
    return found


def _cells(table: NodeTable) -> set[str]:
    """Return the keys of the cells of the first node that can be typed over."""
    cells = [table.nodes.index(0, column) for column in range(table.nodes.columnCount())]
    return {table.nodes.key(cell) for cell in cells if cell.flags() & Qt.ItemFlag.ItemIsEditable}


def _named(page: QWidget) -> list[str]:
    return [child.objectName() for child in page.findChildren(QWidget) if child.objectName().startswith("input.")]


def test_every_setting_is_on_a_page_of_the_window(shell: Shell) -> None:
    shell.session.document.set("nodes", (Node(name="node1", host="a"),))
    shell.session.document.set("application.deployment", Deployment.BARE)
    shell.session.document.set("redis.layout", Layout.PER_ROLE)
    declared = {key for key, _setting, _value in shell.session.document.plan.settings()}
    assert declared <= _fields(shell)


def test_a_setting_without_a_place_in_a_layout_is_noticed(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    from wizard.guide import layouts

    monkeypatch.setattr(layouts, "BALANCER", layouts.Form(layouts.rows("balancer.kind")))
    declared = {key for key, _setting, _value in Plan().settings()}
    assert "balancer.hsts" in declared - _fields(shell)


def test_hsts_is_offered_where_the_balancer_has_tls(shell: Shell) -> None:
    shell.go("balancer")
    tick(shell.page, "balancer.tls")
    press(shell.page, "more-settings")
    tick(shell.page, "balancer.hsts")
    assert shell.session.document.plan.balancer.hsts


@pytest.mark.parametrize(("deployment", "below_fields"), [(Deployment.DOCKER, False), (Deployment.BARE, True)])
def test_a_fold_stands_below_the_fields_of_its_form_or_at_the_left_where_there_are_none(
    shell: Shell,
    qtbot: QtBot,
    deployment: Deployment,
    below_fields: bool,  # noqa: FBT001 - of a table of cases
) -> None:
    shell.session.document.set("nodes", (Node(name="node1", host="a"),))
    shell.session.document.set("application.deployment", deployment)
    shell.go("nodes")
    page = shell.page
    table = page.findChild(NodeTable)
    assert table is not None
    table.selectRow(0)

    def left() -> int:
        folds = [each for each in page.findChildren(QPushButton, "more-settings") if each.isVisible()]
        places = [each.mapTo(page, QPoint(0, 0)).x() - table.mapTo(page, QPoint(0, 0)).x() for each in folds]
        return places[0] if places else -1

    qtbot.waitUntil(lambda: left() >= theme().px(tokens.LABEL) if below_fields else left() == 0)
