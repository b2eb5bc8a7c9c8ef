"""Step nodes: a card for each, and how many of the 32 worker IDs they take."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout

from wizard.gui import tokens
from wizard.gui.icons import IconButton
from wizard.gui.steps.node_card import NodeCard
from wizard.gui.steps.node_columns import Heads, shares
from wizard.gui.steps.page import Page
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import button, column, label, set_property
from wizard.gui.widgets.flowing import Flowing
from wizard.gui.widgets.form import SettingsForm
from wizard.guide import edits, layouts
from wizard.plan.i18n import tr
from wizard.plan.sections import WORKER_ID_COUNT

"""NocoBase's own limit (docs/nocobase.md, "Worker IDs")."""


class NodesPage(Page):
    """Nodes are added, edited in place, and removed."""

    def build(self) -> None:
        self.cards: list[NodeCard] = []
        self._box: QVBoxLayout = column(gap=tokens.S)
        self._heads = Heads()
        self._empty = label(tr("No node yet. A cluster has two or more."), "hint")
        self.add_button = IconButton(tr("&Add a node"), "add", "text")
        self.add_button.setObjectName("add-node")
        self.add_button.clicked.connect(self._add)
        self._sum: QLabel = label("", "detail")
        self._used = QProgressBar()
        self._used.setRange(0, WORKER_ID_COUNT)
        self._used.setTextVisible(False)
        self._used.setFixedWidth(theme().px(160))
        self._used.setAccessibleName(tr("Worker IDs in use"))
        several = button(tr("Add &several …"), "", self._ask_for_list, name="add-several")
        foot = Flowing(self.add_button, several, gap=tokens.M)
        foot.add_stretch()
        foot.addWidget(self._sum)
        foot.addWidget(self._used)
        self.reach = SettingsForm(self.session, layouts.REACH)
        self.add(column(self._heads, self._box, self._empty, gap=tokens.XS), foot, self.reach, gap=tokens.M)
        self.session.restored.connect(self._restored)
        self.plan_changed()

    def _restored(self, _key: str) -> None:
        for card in self.cards:
            card.refresh(force=True)

    def plan_changed(self) -> None:
        plan = self.document.plan
        while len(self.cards) > len(plan.nodes):
            card = self.cards.pop()
            self._box.removeWidget(card)
            card.hide()
            card.deleteLater()
        while len(self.cards) < len(plan.nodes):
            made = NodeCard(self.session, len(self.cards))
            made.removed.connect(self._remove)
            made.left.connect(self._share)
            self.cards.append(made)
            self._box.addWidget(made)
        for card in self.cards:
            card.refresh()
        if not any(card.typing for card in self.cards):  # columns that move under one's hands are no help
            self._share()
        self._heads.setVisible(bool(plan.nodes))
        self._empty.setVisible(not plan.nodes)
        self._sum.setText(tr("{used} of {all} worker IDs in use", used=plan.processes, all=WORKER_ID_COUNT))
        set_property(self._sum, "role", "problem" if plan.processes > WORKER_ID_COUNT else "detail")
        self._used.setValue(min(plan.processes, WORKER_ID_COUNT))

    def _share(self) -> None:
        """Let names and hosts share the room as they need it."""
        room = shares(self.document.plan)
        self._heads.share(room)
        for card in self.cards:
            card.share(room)

    def show_findings(self) -> None:
        super().show_findings()
        for card in self.cards:
            card.judge()

    def _add(self) -> None:
        self.document.replace(edits.with_new_node(self.document.plan), "nodes")
        self.cards[-1].field("host").input().setFocus()

    def _ask_for_list(self) -> None:
        from wizard.gui.steps.node_list_dialog import NodeListDialog

        NodeListDialog(self, self.document.plan, lambda plan: self.document.replace(plan, "nodes")).open()

    def _remove(self, index: int) -> None:
        self.document.replace(edits.without_node(self.document.plan, index), "nodes")
        for card in self.cards:
            card.refresh(force=True)
        target = self.cards[min(index, len(self.cards) - 1)].field("name").input() if self.cards else self.add_button
        target.setFocus()


PAGE = NodesPage
