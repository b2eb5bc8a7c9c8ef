"""A list of widgets that is shown anew in place: what stays the same stays, and new ones are made a few at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable

from PySide6.QtCore import QCoreApplication, QEvent, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from wizard.dataclass import dataclass
from wizard.gui import tokens
from wizard.gui.widgets.basics import column

_COALESCE = 0
_AT_ONCE = 0.003
"""Seconds for which widgets are made at a stretch."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to stand in a list: its key, what it shows, what makes it, and what keeps one there up to date."""

    key: Hashable
    shows: object
    make: Callable[[], QFrame]
    follow: Callable[[QFrame], object] | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    """What stands in a list: a widget, and what it shows."""

    shows: object
    widget: QFrame


class KeptList(QWidget):
    """Shown anew a moment after `refresh`, and only while in sight. Subclasses say in `wanted` what is to be shown.

    The window's thread is never kept for long. `settled` comes when all that is wanted is there.
    """

    settled = Signal()

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self._parts: dict[Hashable, _Part] = {}
        self._box: QVBoxLayout = column(gap=tokens.S)
        self.setLayout(self._box)
        self._soon = QTimer(self, interval=_COALESCE, singleShot=True)
        self._soon.timeout.connect(self._go_on)
        self._left: list[Wanted] | None = None
        """What is wanted, as long as some of it is still to be made and nothing changed meanwhile."""

    def wanted(self) -> Iterable[Wanted]:
        """Go through what is to be shown, from the top."""
        return ()

    def refresh(self) -> None:
        """Show things as they are now."""
        self._left = None
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def widget_of(self, key: Hashable) -> QFrame | None:
        """Return what shows `key`, if it is there."""
        part = self._parts.get(key)
        return part.widget if part else None

    @property
    def widgets(self) -> list[QFrame]:
        """What is there, from the top."""
        return [part.widget for part in self._parts.values()]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._parts:
            self.rebuild()
        else:
            self._soon.start()  # the page is painted first

    def rebuild(self) -> None:
        """Show things as they are now, at once as far as the time of one stretch allows."""
        self._left = None
        self._go_on()

    def _go_on(self) -> None:
        """Make what is still to be made; what is wanted is asked for anew only where something changed."""
        again, wanted = self._left is not None, self._left if self._left is not None else list(self.wanted())
        until, waits = time.perf_counter() + _AT_ONCE, False
        parts: dict[Hashable, _Part] = {}
        for each in wanted:
            old = self._parts.get(each.key)
            if old and old.shows == each.shows:
                parts[each.key] = old
                if each.follow and not again:
                    each.follow(old.widget)
            elif not parts or time.perf_counter() < until:
                parts[each.key] = _Part(each.shows, each.make())
            else:
                waits = True
                if old:  # it stays until its turn comes
                    parts[each.key] = old
        self._left = wanted if waits else None
        self._place(parts, waits=waits)
        if not waits:
            self.settled.emit()

    def _place(self, parts: dict[Hashable, _Part], *, waits: bool) -> None:
        """Put the parts below one another; those no longer wanted go when all that are wanted are there."""
        moved = False
        for at, part in enumerate(parts.values()):
            item = self._box.itemAt(at)
            if item is None or item.widget() is not part.widget:
                moved = True
                self._box.removeWidget(part.widget)
                self._box.insertWidget(at, part.widget)
                part.widget.show()
        kept = {id(part.widget) for part in parts.values()}
        for key, old in self._parts.items():
            if id(old.widget) in kept:
                continue
            if waits and key not in parts:
                parts[key] = old
                continue
            moved = True
            self._box.removeWidget(old.widget)
            old.widget.hide()
            old.widget.deleteLater()
        self._parts = parts
        if waits:
            self._soon.start()
        if moved:  # else it is painted before it is laid out
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
