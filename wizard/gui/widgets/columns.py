"""Two columns of a page: beside one another on a wide window, else one below the other."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QVBoxLayout, QWidget

from wizard.gui import tokens
from wizard.gui.focus import BESIDE
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import column, keep_painted


class Columns(QWidget):
    """Holds a `first` and a `second` column, which get what is added to their layouts; an empty one is to be hidden.

    No line is longer than is easy to read: a column that stands alone keeps the width of a page. `spacious` says
    whether two have room beside one another, when that becomes another answer.
    """

    spacious = Signal(bool)

    def __init__(self) -> None:
        """Begin with two empty columns."""
        super().__init__()
        self._is_spacious: bool | None = None
        self.first, self.second = QWidget(), QWidget()
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        for each in (self.first, self.second):
            each.setLayout(column(gap=tokens.S))
            each.installEventFilter(self)
            self._layout.addWidget(each, 1, Qt.AlignmentFlag.AlignTop)
        self.setLayout(self._layout)
        keep_painted(self, self.first, self.second)

    @property
    def of_first(self) -> QVBoxLayout:
        """The layout of the first column."""
        return _layout(self.first)

    @property
    def of_second(self) -> QVBoxLayout:
        """The layout of the second column."""
        return _layout(self.second)

    @property
    def beside(self) -> bool:
        """Whether the columns stand beside one another."""
        return self._layout.direction() is QBoxLayout.Direction.LeftToRight

    def minimumSizeHint(self) -> QSize:
        """Reckon with one column: where there is no room for two, they stand below one another."""
        narrowest = max(each.minimumSizeHint().width() for each in (self.first, self.second))
        return QSize(narrowest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.ShowToParent, QEvent.Type.HideToParent}:
            self._place()
        return False

    def _place(self) -> None:
        px, both = theme().px, not (self.first.isHidden() or self.second.isHidden())
        spacious = self._room() >= px(tokens.CARDS_BESIDE)
        beside = both and spacious
        self._layout.setDirection(
            QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom,
        )
        self._layout.setSpacing(px(tokens.XXL) if beside else 0)
        self._layout.setContentsMargins(0, 0, 0 if beside else max(0, self.width() - px(tokens.PAGE)), 0)
        self.second.setProperty(BESIDE, beside)
        if spacious is not self._is_spacious:
            self._is_spacious = spacious
            self.spacious.emit(spacious)

    def _room(self) -> int:
        """Return its width beside a scroll bar, be there one or not: else one that comes may send itself away again."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        page = above.widget() if above is not None else None
        if above is None or page is None:
            return self.width()
        return above.width() - theme().px(tokens.SCROLL_BAR) - (page.width() - self.width())


def _layout(side: QWidget) -> QVBoxLayout:
    layout = side.layout()
    if not isinstance(layout, QVBoxLayout):
        raise TypeError(layout)
    return layout
