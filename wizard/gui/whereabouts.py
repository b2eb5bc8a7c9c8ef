"""Where a person is in the window, so that it can be built anew around them: the step, the focus, what was scrolled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget

from wizard.dataclass import dataclass
from wizard.gui.focus import in_reading_order


class Window(Protocol):
    """What is asked of the window."""

    @property
    def current(self) -> str:
        """The id of the step in sight."""

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """The parts of the window in the order in which Tab goes through them."""

    def focusWidget(self) -> QWidget | None: ...

    def isAncestorOf(self, child: QWidget, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class Focus:
    """What has the focus: its name, its place in the order of Tab, and of a line of text what is selected there."""

    name: str
    place: int
    cursor: int = 0
    selected: tuple[int, int] = (-1, 0)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The focus, and by the ids of the pages how far each is scrolled."""

    focus: Focus | None
    scrolled: Mapping[str, int]


def of(shell: Window, places: Mapping[str, QScrollArea]) -> Whereabouts:
    """Return where a person is; `places` are the pages that there are."""
    scrolled = {name: place.verticalScrollBar().value() for name, place in places.items()}
    return Whereabouts(_focus_of(shell), scrolled)


def go_back(shell: Window, places: Mapping[str, QScrollArea], where: Whereabouts) -> None:
    """Restore the focus at once, and scroll as soon as the page in sight is laid out."""
    if where.focus:
        _give(shell, where.focus)
    place, value = places[shell.current], where.scrolled.get(shell.current, 0)
    QTimer.singleShot(0, place, lambda: place.verticalScrollBar().setValue(value))


def _order(shell: Window) -> list[QWidget]:
    return [widget for part in shell.parts for widget in in_reading_order(part)]


def _focus_of(shell: Window) -> Focus | None:
    widget = shell.focusWidget()
    if widget is None or not shell.isAncestorOf(widget):
        return None
    order = _order(shell)
    place = order.index(widget) if widget in order else -1
    if not isinstance(widget, QLineEdit):
        return Focus(widget.objectName(), place)
    selected = (widget.selectionStart(), widget.selectionLength())
    return Focus(widget.objectName(), place, widget.cursorPosition(), selected)


def _give(shell: Window, focus: Focus) -> None:
    order = _order(shell)
    named = [widget for widget in order if focus.name and widget.objectName() == focus.name]
    placed = order[focus.place : focus.place + 1] if focus.place >= 0 else []
    for widget in (named if len(named) == 1 else placed)[:1]:
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(widget, QLineEdit):
            widget.setCursorPosition(focus.cursor)
            if focus.selected[0] >= 0:
                widget.setSelection(*focus.selected)
