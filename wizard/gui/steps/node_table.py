"""The nodes as a table: by keys, by typing over, by pasting a list; thirty-two rows cost no more than three."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QApplication, QHeaderView, QTableView, QWidget

from wizard.gui import tokens
from wizard.gui.session import Session
from wizard.gui.steps.node_cells import NodeCells, row_height
from wizard.gui.steps.node_model import NodeModel
from wizard.gui.theme import theme
from wizard.guide.layouts import NODE_COLUMNS, SPARED_COLUMNS
from wizard.plan.i18n import tr

_WIDTHS = {"port": 90, "processes": 110, "worker_mode": 180}
"""Widths of the columns that keep theirs; name and host share what is left."""
_NUMBERS = {"port", "processes"}
"""The columns that are whole, however little room there is."""
_LEAST = 110
"""Name and host are no narrower, as long as the other columns can take less instead: no more than they need."""
_SHORTENED = 56
"""The least that is left of a text that is longer than its cell; its tip has the whole of it."""
_BESIDE_HEAD = 21
"""What the style sheet leaves free beside a head's words, and its border."""
_MOST_ROWS = 12
_LEAST_SIGN = 16
_EDIT = QAbstractItemView.EditTrigger
_RESIZE = QHeaderView.ResizeMode
_LAST = {QAbstractItemView.CursorAction.MoveNext: -1, QAbstractItemView.CursorAction.MovePrevious: 0}


