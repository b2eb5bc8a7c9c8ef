"""The focus while a run goes on: a button that rests meanwhile lends it to Cancel, and gets it back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from wizard.gui.bar import Bar
from wizard.gui.run_controller import RunController


class LentFocus(QObject):
    """Keeps the focus of a window at hand when a run rests the button that began it."""

    def __init__(self, window: QWidget, bar: Callable[[], Bar], runs: RunController) -> None:
        """Follow `runs`; `bar` gives the bar that the window has now."""
        super().__init__(window)
        self._window, self._bar, self._runs = window, bar, runs
        self._resting: QWidget | None = None
        self._lender: QWidget | None = None
        self._left: QWidget | None = None

    def forget(self) -> None:
        """Let go of all parts: the window is built anew."""
        self._resting = self._lender = self._left = None

    def follow(self, left: QWidget | None) -> None:
        """Remember what had the focus: a button that is rested loses it before anybody is told of the run."""
        if left is not None and self._window.isAncestorOf(left):
            self._left = left

    def note(self) -> None:
        """Remember what had the focus when a run began; the next refresh may rest it."""
        left = self._left
        rested = left is not None and isValid(left) and left.isVisible() and not left.isEnabled()
        self._lender = left if rested else self._window.focusWidget()

    def lend(self) -> None:
        """Put the focus on Cancel where a run rests the button that began it, until the run is over."""
        lender = self._lender
        if lender is None or (isValid(lender) and lender.isEnabled() and self._runs.running):
            return
        self._lender = None
        if isValid(lender) and self._runs.running:
            self._resting = lender
            self._bar().cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def give_back(self) -> None:
        """Put the focus back in a moment, when the button works again, or on the primary one."""

        def give() -> None:
            resting, self._resting = self._resting, None
            there = resting and isValid(resting) and resting.isVisible() and resting.isEnabled()
            (resting if resting and there else self._bar().primary_button).setFocus(Qt.FocusReason.OtherFocusReason)

        QTimer.singleShot(0, self, give)
