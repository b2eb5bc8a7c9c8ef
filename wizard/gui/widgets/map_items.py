"""The boxes of the map as parts of their own: they take the focus, a screen reader reads them, and Enter opens one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from wizard.gui.widgets.map_painting import area
from wizard.guide.diagram import RUNNING, Box
from wizard.guide.drawing.ways import Placed

_WAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
_ENDS = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}


class MapItem(QAbstractButton):
    """Lies over a painted box; a pointer goes through it to the map.

    `turned` comes with the focus and when it goes, `moved` and `jumped` when a key asks for a neighbour, or for the
    first or last of all.
    """

    turned = Signal()
    moved = Signal(int)
    jumped = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        """Begin as nobody's box; `follow` says whose it is."""
        super().__init__(parent)
        self.box = Box("", "", "", "")
        self.setObjectName("map-item")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.show()

    def follow(self, one: Placed) -> None:
        """Stand where `one` stands, and say what it says.

        For how long it is being tested is its description, which stays while it has the focus: nobody wants to hear
        that each second.
        """
        self.box = one.box
        self.setGeometry(area(one.place).toAlignedRect())
        name = one.box.told
        seconds = one.box.fact if one.box.state == RUNNING else ""
        if name != self.accessibleName():
            self.setAccessibleName(name)
        elif self.hasFocus():
            return
        if seconds != self.accessibleDescription():
            self.setAccessibleDescription(seconds)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _WAYS:
            self.moved.emit(_WAYS[key])
        elif key in _ENDS:
            self.jumped.emit(_ENDS[key])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.turned.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.turned.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Leave it to the map, which paints boxes, ring and lines."""


class MapItems:
    """The items of one map, in the order of its boxes. One of them can be reached by Tab, the others by its keys."""

    def __init__(self, map_: QWidget) -> None:
        """Begin with none."""
        self._map = map_
        self._known: dict[tuple[str, str, str, int], MapItem] = {}
        self.all: list[MapItem] = []

    def follow(self, boxes: Iterable[Placed]) -> list[MapItem]:
        """Let there be one item a box, the same one for the same part wherever it stands; return the new ones."""
        wanted = {_key(one.box, count): one for one, count in _counted(boxes)}
        for key in self._known.keys() - wanted.keys():
            gone = self._known.pop(key)
            gone.hide()
            gone.deleteLater()
        made = {key: MapItem(self._map) for key in wanted if key not in self._known}
        self._known |= made
        order = [self._known[key] for key in wanted]
        if order != self.all:
            self.all = order
            for item in order:
                item.raise_()  # their order is that in which a screen reader goes through them
            self._reach(self.current)
        for item, one in zip(order, wanted.values(), strict=True):
            item.follow(one)
        return list(made.values())

    @property
    def current(self) -> MapItem | None:
        """The item that has the focus, or gets it by Tab."""
        by_tab = (item for item in self.all if item.focusPolicy() is Qt.FocusPolicy.StrongFocus)
        return next((item for item in self.all if item.hasFocus()), None) or next(by_tab, next(iter(self.all), None))

    def move(self, way: int) -> MapItem | None:
        """Give the focus to a neighbour, as far as there is one; return what has it now."""
        at = self.all.index(self.current) + way if self.current else 0
        return self.jump(min(max(0, at), len(self.all) - 1))

    def jump(self, at: int) -> MapItem | None:
        """Give the focus to the item at this place; return it."""
        if self.all:
            self._reach(self.all[at])
            self.all[at].setFocus(Qt.FocusReason.OtherFocusReason)
        return self.current

    def _reach(self, current: MapItem | None) -> None:
        """Let Tab come to one item alone: nobody wants to go through forty."""
        for item in self.all:
            item.setFocusPolicy(Qt.FocusPolicy.StrongFocus if item is current else Qt.FocusPolicy.ClickFocus)
        if current:
            self._map.setFocusProxy(current)


def _counted(boxes: Iterable[Placed]) -> Iterator[tuple[Placed, int]]:
    """Number boxes of the same part: two nodes of one name are an error that can be seen."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for one in boxes:
        part = one.box.step, one.box.component, one.box.subject
        yield one, seen[part]
        seen[part] += 1


def _key(box: Box, count: int) -> tuple[str, str, str, int]:
    return box.step, box.component, box.subject, count
