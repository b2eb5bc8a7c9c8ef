"""One node as a card: its fields in columns, its state at the left, problems below."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QWidget

from wizard.gui import tokens
from wizard.gui.icons import IconButton, StateIcon
from wizard.gui.session import Session
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import column, label, row
from wizard.gui.widgets.card import SEVERITY_WORDS
from wizard.gui.widgets.fields import TextField
from wizard.gui.widgets.flowing import Flowing
from wizard.gui.widgets.form import SettingsForm
from wizard.gui.widgets.inputs import ComboBox
from wizard.guide import status
from wizard.guide.findings_store import FindingsStore
from wizard.guide.layouts import NODE_COLUMNS, NODE_MORE, Form, rows
from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment, Node
from wizard.plan.setting import settings_of

_WIDTHS = {"port": 68, "processes": 68, "worker_mode": 148}
"""Widths of the columns that keep theirs; name and host share what is left."""
_LEAST, _MOST = 90, 280
"""Widths, at the usual text size, between which names and hosts ask for room."""
_REMOVE = 36
_MARGIN = 12
_NARROW = 560
"""Below this width, at the usual text size, the fields of a node stand below one another, each with its label."""


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


_STATE_WORDS = {status.UNTESTED: mark("not tested"), status.STALE: mark("changed since the test")}

Shares = tuple[int, int]
"""How names and hosts share the room that the other columns leave."""


def _width(name: str) -> int:
    """Return the width of a column, which is wider where its heading is, as in another language."""
    heading = QFontMetrics(theme().font(tokens.BODY)).horizontalAdvance(tr(settings_of(Node())[name].label))
    return max(theme().px(_WIDTHS[name]), heading)


def shares(plan: Plan) -> Shares:
    """Return names and hosts room as their longest asks for it."""
    px, metrics = theme().px, QFontMetrics(theme().font(tokens.BODY))

    def wanted(texts: list[str]) -> int:
        longest = max((metrics.horizontalAdvance(text) for text in texts), default=0) + px(tokens.XL)
        return min(max(longest, px(_LEAST)), px(_MOST))

    return wanted([node.name for node in plan.nodes]), wanted([node.host for node in plan.nodes])


class Heads(QWidget):
    """The headings of the columns, aligned with the cards; gone where the cards' fields have labels of their own."""

    def __init__(self) -> None:
        """Name the columns as the settings are named."""
        super().__init__()
        layout = self._row = row(gap=tokens.S, margins=(_MARGIN, 0, _MARGIN, 0))
        layout.addSpacing(theme().px(tokens.ICON + tokens.S))
        self._shared: list[QLabel] = []
        declared = settings_of(Node())
        for name in NODE_COLUMNS:
            head = label(tr(declared[name].label), "hint")
            if name in _WIDTHS:
                head.setFixedWidth(_width(name))
            else:
                head.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
                self._shared.append(head)
            layout.addWidget(head)
        layout.addSpacing(theme().px(_REMOVE + tokens.S))
        self.setLayout(layout)
        self._height = self.sizeHint().height()

    def share(self, shares: Shares) -> None:
        """Return the columns of names and hosts the room that the cards' have."""
        for head, share in zip(self._shared, shares, strict=True):
            self._row.setStretchFactor(head, share)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMaximumHeight(0 if self.width() < theme().px(_NARROW) else self._height)


_BESIDE = {
    "icon": (0, 0, 1, 1),
    "name": (0, 1, 1, 1),
    "host": (0, 2, 1, 1),
    "port": (0, 3, 1, 1),
    "processes": (0, 4, 1, 1),
    "worker_mode": (0, 5, 1, 1),
    "remove": (0, 6, 1, 1),
}
_BELOW = {
    "icon": (1, 0, 1, 1),
    "name": (1, 1, 1, 2),
    "remove": (1, 3, 1, 1),
    "host": (3, 1, 1, 3),
    "port": (5, 1, 1, 1),
    "processes": (5, 2, 1, 2),
    "worker_mode": (7, 1, 1, 3),
}
"""Where each part stands in the grid: row, column, rows and columns it takes. A label stands in the row above."""


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
        self._work.setFixedWidth(_width("worker_mode"))
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
        self._more: SettingsForm | None = None
        self._shown: object = None
        self._wrong: list[str] = []
        self._heads = {name: self._head(name) for name in NODE_COLUMNS}
        self._grid = QGridLayout()
        self._grid.setSpacing(theme().px(tokens.S))
        self._narrow: bool | None = None
        self._shares: Shares = (1, 1)
        self._arrange(narrow=False)
        body = column(gap=tokens.XS, margins=(_MARGIN, _MARGIN, _MARGIN, _MARGIN))
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
        work = _work(node)
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
        mine = record.once(self.document.plan, _by_node).get(nodes[self.index].name, [])
        state = status.state("node", mine, record)
        words = tr(_STATE_WORDS.get(state) or SEVERITY_WORDS[Severity(state)])
        self._icon.show_state(state, words)
        self.setAccessibleName(f"{_called(nodes[self.index], self.index)}: {words}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(narrow=self.width() < theme().px(_NARROW))

    def minimumSizeHint(self) -> QSize:
        """Ask for no more width than the fields need below one another."""
        return QSize(theme().px(_NARROW // 2), super().minimumSizeHint().height())

    def _arrange(self, *, narrow: bool) -> None:
        """Put the fields into one line, or below one another with their labels."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        while self._grid.takeAt(0) is not None:
            pass
        places = _BELOW if narrow else _BESIDE
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
        """Return the columns of names and hosts their room; below one another they have all of it."""
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
        if name in _WIDTHS:
            field.edit.setFixedWidth(_width(name))
            field.setFixedWidth(_width(name))
        else:
            field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        field.left.connect(lambda: self._left(field))
        field.left.connect(self.left)
        return field

    def _own_box(self) -> QWidget:
        name = label(tr("Tasks, separated by commas"), "hint")
        name.setBuddy(self._own.edit)
        layout = Flowing(name, self._own)
        layout.setContentsMargins(0, 0, theme().px(_REMOVE + tokens.S), 0)
        box = QWidget()
        box.setLayout(layout)
        return box

    @property
    def _inputs(self) -> tuple[TextField, ...]:
        return (*self._fields.values(), self._own)

    def _left(self, field: TextField) -> None:
        self._worked_on.add(field.key)
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
        who = _called(node, self.index)
        for field in self._inputs:
            field.edit.setAccessibleName(tr("{label} of {node}", label=field.title, node=who))
        self._work.setAccessibleName(tr("{label} of {node}", label=self._own.title, node=who))
        self._remove.setAccessibleName(tr("Remove {node}", node=who))
        self._remove.setToolTip(tr("Remove {node}", node=who))


def _work(node: Node) -> Work:
    return next((work for work in Work if work.value == node.worker_mode), Work.LIST)


def _called(node: Node, index: int) -> str:
    return node.name or tr("node {number}", number=index + 1)


def _by_node(_plan: Plan, record: FindingsStore) -> dict[str, list[Finding]]:
    """Return by name what a run found of each node."""
    found: dict[str, list[Finding]] = {}
    for item in record.of("node"):
        found.setdefault(item.subject, []).append(item)
    return found
