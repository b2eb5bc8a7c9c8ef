"""The preview of what will be written: the list of files, and the text of the chosen one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QIcon, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QListWidgetItem, QPlainTextEdit, QPushButton, QSizePolicy, QWidget

from wizard.gui import tokens
from wizard.gui.icons import icon
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import button, clear, column, label, row
from wizard.gui.widgets.fixed_row_list import WholeRows
from wizard.plan.i18n import tr

if TYPE_CHECKING:
    from wizard.formats.files import BundleFile

_LEAST = 200
"""The least height; it grows with the page."""
_LIST = (200, 320)
"""The least and the most width of the list: it is as wide as its names are."""
_LOW_LIST = 150
_NARROW = 620
"""Below this width, at the usual text size, the list stands above the text."""
_COPIED = 2000


class Preview(QWidget):
    """Shows files; the choice stays on the same path when they are rendered anew."""

    def __init__(self) -> None:
        """Begin without files."""
        super().__init__()
        px = theme().px
        self._files: Sequence[BundleFile] = ()
        self.list = WholeRows()
        self.list.setObjectName("files")
        self.list.setAccessibleName(tr("Files"))
        self.list.setIconSize(QSize(px(tokens.ICON), px(tokens.ICON)))
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
        self._split = row(self.list, gap=tokens.M)
        self._split.addLayout(column(head, self.text, gap=tokens.XS), 1)
        self._both = QWidget()
        self._both.setLayout(self._split)
        self._both.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._way = row()
        whole = column(self._words, self._way, self._both, gap=tokens.XS)
        whole.setStretchFactor(self._both, 1)
        whole.addStretch(0)
        self.setLayout(whole)
        theme().changed.connect(self._wear)
        self._fit()
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
        self._fit()
        self.list.fit_rows()
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Ask for no more width than the list needs: the text can go below it."""
        return QSize(theme().px(_LIST[0]), super().minimumSizeHint().height())

    def _fit(self) -> None:
        """Put the list at the left of the text, or above it where there is little room."""
        px = theme().px
        if self.width() < px(_NARROW):
            self._split.setDirection(QBoxLayout.Direction.TopToBottom)
            self.list.setMinimumWidth(0)
            self.list.setMaximumWidth(self.maximumWidth())
            self.list.setFixedHeight(px(_LOW_LIST))
            self._both.setMinimumHeight(px(_LEAST + _LOW_LIST))
        else:
            self._split.setDirection(QBoxLayout.Direction.LeftToRight)
            wanted = self.list.sizeHintForColumn(0) + px(tokens.XL)
            self.list.setFixedWidth(min(max(wanted, px(_LIST[0])), px(_LIST[1])))
            self.list.setMinimumHeight(0)
            self.list.setMaximumHeight(self.maximumHeight())
            self._both.setMinimumHeight(px(_LEAST))

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
