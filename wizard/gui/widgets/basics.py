"""Labels, buttons and boxes as the style sheet knows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from wizard.gui import tokens
from wizard.gui.theme import theme
from wizard.gui.widgets.wrapped import WrappedLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QDialog, QMessageBox

_UNDER_ONE_ANOTHER = 3
"""Pixels by which two letters may overlap."""


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet asks for, and wear the style anew if it changed and is worn already.

    To ask for the style alone makes six hundred names of its choices in Python, which a first picture does without.
    """
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    if theme().dresses and widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """Return a plain-text label; texts come from outside, so nothing in them is taken for markup."""
    widget = WrappedLabel(text) if wrap else QLabel(text)
    widget.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        widget.setProperty("role", role)
    if wrap:
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        widget.setSizePolicy(policy)
    return widget


class _Button(QPushButton):
    """A button whose words are whole where one letter is underlined.

    They are measured as one piece, with letters that stand under one another (“Te”), and painted in two.
    """

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + _UNDER_ONE_ANOTHER, hint.height()) if "&" in self.text() else hint

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Be pressed by Enter, too: a dialog would press its default button, or none, in the place of this one."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)


def button(text: str, role: str = "", clicked: Callable[[], object] | None = None, name: str = "") -> QPushButton:
    """Return a button; `role` is `primary`, `link`, `fold` or nothing, `name` its object name."""
    widget = _Button(text)
    if role:
        widget.setProperty("role", role)
    if name:
        widget.setObjectName(name)
    if role in {"link", "fold"}:
        widget.setCursor(Qt.CursorShape.PointingHandCursor)
    widget.setAutoDefault(False)
    if clicked:
        widget.clicked.connect(lambda _on=False: clicked())
    return widget


def show_if(widget: QWidget, *, shown: bool) -> None:
    """Show or hide a part, unless it is so already: Qt styles what it is told to show, with all that is in it.

    A part of a page that is not in sight yet is styled for nothing, as the window styles it once more.
    """
    if widget.isHidden() is shown:
        widget.setVisible(shown)


def enable_if(widget: QWidget, *, enabled: bool) -> None:
    """Let a part work or rest; one that rests lets go of the focus.

    Otherwise Qt looks for another part for it, all over the window. `LentFocus` puts it where it belongs.
    """
    if not enabled and widget.hasFocus():
        widget.clearFocus()
    widget.setEnabled(enabled)


def keep_painted(*grounds: QWidget) -> None:
    """Let grounds that show nothing but what lies on them stay as they are painted where they only grow.

    Otherwise Qt paints all of a page anew, with all that lies on it, as often as a card below makes it higher.
    """
    for each in grounds:
        each.setAttribute(Qt.WidgetAttribute.WA_StaticContents)


def within_window(dialog: QDialog, width: int, height: int) -> None:
    """Make a dialog so large, in pixels at the usual text size, but not larger than the window it belongs to."""
    wanted, owner = QSize(theme().px(width), theme().px(height)), dialog.parentWidget()
    dialog.resize(wanted.boundedTo(owner.window().size()) if owner else wanted)


def keep_words_whole(box: QMessageBox) -> None:
    """Let the buttons of a question have the room of their words: below one another where a line has too little."""
    from PySide6.QtWidgets import QDialogButtonBox

    buttons = box.buttons()
    for each in buttons:
        each.setMinimumWidth(each.sizeHint().width())
    row_of_buttons = box.findChild(QDialogButtonBox)
    wanted = sum(each.sizeHint().width() + theme().px(tokens.M) for each in buttons) + theme().px(tokens.XL)
    screen = box.screen().availableGeometry().width()
    most = min(screen - 480, 1000) if screen > 1024 else screen  # noqa: PLR2004 - as Qt limits the box
    if row_of_buttons and wanted > most:
        row_of_buttons.setOrientation(Qt.Orientation.Vertical)


def frame(role: str, layout: QLayout | None = None) -> QFrame:
    """Return a ground of its own colour."""
    widget = QFrame()
    widget.setProperty("role", role)
    if layout is not None:
        widget.setLayout(layout)
    return widget


def column(*items: QWidget | QLayout, gap: int = 0, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """Put things below one another; gaps and margins grow with the text."""
    layout = QVBoxLayout()
    _fill(layout, items, gap, margins)
    return layout


def row(*items: QWidget | QLayout, gap: int = 0, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """Put things beside one another; gaps and margins grow with the text."""
    layout = QHBoxLayout()
    _fill(layout, items, gap, margins)
    return layout


def _fill(
    layout: QVBoxLayout | QHBoxLayout,
    items: tuple[QWidget | QLayout, ...],
    gap: int,
    margins: tuple[int, int, int, int],
) -> None:
    px = theme().px
    layout.setSpacing(px(gap))
    layout.setContentsMargins(*(px(margin) for margin in margins))
    for item in items:
        if isinstance(item, QWidget):
            layout.addWidget(item)
        else:
            layout.addLayout(item)


def bounded(widget: QWidget, width: int = 0) -> QHBoxLayout:
    """Put a widget of limited width at the left. Only so does Qt reckon its height by the width that it really gets."""
    if width:
        widget.setMaximumWidth(theme().px(width))
    layout = row()
    layout.addWidget(widget, 1)
    layout.addStretch(0)
    return layout


class Gap(QWidget):
    """Room below a widget, which is there as long as the widget is."""

    def __init__(self, above: QWidget, height: int) -> None:
        """Follow `above`; `height` grows with the text."""
        super().__init__()
        self.setFixedHeight(theme().px(height))
        if above.isHidden():
            self.hide()  # otherwise whoever takes it in shows it: before, it would be a window of its own
        above.installEventFilter(self)

    def eventFilter(self, _above: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShowToParent:
            self.show()
        elif event.type() is QEvent.Type.HideToParent:
            self.hide()
        return False


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let go of it."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)
