"""Layouts that keep to the width there is: a row that goes on in the next line, and a label beside or above a thing."""

from __future__ import annotations

from dataclasses import field

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QLayout, QLayoutItem, QSpacerItem, QWidget

from wizard.dataclass import dataclass
from wizard.gui import tokens
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import show_if

_WIDEST = 16_777_215
"""Qt's own QWIDGETSIZE_MAX."""

STACKED = 440
"""Below this width, at the usual text size, a label stands above what it names."""


@dataclass(slots=True)
class _Line:
    """Items of one line with the widths they get, and whether they stand at the right."""

    items: list[QLayoutItem] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    right: bool = False


class Flowing(QLayout):
    """Things beside one another as far as they fit, the rest in further lines.

    What wants to grow takes the room left in its line. After `add_stretch`, things stand at the right.
    """

    def __init__(self, *widgets: QWidget, gap: int = tokens.S) -> None:
        """Begin with `widgets`; `gap` grows with the text."""
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}
        """The heights by widths, as far as they were asked for since something changed."""
        self._least: QSize | None = None
        """The least size, if it was asked for since something changed."""
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(theme().px(gap))
        for widget in widgets:
            self.addWidget(widget)

    def add_stretch(self) -> None:
        """Let what follows stand at the right."""
        self.addItem(QSpacerItem(0, 0))

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._lay(QRect(0, 0, width, 0), place=False)
        return self._heights[width]

    def invalidate(self) -> None:
        self._heights.clear()
        self._least = None
        super().invalidate()

    def sizeHint(self) -> QSize:
        sizes = [item.sizeHint() for item in self._items if not _absent(item)]
        width = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return self._framed(QSize(width, max((size.height() for size in sizes), default=0)))

    def minimumSize(self) -> QSize:
        if self._least is None:
            sizes = [item.minimumSize() for item in self._items if not _absent(item)]
            widest = max((size.width() for size in sizes), default=0)
            self._least = self._framed(QSize(widest, max((size.height() for size in sizes), default=0)))
        return self._least

    def setGeometry(self, area: QRect) -> None:
        super().setGeometry(area)
        self._lay(area, place=True)

    def _framed(self, size: QSize) -> QSize:
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _lay(self, area: QRect, *, place: bool) -> int:
        """Break into lines, put the items there if wanted, and return the height that they take."""
        margins = self.contentsMargins()
        inside = area.marginsRemoved(margins)
        if not place and len(self._items) == 1 and not _absent(self._items[0]):  # as are most: nothing to break
            return self._alone(self._items[0], inside.width()) + margins.top() + margins.bottom()
        y = inside.top()
        for number, line in enumerate(self._lines(inside.width())):
            y += min(self.spacing(), theme().px(tokens.S)) if number else 0
            heights = [_height(item, width) for item, width in zip(line.items, line.widths, strict=True)]
            tall = max(heights, default=0)
            used = sum(line.widths) + self.spacing() * (len(line.items) - 1)
            x = inside.left() + (max(0, inside.width() - used) if line.right else 0)
            for item, width, height in zip(line.items, line.widths, heights, strict=True):
                if place:
                    item.setGeometry(QRect(QPoint(x, y + (tall - height) // 2), QSize(width, height)))
                x += width + self.spacing()
            y += tall
        return y - inside.top() + margins.top() + margins.bottom()

    @staticmethod
    def _alone(item: QLayoutItem, room: int) -> int:
        """Return the height of the only item in `room`."""
        if not item.hasHeightForWidth():
            return item.sizeHint().height()
        grows = item.expandingDirections() & Qt.Orientation.Horizontal
        wanted = max(room, item.minimumSize().width()) if grows else min(item.sizeHint().width(), room)
        return item.heightForWidth(min(wanted, item.maximumSize().width()) if grows else wanted)

    def _lines(self, room: int) -> list[_Line]:
        lines, right = [_Line()], False
        for item in self._items:
            if item.spacerItem():
                right = True
                lines[-1].items.append(item)
                lines[-1].widths.append(-self.spacing())
                continue
            if _absent(item):
                continue
            line, width = lines[-1], min(item.sizeHint().width(), room)
            if any(width > 0 for width in line.widths) and _used(line, self.spacing()) + width > room:
                line = _Line(right=right)
                lines.append(line)
            line.items.append(item)
            line.widths.append(width)
        for line in lines:
            _grow(line, room - _used(line, self.spacing()) + self.spacing())
        return [line for line in lines if line.items]


def _used(line: _Line, gap: int) -> int:
    """Return the width up to where the next item begins."""
    return sum(width + gap for width in line.widths)


def _grow(line: _Line, left: int) -> None:
    """Share out the room left: to a line's spacer, or else to the items that want to grow, all alike if possible."""
    spacer = next((at for at, item in enumerate(line.items) if item.spacerItem()), None)
    if spacer is not None:
        line.widths[spacer] += left
        return
    growing = [at for at, item in enumerate(line.items) if item.expandingDirections() & Qt.Orientation.Horizontal]
    left += sum(line.widths[at] for at in growing)
    for count, at in enumerate(sorted(growing, key=lambda at: -line.items[at].minimumSize().width())):
        item, share = line.items[at], left // (len(growing) - count)
        line.widths[at] = min(max(share, item.minimumSize().width()), item.maximumSize().width())
        left -= line.widths[at]


def _absent(item: QLayoutItem) -> bool:
    """Whether an item takes no place: it is hidden, or only makes room."""
    return item.isEmpty()


def _height(item: QLayoutItem, width: int) -> int:
    if item.hasHeightForWidth():
        return item.heightForWidth(width)
    return 0 if item.spacerItem() else item.sizeHint().height()


class Labelled(QWidget):
    """A label with what it names at its right, or below it where there is little room."""

    def __init__(self, name: QLabel, content: QWidget) -> None:
        """Put `name` into the column of labels."""
        super().__init__()
        self.name, self.content = name, content
        self._indented = True
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        self._layout.addWidget(content, 1)
        name.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.stack(stacked=False)

    def stack(self, *, stacked: bool) -> None:
        """Put the label above, or back to the left."""
        px = theme().px
        way = QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        self._layout.setDirection(way)
        self._layout.setSpacing(px(tokens.XS if stacked else tokens.L))
        self.name.setMinimumSize(0 if stacked else px(tokens.LABEL), 0 if stacked else px(tokens.CONTROL))
        self.name.setMaximumWidth(_WIDEST if stacked else px(tokens.LABEL))
        show_if(self.name, shown=bool(self.name.text()) or (self._indented and not stacked))

    def indent(self, *, indented: bool) -> None:
        """Leave the column of labels free where there is no label, or begin at its left: no other line has one."""
        if indented is not self._indented:
            self._indented = indented
            self.stack(stacked=self.width() < theme().px(STACKED))

    def minimumSizeHint(self) -> QSize:
        """Ask for no more width than the content: the label can go above it."""
        return QSize(self.content.minimumSizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.stack(stacked=self.width() < theme().px(STACKED))
