"""Lines of text: one that says when it is left, one that shows all of itself as its tip, and one that hides it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QFocusEvent, QHelpEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QToolTip

from wizard.gui import tokens
from wizard.gui.theme import theme
from wizard.gui.tips import plain_tip
from wizard.gui.widgets.basics import button
from wizard.gui.window_events import dropped_files
from wizard.plan.i18n import tr
from wizard.plan.redact import masked

_COMES_BACK = frozenset(
    {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MenuBarFocusReason, Qt.FocusReason.ActiveWindowFocusReason}
)
"""Why a line is left for a moment alone: for its menu, or for another window."""


def _takes_back(event: QKeyEvent) -> bool:
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    return control and event.key() in {Qt.Key.Key_Z, Qt.Key.Key_Y}


class FreeEdit(QLineEdit):
    """A line of text that leaves to the window what is no text: files that are dropped on it.

    Who does not write in it sees where its text begins.
    """

    def __init__(self, text: str = "") -> None:
        """Show `text`."""
        super().__init__(text)
        self.setCursorPosition(0)

    def setText(self, text: str | None) -> None:
        super().setText(text)
        if not self.hasFocus():
            self.setCursorPosition(0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _COMES_BACK:
            self.setCursorPosition(0)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_files(event.mimeData()):
            event.ignore()
        else:
            super().dragEnterEvent(event)


class LineEdit(FreeEdit):
    """A line of text that says when it loses the focus, and leaves room for a button inside.

    What a screen reader writes here counts as typed. Qt sets such a text without a word of who did it, so whatever
    was neither typed nor set by us is a screen reader's; while the line has no focus, it is left at once.
    """

    left = Signal()

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self._by_us = self._by_keys = False
        self.textEdited.connect(self._typed)
        self.textChanged.connect(self._changed)

    def setText(self, text: str | None) -> None:
        """Show a text; nobody typed it here."""
        self._by_us, before = True, self._by_us
        super().setText(text)
        self._by_us = before

    def _typed(self) -> None:
        self._by_keys = True

    def _changed(self, text: str) -> None:
        """Tell of a text that was written without a key; what a list offers counts only once it is chosen."""
        if self._by_us:
            return
        typed, self._by_keys = self._by_keys, False
        if typed or self._offers():
            return
        self.textEdited.emit(text)
        self._by_keys = False
        if not self.hasFocus():
            self.left.emit()

    def _offers(self) -> bool:
        listed = self.completer()
        popup = listed.popup() if listed else None
        return popup is not None and popup.isVisible()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window, which takes back what happened in other fields, too."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride and _takes_back(event):
            event.ignore()
            return False
        return super().event(event)


class OpenEdit(LineEdit):
    """A line of text that is no secret: what is longer than the field is shown whole as its tip."""

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip and self.tip:
            QToolTip.showText(event.globalPos(), plain_tip(self.tip), self)
            return True
        return super().event(event)

    @property
    def tip(self) -> str:
        """The text if it sticks out, without the account of an address that was pasted here; else nothing."""
        room = self.contentsRect().width() - theme().px(tokens.XL)
        return masked(self.text()) if self.fontMetrics().horizontalAdvance(self.text()) > room else ""


class SecretEdit(LineEdit):
    """A line whose text is hidden until Show is pressed; the button stands inside, at the right."""

    def __init__(self, title: str) -> None:
        """`title` is the name of the secret, for a screen reader."""
        super().__init__()
        self._title = title
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAccessibleName(title)
        self.toggle = button("", "link", self._toggle)
        self.toggle.setParent(self)
        self._word()

    def hide_text(self) -> None:
        """Hide the text again."""
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._word()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.FontChange}:
            self._place()

    def _toggle(self) -> None:
        hidden = self.echoMode() is QLineEdit.EchoMode.Password
        self.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        self._word()

    def _word(self) -> None:
        hidden = self.echoMode() is QLineEdit.EchoMode.Password
        self.toggle.setText(tr("Show") if hidden else tr("Hide"))
        action = tr("Show “{title}”", title=self._title) if hidden else tr("Hide “{title}”", title=self._title)
        self.toggle.setAccessibleName(action)
        self._place()

    def _place(self) -> None:
        size = self.toggle.sizeHint()
        self.toggle.resize(size)
        self.toggle.move(self.width() - size.width() - theme().px(tokens.S), (self.height() - size.height()) // 2)
        self.setTextMargins(0, 0, size.width() + theme().px(tokens.XS), 0)
