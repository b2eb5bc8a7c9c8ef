"""A list that a line of text is completed from: it is searched by any part of its words, and can be shown whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QCompleter, QLineEdit

from wizard.gui import tokens
from wizard.gui.icons import IconButton
from wizard.gui.theme import theme

_ROWS = 12
_MINE = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape}


class Listed(QCompleter):
    """Offers values by what they are called; `chosen` brings the value."""

    chosen = Signal(str)

    def __init__(self, offers: Sequence[tuple[str, str]], edit: QLineEdit) -> None:
        """Offer pairs of a value and what it is called."""
        super().__init__(edit)
        self._values = [value for value, _called in offers]
        self.setModel(QStringListModel([called for _value, called in offers], self))
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setMaxVisibleItems(_ROWS)
        self.activated.connect(self.chosen)  # of its two forms the one with what `pathFromIndex` returned

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """Return what is put into the line: the value, not what it is called."""
        return self._values[index.row()]

    def takes(self, event: QEvent) -> bool:
        """Whether a key is the open list's own, and not one of the window's shortcuts."""
        popup = self.popup()
        mine = isinstance(event, QKeyEvent) and event.key() in _MINE
        return mine and popup is not None and popup.isVisible()

    def show_all(self) -> None:
        """Show the whole list, whatever stands in the line."""
        self.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.complete()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep Enter from the window while the list is open, and search again once the whole list was left."""
        if event.type() is QEvent.Type.ShortcutOverride and self.takes(event):
            event.accept()
            return True
        if event.type() is QEvent.Type.Polish and isinstance(watched, QAbstractItemView):
            theme().dress(watched)  # the list is a window without a parent
        if event.type() is QEvent.Type.Hide and watched is self.popup():
            QTimer.singleShot(0, self, lambda: self.setCompletionMode(QCompleter.CompletionMode.PopupCompletion))
        return super().eventFilter(watched, event)


class ListArrow(IconButton):
    """The arrow at the right within a line of text that shows the list; Down does the same."""

    def __init__(self, edit: QLineEdit, name: str, show_all: Callable[[], object]) -> None:
        """Stand in `edit`; `name` is what a screen reader says."""
        super().__init__("", "chevron-down", "muted")
        self._edit, self._show_all = edit, show_all
        self.setParent(edit)
        self.setProperty("role", "link")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(name)
        self.clicked.connect(lambda _on=False: show_all())
        edit.setTextMargins(0, 0, theme().px(tokens.XL), 0)
        edit.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            side = self.minimumSizeHint()
            self.resize(side)
            room = self._edit.size()
            self.move(room.width() - side.width() - theme().px(tokens.XS), (room.height() - side.height()) // 2)
        listed = self._edit.completer()
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(listed, Listed) and listed.takes(event):
            event.accept()
            return True
        down = isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down
        if down:
            self._show_all()
        return down
