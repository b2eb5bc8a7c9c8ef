"""Work that can wait a moment, done in small parts: between two of them keys are answered and the window is painted."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import TypeAlias

from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QLayout
from shiboken6 import isValid

Parts: TypeAlias = Iterator[None]
"""Work that stops after each of its parts."""

_STRETCH = 0.004
"""Seconds for which parts are done without a stop."""
_PAUSE = 4
"""Milliseconds between two stretches, in which what the first one changed is painted."""
_MOST_PUT_OFF = 3
"""Turns of the loop in a row that may have been too long for any part."""
_LEVELS = 8
"""A card, its list, its column, both columns or the panel, the page with its inside, what that scrolls in, one more."""


class Pace(QObject):
    """Does the work of its owners in turn. What was laid out wrongly by it is laid out before anything is painted."""

    def __init__(self, parent: QObject) -> None:
        """Begin with nothing to do."""
        super().__init__(parent)
        self._begun: dict[QObject, Parts] = {}
        self._again: dict[QObject, Callable[[], Parts]] = {}
        self._next = QTimer(self, interval=_PAUSE, singleShot=True)
        self._next.timeout.connect(self._go_on)
        self._turned, self._put_off = time.thread_time(), 0
        dispatcher = QAbstractEventDispatcher.instance()
        dispatcher.awake.connect(self._turn)
        dispatcher.aboutToBlock.connect(self._turn)

    @property
    def rests(self) -> bool:
        """Whether nothing is left to be done."""
        return not self._begun

    def works_for(self, owner: QObject) -> bool:
        """Whether something of `owner` is left to be done."""
        return owner in self._begun

    def do(self, owner: QObject, work: Callable[[], Parts], *, now: bool = False) -> None:
        """Do `work` of `owner`. What is under way for it ends first, and is then done anew: so all comes to an end.

        `now` begins at once, for as long as one stretch takes, and drops what was under way.
        """
        if now or owner not in self._begun:
            self._again.pop(owner, None)
            self._begun[owner] = work()
        else:
            self._again[owner] = work
        try:
            if now:
                self._work_on([owner])
        finally:
            if self._begun and not self._next.isActive():
                self._next.start()

    def _turn(self) -> None:
        """Take note that the loop turns: keys were answered."""
        self._turned = time.thread_time()

    def _go_on(self) -> None:
        """Do some parts, unless this turn of the loop had much to do already, as a painting.

        A part that raises ends the work that it belongs to, and no other.
        """
        try:
            if time.thread_time() - self._turned > _STRETCH and self._put_off < _MOST_PUT_OFF:
                self._put_off += 1
            else:
                self._put_off = 0
                self._work_on(list(self._begun))
        finally:
            if self._begun:
                self._next.start()

    def _work_on(self, owners: list[QObject]) -> None:
        """Do parts for these owners, one owner after the other, until the time of a stretch is over."""
        until = time.perf_counter() + _STRETCH
        for owner in owners:
            while owner in self._begun:
                if not isValid(owner):
                    self._again.pop(owner, None)
                    del self._begun[owner]
                    break
                ended = next(self._begun[owner], _END) is _END
                if ended:
                    self._end(owner)
                if time.perf_counter() >= until:
                    lay_out()
                    return
                if ended:
                    break
        lay_out()

    def _end(self, owner: QObject) -> None:
        """Take a work that ended out; what is to be done anew has its turn after the others."""
        del self._begun[owner]
        again = self._again.pop(owner, None)
        if again:
            self._begun[owner] = again()


_END = object()


class _Current:
    pace: Pace | None = None


def pace() -> Pace:
    """Return the one pace of the application."""
    if _Current.pace is None or not isValid(_Current.pace):
        app = QCoreApplication.instance()
        if app is None:
            raise RuntimeError("no pace without an application")
        _Current.pace = Pace(app)
    return _Current.pace


@contextlib.contextmanager
def laid_out_once(*layouts: QLayout | None) -> Iterator[None]:
    """Lay out but once what changes meanwhile: Qt does so for each part that comes into sight."""
    held = [layout for layout in layouts if layout is not None and layout.isEnabled()]
    for layout in held:
        layout.setEnabled(False)
    try:
        yield
    finally:
        for layout in held:
            layout.setEnabled(True)
        lay_out()


def lay_out() -> None:
    """Lay out at once what changed, so that nothing is painted before."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)


def lay_out_up_to_the_page() -> None:
    """Lay out what changed and all that holds it: each asks what it stands in for room only when its own turn comes."""
    for _level in range(_LEVELS):
        lay_out()
