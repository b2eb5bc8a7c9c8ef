"""Whether every text has the room it needs, and lies on no other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QModelIndex, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QTableView,
    QWidget,
)

_ELIDED = re.compile(r"[^\s…]…(?!…)|(?<!…)…[^\s…]")
"""Of a text that was cut; dots after a blank, and the six of Chinese, say that something follows."""
_EDGES = 8
"""Pixels around the text of a column's head."""


def cut(shell: QWidget) -> list[str]:
    """Return the texts in sight that have less room than they need, unless their tip has the whole of them."""
    every = [each for each in shell.findChildren(QWidget) if each.isVisible()]
    return [f"{each.objectName()} {type(each).__name__}: {text}" for each in every for text in _cut(each)]


def _cut(each: QWidget) -> Iterator[str]:
    return next((look(each) for kind, look in _LOOKS.items() if isinstance(each, kind)), iter(()))


def _cut_box(box: QCheckBox) -> Iterator[str]:
    if box.height() < box.heightForWidth(box.width()) or box.width() < box.minimumSizeHint().width():
        yield box.text()


def _cut_button(pressed: QPushButton) -> Iterator[str]:
    least = pressed.minimumSizeHint()
    if pressed.width() < least.width() or pressed.height() < least.height() - 1:
        yield f"{pressed.text()} {pressed.size()} {least}"


def _cut_choice(choice: QComboBox) -> Iterator[str]:
    option = QStyleOptionComboBox()
    choice.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    room = choice.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, choice)
    if choice.fontMetrics().horizontalAdvance(choice.currentText()) > room.width():
        yield choice.currentText()


def _cut_line(line: QLineEdit) -> Iterator[str]:
    words, margins = "" if line.text() else line.placeholderText(), line.textMargins()
    if line.fontMetrics().horizontalAdvance(words) > line.contentsRect().width() - margins.left() - margins.right():
        yield words


def _cut_label(shown: QLabel) -> Iterator[str]:
    room, flags = shown.contentsRect(), int(Qt.TextFlag.TextWordWrap) if shown.wordWrap() else 0
    needed = shown.fontMetrics().boundingRect(QRect(0, 0, room.width(), 10_000), flags, QLabel.text(shown))
    if (
        needed.width() > room.width() + 1
        or needed.height() > shown.height() + 1
        or (_ELIDED.search(shown.text()) and not _has_tip(shown))
    ):
        yield shown.text()


def _has_tip(shown: QWidget | None) -> bool:
    return shown is not None and (bool(shown.toolTip()) or _has_tip(shown.parentWidget()))


def _cut_head(head: QHeaderView) -> Iterator[str]:
    for at in range(head.count() if head.orientation() is Qt.Orientation.Horizontal else 0):
        text = str(head.model().headerData(at, head.orientation()) or "")
        needed = max(head.fontMetrics().horizontalAdvance(line) for line in text.split("\n")) + _EDGES
        lines = head.fontMetrics().lineSpacing() * (text.count("\n") + 1)
        if not head.isSectionHidden(at) and (head.sectionSize(at) < needed or head.height() < lines):
            yield text


def _cut_items(view: QAbstractItemView) -> Iterator[str]:
    """Return the texts of the rows that are cut: a list that scrolls sideways cuts nothing."""
    model = view.model()
    scrolls = view.horizontalScrollBar().maximum() > 0
    columns = model.columnCount() if isinstance(view, QTableView) else 1
    for index in (model.index(row, column) for row in range(model.rowCount()) for column in range(columns)):
        room, needed = view.visualRect(index), view.sizeHintForIndex(index)
        if room.width() < needed.width() and not (scrolls or _tip(index) or view.indexWidget(index)):
            yield str(index.data())


def _tip(index: QModelIndex) -> str:
    return str(index.data(Qt.ItemDataRole.ToolTipRole) or "")


_LOOKS: dict[type[QWidget], Callable[[Any], Iterator[str]]] = {
    QLabel: _cut_label,
    QCheckBox: _cut_box,
    QPushButton: _cut_button,
    QComboBox: _cut_choice,
    QLineEdit: _cut_line,
    QHeaderView: _cut_head,
    QAbstractItemView: _cut_items,
}


def sideways(shell: QWidget) -> list[str]:
    """Return the pages in sight that scroll sideways: none ever has to."""
    areas = [each for each in shell.findChildren(QScrollArea) if each.isVisible()]
    return [
        f"{each.widget().objectName()} scrolls sideways by {each.horizontalScrollBar().maximum()}"
        for each in areas
        if each.horizontalScrollBar().maximum()
    ]


def overlapping(shell: QWidget) -> list[str]:
    """Return the pairs of texts of one parent in sight that lie on one another."""
    found = []
    for parent in (shell, *shell.findChildren(QWidget)):
        shown = [
            each
            for each in parent.children()
            if isinstance(each, QLabel | QAbstractButton | QComboBox | QLineEdit)
            and each.isVisible()
            and not each.geometry().isEmpty()
        ]
        found += [
            f"{one.objectName()} {_text(one)} / {other.objectName()} {_text(other)}"
            for at, one in enumerate(shown)
            for other in shown[at + 1 :]
            if one.geometry().intersects(other.geometry())
        ]
    return found


def _text(shown: QWidget) -> str:
    return shown.text() if isinstance(shown, QLabel | QAbstractButton | QLineEdit) else ""


def beyond(dialog: QWidget, window: QWidget) -> list[str]:
    """Return what is wrong with the size of a dialog: it is larger than its window."""
    fits = dialog.width() <= window.width() and dialog.height() <= window.height()
    return [] if fits else [f"{dialog.objectName()} {dialog.size()}"]
