"""Qt's inputs with the marks that a style sheet cannot draw: the tick of a box, segments."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from wizard.gui import icons, tokens
from wizard.gui.theme import theme
from wizard.gui.widgets.flowing import Flowing
from wizard.gui.widgets.pressed import Pressed
from wizard.guide.drawing.words import with_units

_WORDS = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap

_ROUNDED = 2
"""Pixels beside a line of words: its width is a whole number, theirs is not, and they would go on in a second line."""


def _beside_words() -> int:
    """Return the width of the box, its gap, and the shift that the focus brings, in pixels."""
    return theme().px(tokens.ICON + tokens.S + tokens.S)


def draw_box(painter: QPainter, place: QRectF, *, on: bool) -> None:
    """Paint a box, with a tick or without, into `place`."""
    look = theme()
    painter.setPen(QPen(look.color("accent" if on else "control"), 1))
    painter.setBrush(look.color("accent" if on else "surface"))
    painter.drawRoundedRect(place, look.px(4), look.px(4))
    if on:
        icons.draw(painter, "check", place, "on_accent")


class TickedCells(QStyledItemDelegate):
    """Paints the boxes of cells that can be ticked as all other boxes of the window."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is None:
            return
        whole = QStyleOptionViewItem(option)
        self.initStyleOption(whole, index)
        part = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        box = whole.widget.style().subElementRect(part, whole, whole.widget)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_box(painter, QRectF(box), on=Qt.CheckState(state) is Qt.CheckState.Checked)
        painter.restore()


class CheckBox(Pressed, QCheckBox):
    """A check box painted from the tokens; its words take as many lines as they need."""

    def __init__(self, text: str) -> None:
        """Show `text` at the right of the box."""
        super().__init__(text)
        self.hear()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        width = _beside_words() + self.fontMetrics().horizontalAdvance(self._words) + _ROUNDED
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Leave room for the longest piece that no line breaks: Chinese breaks without blanks, too."""
        metrics = self.fontMetrics()
        longest = metrics.boundingRect(QRect(0, 0, 1, 10_000), _WORDS, self._words).width()
        return QSize(_beside_words() + longest + _ROUNDED, max(theme().px(tokens.XL), metrics.height()))

    def heightForWidth(self, width: int) -> int:
        px, metrics = theme().px, self.fontMetrics()
        room = QRect(0, 0, max(1, width - _beside_words()), 10_000)
        return max(px(tokens.XL), metrics.boundingRect(room, _WORDS, self._words).height() + px(tokens.XS))

    def hitButton(self, place: QPoint) -> bool:
        return self.rect().contains(place)

    @property
    def _words(self) -> str:
        return with_units(self.text().replace("&", ""))

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = theme()
        side = look.px(tokens.ICON)
        box = QRectF(1, (self.height() - side) / 2, side - 1, side - 1)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(look.color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), look.px(4), look.px(4))
            box.translate(look.px(3), 0)
        draw_box(painter, box, on=self.isChecked())
        painter.setPen(look.color("text" if self.isEnabled() else "muted"))
        left = box.right() + look.px(tokens.S)
        text = QRectF(left, 0, self.width() - left, self.height())
        painter.drawText(text, _WORDS | Qt.TextFlag.TextShowMnemonic, with_units(self.text()))
        painter.end()


class _Segment(Pressed, QPushButton):
    """One of the choices."""

    def __init__(self, text: str) -> None:
        """Show `text`."""
        super().__init__(text)
        self.setCheckable(True)
        self.setAutoExclusive(True)  # its group sees to that; so a screen reader is told of a radio button
        self.setAutoDefault(False)
        self.hear()


class Segments(QWidget):
    """One choice of a few, all in sight, in further lines where there is little room.

    Arrow keys move within, as in a group of radio buttons.
    """

    chosen = Signal(int)

    def __init__(self, labels: Sequence[str]) -> None:
        """Offer `labels`, from left to right."""
        super().__init__()
        layout = Flowing(gap=0)
        self._group = QButtonGroup(self)
        for index, text in enumerate(labels):
            button = _Segment(text)
            button.setProperty("role", "segment")
            button.setProperty("place", {0: "first", len(labels) - 1: "last"}.get(index, "middle"))
            self._group.addButton(button, index)
            layout.addWidget(button)
            button.clicked.connect(lambda _on=False, index=index: self.chosen.emit(index))
        self.setLayout(layout)
        self.setFocusProxy(self._group.button(0))

    def button(self, index: int) -> QPushButton:
        """Return one of the segments."""
        found = self._group.button(index)
        if not isinstance(found, QPushButton):
            raise IndexError(index)
        return found

    def current(self) -> int:
        """Return the index of the choice."""
        return self._group.checkedId()

    def choose(self, index: int) -> None:
        """Show a choice without announcing it; a focus that is within stands at what is chosen."""
        focused = any(button.hasFocus() for button in self._group.buttons())
        self.button(index).setChecked(True)
        self.setFocusProxy(self.button(index))
        if focused:  # else Enter would choose the former one again
            self.button(index).setFocus(Qt.FocusReason.OtherFocusReason)

    def name(self, text: str) -> None:
        """Say what is chosen here, for a screen reader."""
        for button in self._group.buttons():
            button.setAccessibleName(f"{text}: {button.text()}")
