"""What stands beside one another stands in line, no row is cut, and a page scrolls only where it must."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QCheckBox, QLabel, QPlainTextEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeServices, plan_with
from tests.gui.pages import press
from wizard.formats import cluster_file
from wizard.gui.shell import Shell
from wizard.gui.steps.node_table import NodeTable
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import button
from wizard.gui.widgets.fixed_row_list import WholeRows
from wizard.gui.widgets.map import ClusterMap
from wizard.plan.i18n import tr


def _middle(widget: QWidget, page: QWidget) -> int:
    return widget.mapTo(page, QPoint(0, 0)).y() + widget.height() // 2


def _left(widget: QWidget, page: QWidget) -> int:
    return widget.mapTo(page, QPoint(0, 0)).x()


def _exporting(shell: Shell, qtbot: QtBot) -> None:
    shell.go("nodes")
    press(shell, "add-node")
    session = shell.session
    for key, text in (("nodes.0.host", "10.0.0.11"), ("database.host", "db"), ("redis.server.host", "redis")):
        session.document.edit(key, text)
    for key, text in (("application.public_url", "http://app.example.com"), ("storage.path", "/mnt/nocobase")):
        session.document.edit(key, text)
    session.document.edit("application.version", "2.2.15")
    shell.go("export")
    qtbot.waitUntil(shell.bar.primary_button.isEnabled)


@pytest.mark.parametrize("size", [(1024, 700), (1280, 800)])
def test_the_export_has_one_thing_to_scroll_and_uses_the_height_there_is(
    shell: Shell, qtbot: QtBot, size: tuple[int, int]
) -> None:
    shell.resize(*size)
    _exporting(shell, qtbot)
    files = shell.page.findChild(WholeRows, "files")
    assert files is not None
    area = shell.page.parent().parent()
    assert isinstance(area, QScrollArea)
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() == 0 and files.height() > 0)
    below = shell.page.height() - files.mapTo(shell.page, QPoint(0, files.height())).y()
    assert below < 50
    assert files.viewport().height() % files.sizeHintForRow(0) == 0


def test_a_label_stands_at_the_height_of_its_check_boxes(shell: Shell, qtbot: QtBot) -> None:
    _exporting(shell, qtbot)
    box = shell.page.findChild(QCheckBox, "target.env")
    name = next(item for item in shell.page.findChildren(QLabel) if item.text() == tr("Files"))
    assert box is not None
    qtbot.waitUntil(lambda: abs(_middle(box, shell.page) - _middle(name, shell.page)) <= 1)


@pytest.mark.parametrize("count", [1, 3, 9])
def test_the_list_of_saved_clusters_cuts_no_row(shell: Shell, services: FakeServices, qtbot: QtBot, count: int) -> None:
    for number in range(count - 1):  # beside the one that was begun
        services.library[str(number)] = cluster_file.write(plan_with(name=f"cluster {number}"))
    services.library[shell.session.document.plan.id] = cluster_file.write(shell.session.document.plan)
    shell.go("start")
    qtbot.waitUntil(lambda: shell.page.findChild(WholeRows, "saved") is not None)
    saved = shell.page.findChild(WholeRows, "saved")
    assert saved is not None
    qtbot.waitUntil(lambda: saved.count() == count)
    shown = min(count, 5)
    qtbot.waitUntil(lambda: saved.viewport().height() == shown * saved.sizeHintForRow(0))


@pytest.mark.parametrize("count", [1, 12])
def test_the_table_of_nodes_shows_whole_rows(shell: Shell, qtbot: QtBot, count: int) -> None:
    shell.go("nodes")
    for _ in range(count):
        press(shell, "add-node")
    table = shell.page.findChild(NodeTable, "nodes")
    assert table is not None
    qtbot.waitUntil(lambda: table.viewport().height() == count * table.rowHeight(0))
    assert table.verticalScrollBar().maximum() == 0


def _wide_part(shell: Shell, step: str, kind: type[QWidget], name: str, width: int, qtbot: QtBot) -> int:
    shell.resize(width, 1080)
    shell.go(step)
    part = shell.page.findChild(kind, name)
    assert part is not None
    qtbot.waitUntil(lambda: part.isVisible() and part.width() > width // 3)
    return part.width()


@pytest.mark.parametrize(
    ("step", "kind", "name"), [("review", ClusterMap, "map"), ("export", QPlainTextEdit, "file-text")]
)
def test_the_map_and_the_preview_grow_with_the_window(
    shell: Shell, qtbot: QtBot, step: str, kind: type[QWidget], name: str
) -> None:
    _exporting(shell, qtbot)
    usual = _wide_part(shell, step, kind, name, 1280, qtbot)
    assert _wide_part(shell, step, kind, name, 1920, qtbot) >= usual + 500


def test_a_table_of_nodes_too_narrow_for_its_heads_scrolls_and_no_row_is_below_the_bar(
    shell: Shell, qtbot: QtBot
) -> None:
    shell.go("nodes")
    press(shell, "add-node")
    table = shell.page.findChild(NodeTable, "nodes")
    assert table is not None
    heads = table.horizontalHeader()
    qtbot.waitUntil(lambda: heads.length() == table.viewport().width())
    table.setFixedWidth(theme().px(180))
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() > 0)
    bar = table.horizontalScrollBar().sizeHint().height()
    qtbot.waitUntil(lambda: table.viewport().height() >= table.rowHeight(0))
    assert table.height() == heads.sizeHint().height() + table.rowHeight(0) + bar + 2 * table.frameWidth()


@pytest.mark.parametrize("words", ["&Tester", "&Vérifier", "A&VAV"])
@pytest.mark.usefixtures("_look")
def test_no_letter_of_a_button_is_cut_where_one_is_underlined(words: str, qtbot: QtBot) -> None:
    made, wide = button(words), button(words)
    for each in (made, wide):
        qtbot.addWidget(each)
        theme().dress(each)
        each.ensurePolished()
        each.resize(each.sizeHint())
    wide.resize(wide.width() + 20, wide.height())
    assert _inked(made) == _inked(wide)


def _inked(shown: QWidget) -> int:
    """Return from which pixel to which its words go, without its border, as a width."""
    image = shown.grab().toImage()
    ground, middle = image.pixel(image.width() // 2, 5), range(8, image.height() - 8)
    inked = [x for x in range(4, image.width() - 4) if any(image.pixel(x, y) != ground for y in middle)]
    return inked[-1] - inked[0]
