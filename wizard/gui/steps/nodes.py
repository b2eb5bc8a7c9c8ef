"""Step nodes: a table of them, what is special about the current one, and how many worker IDs they take."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from wizard.checks.registry import on_request
from wizard.gui import tokens
from wizard.gui.icons import IconButton
from wizard.gui.steps.id_budget import IdBudget
from wizard.gui.steps.node_table import NodeTable
from wizard.gui.steps.page import Page
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import button, column, enable_if, label
from wizard.gui.widgets.flowing import Flowing
from wizard.gui.widgets.form import SettingsForm
from wizard.guide import edits, layouts, node_lists, status
from wizard.guide.nodes import title_of
from wizard.plan.i18n import tr, trn
from wizard.plan.kinds import BadValueError


class NodesPage(Page):
    """Nodes are added one by one or from a list, typed over in place, and removed."""

    def build(self) -> None:
        self.table = NodeTable(self.session)
        self.table.setMaximumWidth(theme().px(tokens.PAGE))
        self._empty = label(tr("No node yet. A cluster has two or more."), "hint")
        self._problems = label("", "problem", wrap=True)
        self._problems.setObjectName("node-problems")
        self._problems.hide()
        self.add_button = IconButton(tr("&Add a node"), "add", "text")
        self.add_button.setObjectName("add-node")
        self.add_button.clicked.connect(self._add)
        several = button(tr("Add &several …"), "", self._ask_for_list, name="add-several")
        self._remove_button = button("", "", lambda: self._remove(self.table.chosen), name="remove-nodes")
        self.budget = IdBudget()
        buttons = QWidget()
        buttons.setLayout(Flowing(self.add_button, several, self._remove_button, gap=tokens.M))
        self.add(column(self.table, self._empty, self._problems, gap=tokens.XS), buttons, gap=tokens.M)
        self.add(self.budget, gap=tokens.XL)
        self._add_special()
        self._add_way_inside()
        self._connect()
        self.plan_changed()

    def _add_special(self) -> None:
        """Add the place for the settings of the current node that are in no column."""
        self._special_head = label("", "heading")
        self._special_box = column()
        place = self._special_place = QWidget()
        place.setLayout(self._special_box)
        place.setMaximumWidth(theme().px(tokens.FORM))
        place.hide()
        self._special: SettingsForm | None = None
        self._special_of: tuple[int, bool] | None = None
        self.add(self._special_head, gap=tokens.S)
        self.add(place, gap=tokens.XL)

    def _add_way_inside(self) -> None:
        """Add how the nodes are reached from inside."""
        self.reach = SettingsForm(self.session, layouts.REACH)
        self._command = label("", "hint", wrap=True)
        self._command.setObjectName("way-command")
        self._look_button = button(tr("&Look inside now"), "", self._look_inside, name="look-inside")
        way = QWidget()
        way.setLayout(column(self._command, Flowing(self._look_button), gap=tokens.M))
        self._way = way
        self.add(label(tr(layouts.REACH.title), "heading"), gap=tokens.S)
        self.add(self.reach, way, gap=tokens.M)

    def _connect(self) -> None:
        self.table.pasted.connect(self._take_list)
        self.table.removed.connect(self._remove)
        self.table.turned.connect(self._turned)
        self.table.spares.connect(self._follow_field)
        self.table.nodes.dataChanged.connect(self._tell_problems)
        self.table.cells.several_tasks.connect(self._name_tasks)
        self.session.restored.connect(self.plan_changed)  # no lambda: that would outlive the page
        self.session.runs.started.connect(self._show_way)
        self.session.runs.finished.connect(self._show_way)

    def plan_changed(self) -> None:
        plan = self.document.plan
        self.table.follow()
        self.table.setVisible(bool(plan.nodes))
        self._empty.setVisible(not plan.nodes)
        self.budget.follow(plan)
        self._show_way()
        self._turned()

    def show_findings(self) -> None:
        super().show_findings()
        if self.isVisible():
            self.table.nodes.judge()

    def show_field(self, key: str) -> QWidget | None:
        """Return what takes the focus for a setting: the cell of a node, opened, or a field of the current node."""
        section, _dot, rest = key.partition(".")
        if section != "nodes" or not rest:
            return super().show_field(key)
        cell = self.table.edit_at(key)
        if cell is None and self.document.has(key):
            self.table.selectRow(int(rest.partition(".")[0]))
            self._turned()
            return self._special.reveal(key) if self._special and key in self._special.keys else self.table
        return cell

    def first_input(self) -> QWidget | None:
        """Return the way to a first node, else the first empty cell, opened."""
        if not self.document.plan.nodes:
            return self.add_button
        if self.table.row < 0:  # what is special about the first one is shown
            self.table.setCurrentIndex(self.table.nodes.index(0, 0))
        missing = status.empty_fields(self.document.findings.rules)
        cells = (f"nodes.{row}.{name}" for row in range(len(self.document.plan.nodes)) for name in layouts.NODE_COLUMNS)
        return next((self.table.edit_at(key) for key in cells if key in missing), None) or super().first_input()

    def entered(self, focused: QWidget) -> bool:
        return self.table.take_enter(focused)

    def _tell_problems(self) -> None:
        """Say below the table what is wrong in it, each with its node and its column."""
        if self._problems.text() == (told := "\n".join(self.table.nodes.problems)):
            return
        self._problems.setText(told)
        self._problems.setVisible(bool(self._problems.text()))

    def _turned(self) -> None:
        """Show what is special about the current node, and offer to remove what is chosen."""
        nodes, rows = self.document.plan.nodes, self.table.chosen
        rows = [row for row in rows if row < len(nodes)]
        self._remove_button.setVisible(bool(rows))
        one = title_of(nodes[rows[0]], rows[0]) if rows else ""
        many = trn("Remove 1 node", "Remove {count} nodes", len(rows))
        self._remove_button.setText(tr("Remove {node}", node=one) if len(rows) == 1 else many)
        row = self.table.row if 0 <= self.table.row < len(nodes) else -1
        self._special_head.setVisible(row >= 0)
        if row >= 0:
            self._special_head.setText(tr("Settings of {node}", node=title_of(nodes[row], row)))
        self._show_special(row)

    def _show_special(self, row: int) -> None:
        spared = self.table.spared
        form = layouts.node_form(row, narrow=spared) if row >= 0 else None
        wanted = (row, spared) if form else None
        if wanted == self._special_of:
            return
        same_node = wanted is not None and self._special_of is not None and wanted[0] == self._special_of[0]
        self._special_of = wanted
        focused = self.window().focusWidget()
        if same_node and self._special and focused is not None and self._special.isAncestorOf(focused):
            self._follow_field(focused.objectName().removeprefix("input."))
        if self._special:
            self._special_box.removeWidget(self._special)
            self._special.hide()
            self._special.deleteLater()
            self._special = None
        self._special_place.setVisible(bool(form))
        if form:
            self._special = SettingsForm(self.session, form)
            self._special_box.addWidget(self._special)

    def _follow_field(self, key: str) -> None:
        """Keep the focus at a setting that goes over from the table into the form below it, or back."""

        def give() -> None:
            field = self.show_field(key) if self.isVisible() and self.document.has(key) else None
            if field is not None:
                field.setFocus(Qt.FocusReason.OtherFocusReason)

        QTimer.singleShot(0, self, give)  # when all stands in its place

    def _show_way(self) -> None:
        """Show the command that gets into the nodes, and offer to try it."""
        command = self.session.inside.command
        self._command.setText(tr("Each node is asked by this command: {command}", command=command))
        self._way.setVisible(bool(command))
        enable_if(self._look_button, enabled=not self.session.runs.running)

    def _look_inside(self) -> None:
        """Look inside the nodes alone; what compares them all is shown on the review."""
        if not self.session.runs.running:
            self.asked.emit("review")
            self.session.test(on_request(), "review")

    def _add(self) -> None:
        self.document.replace(edits.with_new_node(self.document.plan), "nodes")
        self._edit(f"nodes.{len(self.document.plan.nodes) - 1}.host")

    def _edit(self, key: str) -> None:
        if (cell := self.table.edit_at(key)) is not None:
            cell.setFocus()
            self.in_sight.emit(self.table)

    def _take_list(self, text: str) -> None:
        """Add the nodes of a list that was pasted into the table."""
        try:
            plan = node_lists.with_nodes(self.document.plan, node_lists.read(text))
        except BadValueError as error:
            self._problems.setText(str(error))
            self._problems.show()
            return
        self.document.replace(plan, "nodes")

    def _ask_for_list(self) -> None:
        from wizard.gui.steps.node_list_dialog import NodeListDialog

        NodeListDialog(self, self.document.plan, lambda plan: self.document.replace(plan, "nodes")).open()

    def _name_tasks(self, row: int) -> None:
        """Let somebody name the tasks that a node takes."""
        self.table.selectRow(row)
        key = f"nodes.{row}.worker_mode"
        if self._special and key in self._special.keys:
            self._special.reveal(key).setFocus()

    def _remove(self, rows: list[int]) -> None:
        plan = self.document.plan
        for row in sorted(rows, reverse=True):
            plan = edits.without_node(plan, row)
        self.document.replace(plan, "nodes")
        (self.table if plan.nodes else self.add_button).setFocus()


PAGE = NodesPage
