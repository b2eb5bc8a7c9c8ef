"""The cells of the table of nodes: how they are painted, and what one types or chooses in."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QPersistentModelIndex, QRect, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from wizard.gui import tokens
from wizard.gui.session import Session
from wizard.gui.steps.node_model import WRONG, Index, NodeModel
from wizard.gui.theme import theme
from wizard.gui.widgets.combo_box import ComboBox
from wizard.gui.widgets.line_edits import OpenEdit
from wizard.guide import node_lists
from wizard.guide.layouts import NODE_COLUMNS
from wizard.guide.nodes import WORK_WORDS, Work, work_of
from wizard.plan.i18n import tr

_Feature = QStyleOptionViewItem.ViewItemFeature


class CellEdit(OpenEdit):
    """A line of text in a cell. `pasted` brings a list of nodes that was pasted here, which is more than one cell."""

    pasted = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = QApplication.clipboard().text() if event.matches(QKeySequence.StandardKey.Paste) else ""
        if node_lists.are_several(text):
            self.pasted.emit(text)
        else:
            super().keyPressEvent(event)


class NodeCells(QStyledItemDelegate):
    """Paints what is wrong as a border, and puts what is typed into the plan at each key.

    `pasted` brings a list of nodes, `several_tasks` the row of a node that is to take tasks by their names.
    """

    pasted = Signal(str)
    several_tasks = Signal(int)

    def __init__(self, session: Session, model: NodeModel, table: QAbstractItemView) -> None:
        """Serve the `table` of `model`."""
        super().__init__(table)
        self._document, self._model, self._table = session.document, model, table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        focused = bool(self._table.hasFocus() and index == self._table.currentIndex())  # the state is slow to ask
        if focused:
            option.state &= ~QStyle.StateFlag.State_HasFocus
        super().paint(painter, option, index)
        wrong = bool(index.data(WRONG))
        if focused or wrong:
            painter.save()
            painter.setPen(QPen(theme().color("accent" if focused else "bad"), 2 if focused else 1))
            inside: QRect = option.rect.adjusted(1, 1, -2, -2)
            painter.drawRect(inside)
            painter.restore()

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Say what a cell shows, and no more: Qt itself asks the model seven questions a cell, in Python each."""
        option.text = self._model.shown(index)
        option.features |= _Feature.HasDisplay
        if (icon := self._model.icon(index)) is not None:
            option.icon = icon
            option.decorationSize = icon.actualSize(option.decorationSize)
            option.features |= _Feature.HasDecoration

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        if NODE_COLUMNS[index.column()] == "worker_mode":
            return self._choice(parent, index)
        edit = CellEdit()
        edit.setParent(parent)
        key = self._model.key(index)
        edit.setObjectName(f"input.{key}")
        edit.setProperty("role", "cell")
        edit.setAccessibleName(self._model.label(index))
        edit.textEdited.connect(lambda text: self._document.edit(key, text))
        edit.pasted.connect(self.pasted)
        return edit

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show what the plan says; what is being typed is there already."""
        if isinstance(editor, QLineEdit):
            text = self._document.text(self._model.key(index))
            if editor.text() != text:
                editor.setText(text)
        elif isinstance(editor, ComboBox):
            editor.setCurrentIndex(list(Work).index(work_of(self._document.plan.nodes[index.row()])))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        editor.setGeometry(option.rect)

    def _choice(self, parent: QWidget, index: Index) -> ComboBox:
        choice, at = ComboBox(), QPersistentModelIndex(index)
        choice.setParent(parent)
        choice.setObjectName(f"input.{self._model.key(index)}.choice")
        choice.setProperty("role", "cell")
        choice.setAccessibleName(self._model.label(index))
        for work in Work:
            choice.addItem(tr(WORK_WORDS[work]))
        choice.activated.connect(lambda chosen: self._chosen(choice, at, list(Work)[chosen]))
        QTimer.singleShot(0, choice, choice.showPopup)
        return choice

    def _chosen(self, choice: ComboBox, at: QPersistentModelIndex, work: Work) -> None:
        row = at.row()
        self.closeEditor.emit(choice)
        self._model.choose_work(row, work)
        if work is Work.LIST:
            self.several_tasks.emit(row)


def row_height() -> int:
    """Return the height of a row, in pixels: that of a field."""
    return theme().px(tokens.CONTROL + tokens.XS)
