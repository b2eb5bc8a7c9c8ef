"""Several nodes at once, from a pasted list; what would come is in sight before it is taken over."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from wizard.gui import tokens
from wizard.gui.widgets.basics import button, column, label, row, set_property, within_window
from wizard.guide import node_lists
from wizard.plan.i18n import listing, tr, trn
from wizard.plan.kinds import BadValueError
from wizard.plan.plan import Plan

_WIDTH, _HEIGHT = 640, 380


class NodeListDialog(QDialog):
    """Hands the plan with the nodes of the list to `take`."""

    def __init__(self, parent: QWidget, plan: Plan, take: Callable[[Plan], object]) -> None:
        """Begin with an empty list."""
        super().__init__(parent)
        self.setObjectName("node-list")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Add several nodes"))
        self._plan, self._take, self._made = plan, take, plan
        words = label(
            tr("A line each: a host, a host and a port, a name and a host, or all three; ranges as 10.0.0.[11-14]."),
            "hint",
            wrap=True,
        )
        self.text = QPlainTextEdit()
        self.text.setObjectName("node-list-text")
        self.text.setAccessibleName(tr("List of nodes"))
        self.text.setPlaceholderText("10.0.0.[11-14]\nnode5, 10.0.0.15, 13000")
        self.text.setTabChangesFocus(True)
        self.text.textChanged.connect(self._look)
        self.told = label("", "hint", wrap=True)
        self.add = button("", "primary", self._add, name="add-listed")
        line = row(gap=tokens.S)
        line.addStretch(1)
        line.addWidget(button(tr("Cancel"), "", self.close, name="no-list"))
        line.addWidget(self.add)
        layout = column(words, self.text, self.told, gap=tokens.M, margins=(16, 16, 16, 16))
        layout.addLayout(line)
        self.setLayout(layout)
        within_window(self, _WIDTH, _HEIGHT)
        self._look()

    def _look(self) -> None:
        """Show what would come of the list."""
        try:
            self._made = node_lists.with_nodes(self._plan, node_lists.read(self.text.toPlainText()))
            problem = ""
        except BadValueError as error:
            self._made, problem = self._plan, str(error)
        new = self._made.nodes[len(self._plan.nodes) :]
        set_property(self.told, "role", "problem" if problem else "hint")
        self.told.setText(problem or listing(f"{node.name} {node.host}:{node.port}" for node in new))
        self.add.setText(trn("Add 1 node", "Add {count} nodes", len(new)))
        self.add.setEnabled(bool(new))

    def _add(self) -> None:
        self.close()
        self._take(self._made)
