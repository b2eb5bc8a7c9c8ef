"""Checks the failed ones again every few seconds until they pass, and says so on the desktop when they do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

EVERY = 10_000
"""Milliseconds between the end of a run and the next one."""


class Repeater(QObject):
    """`passed` comes when a run ended after which there is nothing left to wait for; then it is off."""

    passed = Signal()

    def __init__(self, again: Callable[[], object], parent: QObject) -> None:
        """`again` checks the failed ones."""
        super().__init__(parent)
        self._timer = QTimer(self, interval=EVERY, singleShot=True)
        self._timer.timeout.connect(again)
        self.on = False

    def turn(self, *, on: bool) -> None:
        """Begin, first after the usual pause, or end."""
        self.on = on
        if on:
            self._timer.start()
        else:
            self._timer.stop()

    def ended(self, *, goes_on: bool, cancelled: bool) -> None:
        """Hear that a run ended: the next one follows while it `goes_on`, unless a person cancelled this one."""
        if not self.on:
            return
        if cancelled:
            self.turn(on=False)
        elif goes_on:
            self._timer.start()
        else:
            self.turn(on=False)
            self.passed.emit()
