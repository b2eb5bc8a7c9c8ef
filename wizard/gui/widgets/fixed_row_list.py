"""A list that shows whole rows: none is cut at its lower edge."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QListWidget

from wizard.gui.theme import theme

_PADDING, _BORDER = 4, 1
"""What the style sheet leaves around the rows of a list, the padding at the usual text size."""


class WholeRows(QListWidget):
    """A list of rows of one height. What is left below the last whole one stays empty."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_rows()

    def fit_rows(self) -> None:
        """Leave room below the last row that fits; to be called when rows came."""
        tall = self.sizeHintForRow(0)
        room = self.viewport().height() + self.viewportMargins().bottom()
        self.setViewportMargins(0, 0, 0, room % tall if 0 < tall <= room else 0)

    def height_for(self, rows: int) -> int:
        """Return the height, in pixels, at which `rows` rows are in sight."""
        return rows * max(0, self.sizeHintForRow(0)) + 2 * (theme().px(_PADDING) + _BORDER)
