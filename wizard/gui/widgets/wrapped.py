"""A label that takes as many lines as its width asks for, and cuts off nothing."""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QLabel

_NARROWEST = 8
"""Characters that must fit into a line."""
_BREAK = "\u200b"
"""The sign without width at which a line may break."""
_WORD = re.compile(r"\S+")
_PART = re.compile(r"[^-/._:,=&?@]*[-/._:,=&?@]*")
"""What a long word is broken into first: names and addresses have parts."""


class WrappedLabel(QLabel):
    """Plain text in lines. A word that is wider than the label is broken, too: an address, a path.

    Qt's own label says that it is as high as its narrowest form, which makes pages scroll for nothing, and lets long
    words stick out.
    """

    def __init__(self, text: str = "") -> None:
        """Show `text`."""
        super().__init__(text)
        self._whole = text
        self._asked = self.textInteractionFlags()
        self.setWordWrap(True)

    def text(self) -> str:
        """Return the text as it was set."""
        return self._whole

    def setText(self, text: str) -> None:
        if text != self._whole:
            self._whole = text
            super().setText(text)
            self._break()

    def setTextInteractionFlags(self, flags: Qt.TextInteractionFlag) -> None:
        self._asked = flags
        self._break()

    def sizeHint(self) -> QSize:
        """Ask for one line if there is room."""
        metrics = self.fontMetrics()
        lines = self._whole.split("\n")
        width = max(metrics.horizontalAdvance(line) for line in lines) + 2
        return QSize(width + 2 * self.margin(), metrics.height() * len(lines))

    def minimumSizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(_NARROWEST * metrics.averageCharWidth(), metrics.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._break()

    def _break(self) -> None:
        """Let words that are too wide break. What is broken cannot be selected: a copy would hold the breaks."""
        broken = _broken(self._whole, self.fontMetrics(), self.contentsRect().width() - 2 * self.margin())
        if super().text() != broken:
            super().setText(broken)
        whole = broken == self._whole
        self.setAccessibleName("" if whole else self._whole)
        flags = self._asked if whole else self._asked & ~_SELECTS
        if flags != self.textInteractionFlags():
            super().setTextInteractionFlags(flags)


_SELECTS = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


def _broken(text: str, metrics: QFontMetrics, room: int) -> str:
    if room < _NARROWEST * metrics.averageCharWidth():
        return text  # not laid out yet

    def word(match: re.Match[str]) -> str:
        found = match.group()
        return found if metrics.horizontalAdvance(found) <= room else _BREAK.join(map(part, parts_of(found)))

    def part(found: str) -> str:
        return found if metrics.horizontalAdvance(found) <= room else _BREAK.join(found)

    return _WORD.sub(word, text)


def parts_of(word: str) -> list[str]:
    """Return the parts between which a long word is broken first: after its hyphens, dots and slashes."""
    return [part for part in _PART.findall(word) if part]
