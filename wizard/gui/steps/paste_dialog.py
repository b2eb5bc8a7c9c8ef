"""Paste anything: what was found is shown with a tick a line before any of it is taken over."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QHeaderView, QPlainTextEdit, QTableWidget, QTableWidgetItem, QWidget

from wizard.gui import tokens
from wizard.gui.session import Session
from wizard.gui.theme import theme
from wizard.gui.tips import plain_tip
from wizard.gui.widgets.basics import button, column, label, row, within_window
from wizard.gui.widgets.inputs import TickedCells
from wizard.gui.window_events import dropped_files
from wizard.guide.pasting import Found, Pasted, read, taken_over, text_of
from wizard.plan.i18n import tr, trn
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret

_WIDTH, _HEIGHT = 820, 560
_PAUSE = 200
"""Milliseconds without a key before the text is read."""


class PasteBox(QPlainTextEdit):
    """Takes text; `files` brings the paths of files that are dropped or pasted, whose text is meant."""

    files = Signal(list)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return bool(dropped_files(source)) or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if paths := dropped_files(source):
            self.files.emit(paths)
        else:
            super().insertFromMimeData(source)

    def insert_lines(self, text: str) -> None:
        """Insert the text of a file, in the place of what is selected, so that no line of it joins another one."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        if not cursor.atBlockStart():
            cursor.insertText("\n")
        cursor.insertText(text if text.endswith("\n") or cursor.atBlockEnd() else f"{text}\n")
        cursor.endEditBlock()


class PasteDialog(QDialog):
    """Hands the plan with what is ticked, and the secrets in it, to `take`."""

    def __init__(
        self, parent: QWidget, session: Session, plan: Plan, take: Callable[[Plan, dict[str, Secret]], object]
    ) -> None:
        """Begin with an empty text, to be taken over into `plan`."""
        super().__init__(parent)
        self.setObjectName("paste")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Paste anything"))
        self._session, self._plan, self._take = session, plan, take
        self._pasted = Pasted((), ())
        self._look = 0
        words = label(
            tr(
                "Env text, JSON, addresses, command lines of clients, hosts or ranges of them, a Compose file. "
                "Nothing is taken over before you say so."
            ),
            "hint",
            wrap=True,
        )
        self.text = PasteBox()
        self.text.setObjectName("pasted-text")
        self.text.setAccessibleName(tr("Pasted text"))
        self.text.setPlaceholderText("DB_HOST=10.0.0.9\nredis://cache.internal:6379/0\n10.0.0.[11-13]")
        self.text.setTabChangesFocus(True)
        self.text.textChanged.connect(self._changed)
        self.text.files.connect(self._read_files)
        self.table = QTableWidget(0, 3)
        self.table.setObjectName("pasted-found")
        self.table.setAccessibleName(tr("What was found"))
        self.table.setHorizontalHeaderLabels([tr("Setting"), tr("Found"), tr("Instead of")])
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)  # the style sheet has a line below each row
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.setItemDelegate(TickedCells(self.table))
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)  # Tab leads to the buttons, the arrow keys from line to line
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.itemChanged.connect(lambda _item: self._word())
        self.told = label("", "problem", wrap=True)
        self.take_button = button("", "primary", self._take_over, name="take-over")
        line = row(gap=tokens.S)
        line.addStretch(1)
        line.addWidget(button(tr("Cancel"), "", self.close, name="no-paste"))
        line.addWidget(self.take_button)
        layout = column(words, self.text, self.table, self.told, gap=tokens.M, margins=(16, 16, 16, 16))
        layout.addLayout(line)
        self.setLayout(layout)
        within_window(self, _WIDTH, _HEIGHT)
        self._soon = QTimer(self, interval=_PAUSE, singleShot=True)
        self._soon.timeout.connect(self._read)
        self._show(self._pasted, 0)

    def _read_files(self, paths: list[str]) -> None:
        self._session.background.run(
            lambda: text_of(paths), self.text.insert_lines, self._tell, lane="paste", owner=self
        )

    def _tell(self, error: Exception) -> None:
        self.told.setText(str(error))
        self.told.show()

    def _changed(self) -> None:
        self._look += 1
        self._soon.start()

    def _read(self) -> None:
        text, plan, look = self.text.toPlainText(), self._plan, self._look
        self._session.background.run(
            lambda: read(text, plan), lambda pasted: self._show(pasted, look), lane="paste", owner=self
        )

    def _show(self, pasted: Pasted, look: int) -> None:
        if look != self._look:
            return
        self._pasted = pasted
        self.table.blockSignals(True)
        self.table.setRowCount(len(pasted.found))
        for at, one in enumerate(pasted.found):
            for place, words in enumerate((one.title, one.found, one.instead)):
                item = QTableWidgetItem(words)
                item.setToolTip(plain_tip(words))
                if place == 0:
                    item.setCheckState(Qt.CheckState.Checked)
                self.table.setItem(at, place, item)
        self.table.blockSignals(False)
        self.table.resizeRowsToContents()
        for at in range(self.table.rowCount()):
            self.table.setRowHeight(at, self.table.rowHeight(at) + theme().px(tokens.S))
        self.told.setText("\n".join(pasted.problems))
        self.told.setVisible(bool(pasted.problems))
        self._word()

    def _ticked(self) -> list[Found]:
        items = (self.table.item(at, 0) for at in range(self.table.rowCount()))
        ticked = [item is not None and item.checkState() is Qt.CheckState.Checked for item in items]
        return [one for one, wanted in zip(self._pasted.found, ticked, strict=True) if wanted]

    def _word(self) -> None:
        count = len(self._ticked())
        self.take_button.setText(trn("Take over 1 value", "Take over {count} values", count))
        self.take_button.setEnabled(count > 0)

    def _take_over(self) -> None:
        plan, secrets = taken_over(self._plan, self._ticked())
        self.close()
        self._take(plan, secrets)
