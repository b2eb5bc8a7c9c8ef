"""A list to choose from by typing: all settings (Ctrl+F), all commands (Ctrl+K), the keys that do something (F1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QWidget

from wizard.gui import tokens
from wizard.gui.widgets.basics import column, label, within_window
from wizard.guide import search
from wizard.guide.search import Hit
from wizard.plan.i18n import tr

_WIDTH, _HEIGHT = 620, 420
_MOST = 60
"""As many are shown: more are found by another word."""
_KEY = Qt.ItemDataRole.UserRole
_MOVES = {Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp}


class Finder(QDialog):
    """Closes as soon as something is chosen, and then tells `choose` its key. The arrow keys move while one types."""

    def __init__(self, parent: QWidget, title: str, hits: Sequence[Hit], choose: Callable[[str], object]) -> None:
        """Offer `hits`."""
        super().__init__(parent)
        self.setObjectName("finder")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._hits, self._choose = hits, choose
        self.edit = QLineEdit()
        self.edit.setObjectName("finder-text")
        self.edit.setPlaceholderText(title)
        self.edit.setAccessibleName(title)
        self.edit.textChanged.connect(self._show)
        self.edit.installEventFilter(self)
        self.list = QListWidget()
        self.list.setObjectName("finder-list")
        self.list.setAccessibleName(tr("What was found"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # a long hint is cut at its end
        self.list.itemActivated.connect(lambda _item: self._take())
        self.list.itemClicked.connect(lambda _item: self._take())
        self._none = label(tr("Nothing is called so."), "hint")
        layout = column(self.edit, self._none, gap=tokens.M, margins=(16, 16, 16, 16))
        layout.addWidget(self.list, 1)
        self.setLayout(layout)
        within_window(self, _WIDTH, _HEIGHT)
        self._show("")

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._take()
                return True
            if event.key() in _MOVES:
                self.list.event(event)
                return True
        return False

    def _show(self, text: str) -> None:
        found = search.matching(self._hits, text)[:_MOST]
        self.list.clear()
        for hit in found:
            item = QListWidgetItem(f"{hit.title}   ·   {hit.hint}" if hit.hint else hit.title)
            item.setData(_KEY, hit.key)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._none.setVisible(not found)

    def _take(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            key = str(item.data(_KEY))
            self.close()
            self._choose(key)
