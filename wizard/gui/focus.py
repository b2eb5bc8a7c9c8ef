"""The order in which Tab goes: as the eye does, also through parts that came later (nodes, findings)."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

from wizard.gui.theme import theme

BESIDE = "beside"
"""The property of a column that stands beside all else of a page."""
_SAME_LINE = 14
"""Pixels by which the tops of two parts of one line may differ."""


def in_reading_order(root: QWidget) -> list[QWidget]:
    """Return what takes the focus by Tab below `root`: line by line from the top, each from left to right.

    A column that stands beside all else comes after it.
    """
    places = [(widget.mapTo(root, QPoint(0, 0)), widget, _beside(widget, root)) for widget in _takers(root)]
    places.sort(key=lambda place: (place[2], place[0].y()))
    lines: list[list[tuple[QPoint, QWidget, bool]]] = []
    for place in places:
        before = lines[-1][0] if lines else None
        if before and place[2] is before[2] and place[0].y() - before[0].y() <= theme().px(_SAME_LINE):
            lines[-1].append(place)
        else:
            lines.append([place])
    return [widget for line in lines for _at, widget, _in in sorted(line, key=lambda place: place[0].x())]


def _beside(widget: QWidget, root: QWidget) -> bool:
    """Whether a part is in a column of its own, beside the others (`BESIDE`)."""
    above: QWidget | None = widget
    while above is not None and above is not root:
        if above.property(BESIDE):
            return True
        above = above.parentWidget()
    return False


def _takers(root: QWidget) -> Iterable[QWidget]:
    for widget in root.findChildren(QWidget):
        if (
            (_takes(widget) or widget.hasFocus())
            and widget.focusProxy() is None
            and widget.isEnabled()
            and widget.isVisibleTo(root)
        ):
            yield widget


def _takes(widget: QWidget) -> bool:
    """Whether Tab goes there: of a few that exclude one another to the chosen one, wherever the focus was last."""
    chosen = _chosen_beside(widget)
    return chosen is widget or (
        chosen is None and widget.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
    )


def reached_by_arrows(widget: QWidget) -> bool:
    """Whether it is one of a few that exclude one another, and not the chosen one."""
    return _chosen_beside(widget) not in {None, widget}


def _chosen_beside(widget: QWidget) -> QWidget | None:
    """Return the chosen one of the few that a segment belongs to; None of all else."""
    if not isinstance(widget, QAbstractButton) or widget.property("role") != "segment":
        return None
    group = widget.group()
    return group.checkedButton() if group is not None else None
