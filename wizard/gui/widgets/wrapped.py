"""A label that takes as many lines as its width asks for, and cuts off nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetrics, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QLabel

from wizard.guide.drawing.words import parts_of, with_units
from wizard.pattern import pattern

if TYPE_CHECKING:
    import re

_UNKNOWN = -1
_NARROWEST = 8
"""Characters that must fit into a line."""
_WIDEST = 2
"""Times the height of a line: hardly any sign is wider."""
_BREAK = "\u200b"
"""The sign without width at which a line may break."""
_OF_CHINA = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
"""Signs between which Qt breaks lines by itself, and never before a comma."""
_WORD = pattern(rf"(?:\xa0|[^\s{_OF_CHINA}])+[\u3001\u3002\uff00-\uff0f\uff1a-\uff1f]*")
"""What no line breaks, with the comma or the full stop that has to stay at it."""


class WrappedLabel(QLabel):
    """Plain text in lines. A word that is wider than the label is broken, too: an address, a path.

    Qt's own label says that it is as high as its narrowest form, which makes pages scroll for nothing, and lets long
    words stick out. And it makes a whole text document of each text that can be selected, which is slow to lay out
    and to paint: here that waits until a pointer comes, as nothing is selected before.
    """

    def __init__(self, text: str = "") -> None:
        """Show `text`."""
        super().__init__(kept := with_units(text))
        self._whole, self._kept = text, kept
        self._broken = self._named = False
        self._selects: Qt.TextInteractionFlag | None = None
        self._widest = self._line = _UNKNOWN
        self.setWordWrap(True)

    def text(self) -> str:
        """Return the text as it was set."""
        return self._whole

    def setText(self, text: str) -> None:
        if text != self._whole:
            self._whole, self._kept = text, with_units(text)
            self._widest = self._line = _UNKNOWN
            self._show(self._kept)
            self._break()

    def setTextInteractionFlags(self, flags: Qt.TextInteractionFlag) -> None:
        self._selects = flags

    def sizeHint(self) -> QSize:
        """Ask for one line if there is room."""
        metrics, lines = self.fontMetrics(), self._whole.split("\n")
        if self._line == _UNKNOWN:
            self._line = max(metrics.horizontalAdvance(line) for line in lines) + 2
        return QSize(self._line + 2 * self.margin(), metrics.height() * len(lines))

    def minimumSizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(_NARROWEST * metrics.averageCharWidth(), metrics.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._break()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self._widest = self._line = _UNKNOWN

    def enterEvent(self, event: QEnterEvent) -> None:
        self._let_select()
        super().enterEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._let_select()  # a finger presses without coming first
        super().mousePressEvent(event)

    def _let_select(self) -> None:
        """Let the text be selected, unless it is broken: a copy would hold the breaks."""
        if self._selects is not None:
            super().setTextInteractionFlags(self._selects & ~_SELECTING if self._broken else self._selects)

    def _break(self) -> None:
        """Let words that are too wide break."""
        metrics, room = self.fontMetrics(), self.contentsRect().width() - 2 * self.margin()
        self._show(self._kept if self._fits(metrics, room) else _broken(self._kept, metrics, room))

    def _fits(self, metrics: QFontMetrics, room: int) -> bool:
        """Whether no word is wider than the label. Qt takes long to measure: words that are short are not."""
        if self._widest == _UNKNOWN:
            words = _WORD.findall(self._kept)
            if max(map(len, words), default=0) * _WIDEST * metrics.height() <= room:
                return True
            self._widest = max((metrics.horizontalAdvance(word) for word in words), default=0)
        return room >= self._widest

    def _show(self, text: str) -> None:
        """Put `text` in sight: the whole, with its breaks and its blanks that do not break."""
        if super().text() != text:
            super().setText(text)
        other, broken = text != self._whole, _BREAK in text
        if other or self._named:
            self._named = other
            self.setAccessibleName(self._whole if other else "")
        if broken is not self._broken:
            self._broken = broken
            if self.textInteractionFlags() & _SELECTING:
                self._let_select()


_SELECTING = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


def _broken(text: str, metrics: QFontMetrics, room: int) -> str:
    if room < _NARROWEST * metrics.averageCharWidth():
        return text  # not laid out yet

    def word(match: re.Match[str]) -> str:
        found = match.group()
        return found if metrics.horizontalAdvance(found) <= room else _BREAK.join(map(part, parts_of(found)))

    def part(found: str) -> str:
        return found if metrics.horizontalAdvance(found) <= room else _BREAK.join(found)

    return _WORD.sub(word, text)