class NodeTable(QTableView):
    """Each cell can be typed over. `pasted` brings a list of nodes, `removed` the rows to be taken out.

    `turned` says that another row is the current one, others are chosen, or columns came or went; `spares` names the
    setting in whose cell somebody was typing when its column went.
    """

    pasted = Signal(str)
    removed = Signal(list)
    turned = Signal()
    spares = Signal(str)

    def __init__(self, session: Session) -> None:
        """Show the nodes of the session's plan."""
        super().__init__()
        self.nodes = NodeModel(session)
        self.setObjectName("nodes")
        self.setAccessibleName(tr("Nodes"))
        self.setModel(self.nodes)
        self.cells = NodeCells(session, self.nodes, self)
        self.cells.pasted.connect(self._take_list)
        self.setItemDelegate(self.cells)
        self.setEditTriggers(_EDIT.AnyKeyPressed | _EDIT.EditKeyPressed)
        self.clicked.connect(self.edit)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setCornerButtonEnabled(False)
        self.setShowGrid(False)
        self.setIconSize(QSize(sign_side(), sign_side()))
        self.setAlternatingRowColors(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(row_height())
        self._arrange_heads()
        self.nodes.modelReset.connect(self._fit_anew)
        self.fit()

    def _arrange_heads(self) -> None:
        heads = self.horizontalHeader()
        heads.setHighlightSections(False)
        heads.setSectionsClickable(False)
        heads.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for at, name in enumerate(NODE_COLUMNS):
            heads.setSectionResizeMode(at, _RESIZE.Fixed if name in _WIDTHS else _RESIZE.Stretch)

    @property
    def spared(self) -> bool:
        """Whether there is so little room that some columns are not shown; a form has what they hold."""
        return self.isColumnHidden(NODE_COLUMNS.index(SPARED_COLUMNS[0]))

    def _share(self) -> None:
        """Give each column its width by the room there is; where it is too little, words are shortened."""
        heads, room = self.horizontalHeader(), self.viewport().width()
        fixed = {at: theme().px(_WIDTHS[name]) for at, name in enumerate(NODE_COLUMNS) if name in _WIDTHS}
        others = [at for at in range(len(NODE_COLUMNS)) if at not in fixed]
        narrow = room - sum(fixed.values()) < len(others) * theme().px(_LEAST)
        self.nodes.narrow(narrow=narrow)
        for at in others:
            heads.setSectionResizeMode(at, _RESIZE.Fixed if narrow else _RESIZE.Stretch)
        spared = False
        if narrow:
            numbers = [at for at, name in enumerate(NODE_COLUMNS) if name in _NUMBERS]
            words = [at for at in range(len(NODE_COLUMNS)) if at not in numbers]
            whole = {at: self._needed(at) for at in numbers}
            fixed = whole | self._shortened(words, room - sum(whole.values()))
            if spared := sum(fixed.values()) > room:
                fixed = self._shortened(words, room)
        self._spare(spared=spared)
        for at, width in fixed.items():
            heads.resizeSection(at, max(width, self._head_width(at)))

    def _spare(self, *, spared: bool) -> None:
        """Show all columns, or those alone that there is room for."""
        if spared is self.spared:
            return
        key = self.nodes.key(self.currentIndex()) if self.indexWidget(self.currentIndex()) is not None else ""
        for name in SPARED_COLUMNS:
            self.setColumnHidden(NODE_COLUMNS.index(name), spared)
        at = self.currentIndex()
        if self.isColumnHidden(at.column()):  # keys would go to a cell that nobody sees
            self.setCurrentIndex(at.siblingAtColumn(0))
        self.turned.emit()
        if spared and key.endswith(SPARED_COLUMNS):
            self.spares.emit(key)

    def _shortened(self, columns: list[int], room: int) -> dict[int, int]:
        """Return the widths of columns that share too little room: each alike, but none more than it needs."""
        widths: dict[int, int] = {}
        for left, at in enumerate(sorted(columns, key=self._needed), start=-len(columns)):
            share = room // -left
            wanted = share if left == -1 else min(share, self._needed(at))
            widths[at] = max(wanted, theme().px(_SHORTENED), self._head_width(at))
            room -= widths[at]
        return widths

    def _needed(self, column: int) -> int:
        """Return the width in which a column's head and values are whole."""
        return max(self._head_width(column), self.sizeHintForColumn(column))

    def _head_width(self, column: int) -> int:
        heads = self.horizontalHeader()
        words = str(self.nodes.headerData(column, Qt.Orientation.Horizontal))
        widest = max(heads.fontMetrics().horizontalAdvance(line) for line in words.split("\n"))
        return widest + theme().px(_BESIDE_HEAD)

    @property
    def row(self) -> int:
        """The current row; -1 if there is none."""
        return self.currentIndex().row()

    @property
    def chosen(self) -> list[int]:
        """The rows that are selected, from the top; the current one if none is."""
        rows = sorted({index.row() for index in self.selectedIndexes()})
        return rows or ([self.row] if self.row >= 0 else [])

    def edit_at(self, key: str) -> QWidget | None:
        """Open the cell of a setting for typing and return what one types in; None if it is in no column."""
        index = self.nodes.index_of(key)
        if not index.isValid() or self.isColumnHidden(index.column()):
            return None
        self.setCurrentIndex(index)
        if self.indexWidget(index) is None:
            self.edit(index)
        return self.indexWidget(index) or self

    def take_enter(self, focused: QWidget) -> bool:
        """Do what Enter does here: open the current cell, or leave the one that is open for the one below."""
        if focused is self and self.currentIndex().isValid():
            self.edit(self.currentIndex())
            return True
        if not self.viewport().isAncestorOf(focused):
            return False
        self.commitData(focused)
        self.closeEditor(focused, QAbstractItemDelegate.EndEditHint.NoHint)
        below = self.currentIndex().siblingAtRow(self.row + 1)
        self.setCurrentIndex(below if below.isValid() else self.currentIndex())
        self.setFocus()
        return True

    def follow(self) -> None:
        """Show the plan as it is now."""
        at = self.currentIndex()
        if self.nodes.refresh() and (rows := self.nodes.rowCount()):
            row = min(max(at.row(), 0), rows - 1)
            self.setCurrentIndex(self.nodes.index(row, max(at.column(), 0)))

    def _fit_anew(self) -> None:
        self._share()
        self.fit()

    def fit(self) -> None:
        """Be as high as the rows, up to some; more are scrolled."""
        rows = min(max(self.nodes.rowCount(), 1), _MOST_ROWS)
        heads = self.horizontalHeader().sizeHint().height()
        wide = self.horizontalHeader().length() > self.viewport().width()
        bar = self.horizontalScrollBar().sizeHint().height() if wide else 0
        self.setFixedHeight(heads + rows * row_height() + bar + 2 * self.frameWidth())

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]
        super().currentChanged(current, previous)
        self.turned.emit()

    def selectionChanged(self, chosen: QItemSelection, left: QItemSelection) -> None:
        super().selectionChanged(chosen, left)
        self.turned.emit()

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Go no further than the last cell by Tab: who goes on leaves the table."""
        index, last = self.currentIndex(), self.nodes.rowCount() * len(NODE_COLUMNS) - 1
        at = index.row() * len(NODE_COLUMNS) + index.column()
        if action in _LAST and at == (last if _LAST[action] else 0):
            return QModelIndex()
        return super().moveCursor(action, modifiers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit(QApplication.clipboard().text())
        elif event.matches(QKeySequence.StandardKey.Copy):
            QApplication.clipboard().setText(self._rows_as_text())
        elif event.key() == Qt.Key.Key_Delete and control:
            self.removed.emit(self.chosen)
        elif event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.nodes.setData(self.currentIndex(), "")
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_anew()

    def _take_list(self, text: str) -> None:
        """Leave the cell that is open, and hand on what was pasted there."""
        if (editor := self.indexWidget(self.currentIndex())) is not None:
            self.closeEditor(editor, QAbstractItemDelegate.EndEditHint.RevertModelCache)
        self.pasted.emit(text)

    def _rows_as_text(self) -> str:
        """Return the selected nodes as a list that can be pasted here or elsewhere."""
        columns = (NODE_COLUMNS.index(name) for name in ("name", "host", "port"))
        wanted = list(columns)
        lines = (", ".join(self.nodes.index(row, at).data() for at in wanted) for row in self.chosen)
        return "".join(f"{line}\n" for line in lines)


def sign_side() -> int:
    """Return how wide and high the sign of a node's state is, in pixels: as large as the text, if that is large."""
    return max(_LEAST_SIGN, theme().px(tokens.BODY))
