"""One node as a card: its fields in columns, its state at the left, problems below."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from wizard.gui import tokens
from wizard.gui.icons import IconButton, StateIcon
from wizard.gui.session import Session
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import column, label, row
from wizard.gui.widgets.card import SEVERITY_WORDS
from wizard.gui.widgets.fields import TextField
from wizard.gui.widgets.form import SettingsForm, rows
from wizard.gui.widgets.inputs import ComboBox
from wizard.plan.finding import Severity, worst
from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment, Node
from wizard.plan.setting import settings_of
from wizard.plan.words import mark, tr

_WIDTHS = {"name": 128, "host": 0, "port": 76, "processes": 76, "worker_mode": 172}
_REMOVE = 36
_MARGIN = 12


class Work(Enum):
    """The usual worker modes, and the list of one's own."""

    ALL = ""
    REQUESTS = "!"
    TASKS = "*"
    LIST = None


_WORK_WORDS = {
    Work.ALL: mark("Everything"),
    Work.REQUESTS: mark("Requests only"),
    Work.TASKS: mark("Tasks only"),
    Work.LIST: mark("Named tasks"),
}


def heads(session: Session) -> QWidget:
    """Give the headings of the columns, aligned with the cards."""
    del session
    layout = row(gap=tokens.S, margins=(_MARGIN, 0, _MARGIN, 0))
    layout.addSpacing(theme().px(tokens.ICON + tokens.S))
    declared = settings_of(Node())
    for name, width in _WIDTHS.items():
        head = label(tr(declared[name].label), "hint")
        if width:
            head.setFixedWidth(theme().px(width))
        layout.addWidget(head, 0 if width else 1)
    layout.addSpacing(theme().px(_REMOVE + tokens.S))
    box = QWidget()
    box.setLayout(layout)
    return box


class NodeCard(QFrame):
    """The node at `index` of the plan. `removed` asks for it to be taken out."""

    removed = Signal(int)

    def __init__(self, session: Session, index: int) -> None:
        """Edit the node at `index`."""
        super().__init__()
        self.session, self.index = session, index
        self.setProperty("role", "card")
        self.setObjectName(f"node.{index}")
        self._icon = StateIcon("todo")
        self._fields = {name: self._field(name) for name in ("name", "host", "port", "processes")}
        self._own = TextField(session, self._key("worker_mode"), "workflow:process,async-task:process")
        self._own_line = self._own_box()
        self._work = ComboBox()
        self._work.setFixedWidth(theme().px(_WIDTHS["worker_mode"]))
        self._work.setObjectName(f"input.{self._key('worker_mode')}.choice")
        for work in Work:
            self._work.addItem(tr(_WORK_WORDS[work]))
        self._work.activated.connect(self._chosen)
        self._remove = IconButton("", "remove")
        self._remove.setObjectName(f"remove.{index}")
        self._remove.clicked.connect(self._ask_to_go)
        self._remove.setFixedWidth(theme().px(_REMOVE))
        self._remove.setStyleSheet("padding: 0;")
        self._note = label("", "problem", wrap=True)
        self._more = SettingsForm(session, [], rows(self._key("pm2_home"), self._key("socket_path")))
        line = row(self._icon, *self._fields.values(), self._work, self._remove, gap=tokens.S)
        line.setStretchFactor(self._fields["host"], 1)
        self.setLayout(
            column(line, self._own_line, self._note, self._more, gap=tokens.XS, margins=(_MARGIN, 8, _MARGIN, 8))
        )
        self.refresh()

    def field(self, name: str) -> TextField:
        """Give the field of `name`, `host`, `port` or `processes`."""
        return self._fields[name]

    def refresh(self, *, force: bool = False) -> None:
        """Show what the plan says of this node."""
        plan = self.session.plan
        if self.index >= len(plan.nodes):
            return
        node = plan.nodes[self.index]
        for field in (*self._fields.values(), self._own):
            field.refresh(force=force)
            field.show_problem(plan.problem(field.key))
        work = _work(node)
        if not (self._own.edit.hasFocus() and self._own_line.isVisibleTo(self)):
            self._work.setCurrentIndex(list(Work).index(work))
            self._own_line.setVisible(work is Work.LIST)
        if force:
            self._more.reload()
        self._more.setVisible(plan.application.deployment is Deployment.BARE)
        self._note.setText(self._problem(plan))
        self._note.setVisible(bool(self._note.text()))
        self._name_parts(node)
        self.show_state()

    def show_state(self) -> None:
        """Show the gravest finding about this node as its icon."""
        nodes = self.session.plan.nodes
        if self.index >= len(nodes):
            return
        record = self.session.record
        mine = [item for item in record.of("node") if item.subject == nodes[self.index].name]
        if not mine:
            self._icon.show_state("todo", tr("not tested"))
        elif any(record.stale(item) for item in mine):
            self._icon.show_state("stale", tr("changed since the test"))
        else:
            quiet = {Severity.SKIP, Severity.INFO}
            severity = worst([item.severity for item in mine if item.severity not in quiet])
            self._icon.show_state(severity.value, tr(SEVERITY_WORDS[severity]))

    def _ask_to_go(self) -> None:
        self.removed.emit(self.index)

    def _key(self, name: str) -> str:
        return f"nodes.{self.index}.{name}"

    def _field(self, name: str) -> TextField:
        field = TextField(self.session, self._key(name))
        width = _WIDTHS[name]
        if width:
            field.edit.setFixedWidth(theme().px(width))
            field.setFixedWidth(theme().px(width))
        field.left.connect(self.refresh)
        return field

    def _own_box(self) -> QWidget:
        name = label(tr("Tasks, separated by commas"), "hint")
        name.setBuddy(self._own.edit)
        layout = row(name, self._own, gap=tokens.S)
        layout.setStretchFactor(self._own, 1)
        layout.setContentsMargins(theme().px(tokens.ICON + tokens.S), 0, theme().px(_REMOVE + tokens.S), 0)
        box = QWidget()
        box.setLayout(layout)
        return box

    def _problem(self, plan: Plan) -> str:
        keys = (*(field.key for field in self._fields.values()), self._own.key)
        return " ".join(text for key in keys if (text := plan.problem(key)))

    def _chosen(self, at: int) -> None:
        work = list(Work)[at]
        if work is Work.LIST:
            self._own_line.setVisible(True)
            self._own.edit.setFocus()
        else:
            self.session.set(self._own.key, work.value)
            self._own.refresh(force=True)

    def _name_parts(self, node: Node) -> None:
        """Say which node each part belongs to: the columns' headings are far away for a screen reader."""
        who = node.name or tr("node {number}", number=self.index + 1)
        for field in (*self._fields.values(), self._own):
            field.edit.setAccessibleName(tr("{label} of {node}", label=field.title, node=who))
        self._work.setAccessibleName(tr("{label} of {node}", label=self._own.title, node=who))
        self._remove.setAccessibleName(tr("Remove {node}", node=who))
        self._remove.setToolTip(tr("Remove {node}", node=who))


def _work(node: Node) -> Work:
    return next((work for work in Work if work.value == node.worker_mode), Work.LIST)
