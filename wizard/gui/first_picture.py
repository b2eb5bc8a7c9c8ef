"""What need not be done before a person sees the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

_AT_LATEST = 500
"""Milliseconds after which a window that is painted by nobody, as one that is minimised, does its work all the same."""


class AfterFirstPicture(QObject):
    """Does `work` once, as soon as `window` has been painted."""

    def __init__(self, window: QWidget, work: Callable[[], object]) -> None:
        """Wait for the window's first painting."""
        super().__init__(window)
        self._window, self._work = window, work
        self._timer = QTimer(self, interval=_AT_LATEST, singleShot=True)
        self._timer.timeout.connect(self._do)
        self._timer.start()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Do the work in the turn of Qt's loop that follows the painting."""
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._timer.start(0)
        return False

    def _do(self) -> None:
        self._window.removeEventFilter(self)
        self._work()
