"""Where the focus is when a page comes into sight: where a person goes on."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from shiboken6 import isValid

from wizard.gui.focus import in_reading_order, reached_by_arrows
from wizard.gui.steps.page import Page


class Arrival:
    """Puts the focus on what a page asks for first, else on the primary action, as soon as that is ready."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._keeper: QWidget | None = None

    def put(self, page: Page, primary: QPushButton) -> None:
        """Put the focus where a person goes on; a part of the page keeps it until the primary action is ready."""
        first = page.first_input()
        if first is None and not primary.isEnabled():
            parts = (each for each in in_reading_order(page) if not reached_by_arrows(each))
            first = self._keeper = next(parts, None)
        (first or primary).setFocus(Qt.FocusReason.OtherFocusReason)

    def hand_on(self, page: Page, primary: QPushButton) -> None:
        """Give the focus to the primary action once it is ready, unless a person has moved it meanwhile."""
        keeper, ready = self._keeper, page.ready
        keeps = keeper is not None and isValid(keeper) and keeper.hasFocus()
        if ready or not keeps:
            self._keeper = None
        if ready and keeps:
            primary.setFocus(Qt.FocusReason.OtherFocusReason)
