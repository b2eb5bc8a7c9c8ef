"""A dialog that is as high as its words need."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog


class Question(QDialog):
    """Grows with its words: Qt looks at the height that a width needs for parts of a window, not for the window."""

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()

    def fit(self) -> None:
        """Be as high as the words need at this width."""
        layout = self.layout()
        if layout:
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))
