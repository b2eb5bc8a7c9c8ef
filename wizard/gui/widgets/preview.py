"""The preview of what will be written: the list of files, and the text of the chosen one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QIcon
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPlainTextEdit, QPushButton, QWidget

from wizard.gui import tokens
from wizard.gui.icons import icon
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import button, clear, column, label, row
from wizard.plan.words import tr

if TYPE_CHECKING:
    from wizard.bundle.files import BundleFile

_HEIGHT = 340
_LIST = 216
_COPIED = 2000


class Preview(QWidget):
    """Shows files; the choice stays on the same path when they are rendered anew."""

    def __init__(self) -> None:
        """Begin without files."""
        super().__init__()
        px = theme().px
        self._files: Sequence[BundleFile] = ()
        self.list = QListWidget()
        self.list.setObjectName("files")
        self.list.setAccessibleName(tr("Files"))
        self.list.setFixedWidth(px(_LIST))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.currentRowChanged.connect(self._show)
        self.text = QPlainTextEdit()
        self.text.setObjectName("file-text")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setProperty("role", "code")
        self.text.setAccessibleName(tr("Text of the file"))
        mono = theme().font(tokens.TINY, mono=True)
        self.text.setStyleSheet(f"font-family: '{mono.family()}'; font-size: {px(tokens.TINY)}px;")
        self.text.setTabStopDistance(4 * QFontMetricsF(mono).horizontalAdvance(" "))
        self._name = label("", "hint")
        self._copy = button(tr("Copy"), "link", self._to_clipboard, name="copy-file")
        self._copy.setAccessibleName(tr("Copy the text of the file"))
        self._words = label("", "intro", wrap=True)
        head = row(self._name, gap=tokens.S)
        head.addStretch(1)
        head.addWidget(self._copy)
        both = row(self.list, gap=tokens.M)
        both.addLayout(column(head, self.text, gap=tokens.XS), 1)
        self._both = QWidget()
        self._both.setLayout(both)
        self._both.setFixedHeight(px(_HEIGHT))
        self._way = row()
        self.setLayout(column(self._words, self._way, self._both, gap=tokens.XS))
        theme().changed.connect(self._wear)
        self.say(tr("Being rendered …"))

    def show_files(self, files: Sequence[BundleFile]) -> None:
        """Show these files, with secrets masked by whoever rendered them."""
        chosen = self._files[self.list.currentRow()].path if self._files and self.list.currentRow() >= 0 else ""
        self._files = files
        self.list.blockSignals(True)
        self.list.clear()
        for file in files:
            item = QListWidgetItem(_icon(file), file.path)
            item.setToolTip(tr("{path}, holds secrets", path=file.path) if file.secret else file.path)
            self.list.addItem(item)
        self.list.blockSignals(False)
        paths = [file.path for file in files]
        usual = "env/cluster.env" if "env/cluster.env" in paths else paths[0] if paths else ""
        if paths:
            self.list.setCurrentRow(paths.index(chosen if chosen in paths else usual))
        clear(self._way)
        self._words.hide()
        self._both.show()

    def say(self, words: str, way_on: QPushButton | None = None) -> None:
        """Show a sentence in the place of files, and a button that leads on from it."""
        clear(self._way)
        if way_on:
            self._way.addWidget(way_on)
            self._way.addStretch(1)
        self._words.setText(words)
        self._words.show()
        self._both.hide()

    def _wear(self) -> None:
        for at, file in enumerate(self._files):
            self.list.item(at).setIcon(_icon(file))

    def _show(self, index: int) -> None:
        if 0 <= index < len(self._files):
            file = self._files[index]
            self._name.setText(tr("{path} · holds secrets", path=file.path) if file.secret else file.path)
            if self.text.toPlainText() != file.text:
                self.text.setPlainText(file.text)

    def _to_clipboard(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self._copy.setText(tr("Copied"))
        QTimer.singleShot(_COPIED, self._copy, lambda: self._copy.setText(tr("Copy")))


def _icon(file: BundleFile) -> QIcon:
    return icon("lock" if file.secret else "file")
