"""One node as a card: its fields in columns, its state at the left, problems below."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QWidget

from wizard.gui import tokens
from wizard.gui.icons import IconButton, StateIcon
from wizard.gui.session import Session
from wizard.gui.steps.node_columns import BELOW, BESIDE, MARGIN, NARROW, REMOVE, WIDTHS, Shares, column_width
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import column, label
from wizard.gui.widgets.fields import TextField
from wizard.gui.widgets.flowing import Flowing
from wizard.gui.widgets.form import SettingsForm
from wizard.gui.widgets.inputs import ComboBox
from wizard.guide import edits, status
from wizard.guide.layouts import NODE_COLUMNS, NODE_MORE, Form, rows
from wizard.guide.nodes import WORK_WORDS, Work, found_by_node, title_of, work_of
from wizard.plan.i18n import tr
from wizard.plan.sections import Deployment, Node
from wizard.plan.setting import settings_of


class NodeCard(QFrame):
    """The node at `index` of the plan. `removed` asks for it to be taken out, `left` says that a field was left."""

    removed = Signal(int)
    left = Signal()

    def __init__(self, session: Session, index: int) -> None:
        """Edit the node at `index`."""
        super().__init__()
        self.session, self.document, self.index = session, session.document, index
        self.setProperty("role", "card")
        self.setObjectName(f"node.{index}")
        self._icon = StateIcon("todo")
        self._worked_on: set[str] = set()
        self._fields = {name: self._field(name) for name in ("name", "host", "port", "processes")}
        self._own = TextField(session, self._key("worker_mode"), "workflow:process,async-task:process")
        self._own_line = self._own_box()
        self._work = ComboBox()
        self._work.setFixedWidth(column_width("worker_mode"))
        self._work.setObjectName(f"input.{self._key('worker_mode')}.choice")
        for work in Work:
            self._work.addItem(tr(WORK_WORDS[work]))
        self._work.activated.connect(self._chosen)
        self._remove = IconButton("", "remove")
        self._remove.setObjectName(f"remove.{index}")
        self._remove.clicked.connect(self._ask_to_go)
        self._remove.setFixedWidth(theme().px(REMOVE))
        self._remove.setStyleSheet("padding: 0;")
        self._note = label("", "problem", wrap=True)
        self._more: SettingsForm | None = None
        self._shown: object = None
        self._wrong: list[str] = []
        self._heads = {name: self._head(name) for name in NODE_COLUMNS}
        self._grid = QGridLayout()
        self._grid.setSpacing(theme().px(tokens.S))
        self._narrow: bool | None = None
        self._shares: Shares = (1, 1)
        self._arrange(narrow=False)
        body = column(gap=tokens.XS, margins=(MARGIN, MARGIN, MARGIN, MARGIN))
        body.addLayout(self._grid)
        below = theme().px(tokens.ICON + tokens.S)
        for part in (self._own_line, self._note):
            part.setContentsMargins(below, 0, 0, 0)
            body.addWidget(part)
        self.setLayout(body)
        self.refresh()
        self.judge()

    def field(self, name: str) -> TextField:
        """Return the field of `name`, `host`, `port` or `processes`."""
        return self._fields[name]

    @property
    def state(self) -> str:
        """The name of the state icon in sight."""
        return self._icon.name

    @property
    def typing(self) -> bool:
        """Whether somebody is in one of the fields."""
        return any(field.edit.hasFocus() for field in self._fields.values())

    def refresh(self, *, force: bool = False) -> None:
        """Show what the plan says of this node."""
        plan = self.document.plan
        if self.index >= len(plan.nodes):
            return
        node = plan.nodes[self.index]
        if force:  # another node may stand here
            self._worked_on.clear()
        bare = plan.application.deployment is Deployment.BARE
        shown = node, plan.unreadable, bare
        if shown == self._shown and not force:
            return
        self._shown = shown
        for field in self._inputs:
            field.refresh(force=force)
        work = work_of(node)
        if not (self._own.edit.hasFocus() and self._own_line.isVisibleTo(self)):
            self._work.setCurrentIndex(list(Work).index(work))
            self._own_line.setVisible(work is Work.LIST)
        self._show_more(force=force, bare=bare)
        self._name_parts(node)
        if force:
            self.judge()

    def judge(self) -> None:
        """Show what is wrong with the fields, and how the node stands."""
        if self.index >= len(self.document.plan.nodes):
            return
        notes = [self.document.note(field.key, left=field.key in self._worked_on) for field in self._inputs]
        wrong = [note.text if note and note.fails else "" for note in notes]
        if wrong != self._wrong:
            self._wrong = wrong
            for field, text in zip(self._inputs, wrong, strict=True):
                field.show_problem(text)
            named = zip(self._inputs, wrong, strict=True)  # each by its name: they stand in one line
            self._note.setText("\n".join(f"{field.title}: {text}" for field, text in named if text))
            self._note.setVisible(bool(self._note.text()))
        self.show_state()

    def _show_more(self, *, force: bool, bare: bool) -> None:
        """Show what only nodes without containers have; the form is made when it is first wanted."""
        if bare and self._more is None:
            self._more = SettingsForm(self.session, Form((), rows(*(self._key(name) for name in NODE_MORE))))
            self._more.setContentsMargins(theme().px(tokens.ICON + tokens.S), 0, 0, 0)
            layout = self.layout()
            if layout:
                layout.addWidget(self._more)
        if self._more:
            if force:
                self._more.reload()
            self._more.setVisible(bare)

    def show_state(self) -> None:
        """Show the gravest finding about this node as its icon."""
        nodes = self.document.plan.nodes
        if self.index >= len(nodes):
            return
        record = self.document.findings
        mine = record.once(self.document.plan, found_by_node).get(nodes[self.index].name, [])
        state = status.state("node", mine, record)
        words = status.in_words(state)
        self._icon.show_state(state, words)
        self.setAccessibleName(f"{title_of(nodes[self.index], self.index)}: {words}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(narrow=self.width() < theme().px(NARROW))

    def minimumSizeHint(self) -> QSize:
        """Ask for no more width than the fields need below one another."""
        return QSize(theme().px(NARROW // 2), super().minimumSizeHint().height())

    def _arrange(self, *, narrow: bool) -> None:
        """Put the fields into one line, or below one another with their labels."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        while self._grid.takeAt(0) is not None:
            pass
        places = BELOW if narrow else BESIDE
        parts: dict[str, QWidget] = {**self._fields, "icon": self._icon, "worker_mode": self._work}
        for name, part in {**parts, "remove": self._remove}.items():
            self._grid.addWidget(part, *places[name])
        for name, head in self._heads.items():
            at, left, _rows, _columns = places[name]
            head.setVisible(narrow)
            if narrow:
                self._grid.addWidget(head, at - 1, left)
        self.share(self._shares)

    def share(self, shares: Shares) -> None:
        """Share the room between the columns of names and hosts; below one another each has all of it."""
        self._shares = shares
        for column_, share in enumerate((0, 1) if self._narrow else shares, 1):
            self._grid.setColumnStretch(column_, share)

    def _head(self, name: str) -> QLabel:
        """Return the label that a field has where the columns have no headings."""
        head = label(tr(settings_of(Node())[name].label), "hint")
        head.setBuddy(self._work if name == "worker_mode" else self._fields[name].edit)
        head.setParent(self)
        head.hide()
        return head

    def _ask_to_go(self) -> None:
        self.removed.emit(self.index)

    def _key(self, name: str) -> str:
        return f"nodes.{self.index}.{name}"

    def _field(self, name: str) -> TextField:
        field = TextField(self.session, self._key(name))
        if name in WIDTHS:
            field.edit.setFixedWidth(column_width(name))
            field.setFixedWidth(column_width(name))
        else:
            field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        field.left.connect(lambda: self._left(field))
        field.left.connect(self.left)
        return field

    def _own_box(self) -> QWidget:
        name = label(tr("Tasks, separated by commas"), "hint")
        name.setBuddy(self._own.edit)
        layout = Flowing(name, self._own)
        layout.setContentsMargins(0, 0, theme().px(REMOVE + tokens.S), 0)
        box = QWidget()
        box.setLayout(layout)
        return box

    @property
    def _inputs(self) -> tuple[TextField, ...]:
        return (*self._fields.values(), self._own)

    def _left(self, field: TextField) -> None:
        self._worked_on.add(field.key)
        group = self._key("host").rpartition(".")[0]
        is_host = field.key == self._key("host")
        if is_host and (split := edits.with_address(self.document.plan, group, self.document.text(field.key))):
            self.document.replace(split, group)
        self.document.seal()
        self.refresh()
        self.judge()

    def _chosen(self, at: int) -> None:
        work = list(Work)[at]
        if work is Work.LIST:
            self._own_line.setVisible(True)
            self._own.edit.setFocus()
        else:
            self.document.set(self._own.key, work.value)
            self._own.refresh(force=True)

    def _name_parts(self, node: Node) -> None:
        """Say which node each part belongs to: the columns' headings are far away for a screen reader."""
        who = title_of(node, self.index)
        for field in self._inputs:
            field.edit.setAccessibleName(tr("{label} of {node}", label=field.title, node=who))
        self._work.setAccessibleName(tr("{label} of {node}", label=self._own.title, node=who))
        self._remove.setAccessibleName(tr("Remove {node}", node=who))
        self._remove.setToolTip(tr("Remove {node}", node=who))
