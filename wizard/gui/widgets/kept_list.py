"""A list of widgets that is shown anew in place: what stays the same stays, and new ones are made one after another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame

from wizard.dataclass import dataclass
from wizard.gui import tokens
from wizard.gui.pace import Parts, pace
from wizard.gui.widgets.stack import Stack


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


class KeptList(Stack):
    """Shown anew a moment after `refresh`, and only while in sight. Subclasses say in `wanted` what is to be shown.

    The window's thread is never kept for long: `wanted` is gone through, and widgets are made, in parts. What was there
    stays until what takes its place is there. `settled` comes when all that is wanted is.
    """

    settled = Signal()

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__(tokens.S)
        self._parts: dict[Hashable, _Part] = {}

    def wanted(self) -> Iterable[Wanted | None]:
        """Go through what is to be shown, from the top; there comes nothing where a part of looking for it is done."""
        return ()

    def refresh(self) -> None:
        """Show things as they are now."""
        if self.isVisible():
            pace().do(self, self._renewed)

    @property
    def rests(self) -> bool:
        """Whether what is there is what was wanted last: `settled` may come late, when more is wanted already."""
        return not pace().works_for(self)

    @property
    def widgets(self) -> list[QFrame]:
        """What is there, from the top."""
        return [part.widget for part in self._parts.values()]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        pace().do(self, self._renewed, now=bool(self._parts))  # an empty page is painted first

    def rebuild(self) -> None:
        """Show things as they are now, at once as far as the time of one stretch allows."""
        pace().do(self, self._renewed, now=True)

    def _renewed(self) -> Parts:
        """Show what is wanted now, a part at a time."""
        wanted = list[Wanted]()
        for found in self.wanted():
            if found is not None:
                wanted.append(found)
            yield
        keys = {each.key for each in wanted}
        gone = {key: part for key, part in self._parts.items() if key not in keys}
        going = [part.widget for part in gone.values()]
        at, shown = 0, {}
        for each in wanted:
            if not self.isVisible():
                return
            old = self._parts.get(each.key)
            if old and old.shows == each.shows:
                part = old
                if each.follow:
                    each.follow(old.widget)
            else:
                part = _Part(each.shows, each.make())
            at = self._put(part, at, going)
            if old and old is not part:
                self.take(old.widget)
            shown[each.key] = self._parts[each.key] = part
            yield
        self._parts = shown | gone
        for key, part in gone.items():
            del self._parts[key]
            self.take(part.widget)
            yield
        QTimer.singleShot(0, self, self.settled.emit)  # all of it is laid out by then

    def _put(self, part: _Part, at: int, going: Collection[QFrame]) -> int:
        """Put a part at its place, from `at` on, behind those that are to go; return the place behind it."""
        while self.held(at) in going:
            at += 1
        if self.held(at) is not part.widget:
            self.put(part.widget, at)
        return at + 1
