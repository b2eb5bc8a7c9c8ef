"""The nodes of the plan as the rows of a table: what each cell says, and what becomes of what is typed there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from wizard.gui import icons
from wizard.gui.session import Session
from wizard.gui.theme import theme
from wizard.gui.tips import plain_tip
from wizard.guide import edits, nodes, status
from wizard.guide.layouts import NODE_COLUMNS
from wizard.guide.nodes import NAMED_TASKS, WORK_WORDS, Work, found_by_node, title_of, work_of
from wizard.plan.i18n import listing, tr
from wizard.plan.sections import Node
from wizard.plan.setting import settings_of

Index: TypeAlias = QModelIndex | QPersistentModelIndex
WRONG = Qt.ItemDataRole.UserRole
"""The role in which a cell says what is wrong with it."""
_NOWHERE = QModelIndex()
_ROLE = Qt.ItemDataRole
_FLAGS = (
    Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemNeverHasChildren
    | Qt.ItemFlag.ItemIsEditable
)
"""Put together once: it is asked for each cell that is painted."""


class NodeModel(QAbstractTableModel):
    """A row for each node, a column for each of `NODE_COLUMNS`. Edits go into the document."""

    def __init__(self, session: Session) -> None:
        """Show the nodes of the session's plan; `refresh` follows it."""
        super().__init__()
        self._document = session.document
        self._nodes: tuple[Node, ...] = self._document.plan.nodes
        self._typed: dict[str, object] = {}
        """What cannot be read of the nodes, by keys."""
        self._secrets = self._document.secrets
        self._words: dict[tuple[int, int], str] = {}
        self._words_of = self._document.plan, self._secrets
        self._worked_on: set[str] = set()
        self._wrong: dict[str, str] = {}
        self._states: list[str] = []
        self._icons: dict[str, QIcon] = {}
        self._narrow = False
        self._labels = {name: tr(settings_of(Node())[name].label) for name in NODE_COLUMNS}
        theme().changed.connect(self._icons.clear)
        self._tellers: dict[int, Callable[[Index], Any]] = {
            _ROLE.DisplayRole: self.shown,
            _ROLE.EditRole: lambda index: self._document.text(self.key(index)),
            _ROLE.DecorationRole: self.icon,
            _ROLE.ToolTipRole: lambda index: plain_tip(self._tip(index)),
            _ROLE.AccessibleTextRole: self._spoken,
            WRONG: lambda index: self._wrong.get(self.key(index), ""),
        }

    def narrow(self, *, narrow: bool) -> None:
        """Let heads of several words take two lines, or no longer."""
        if narrow is not self._narrow:
            self._narrow = narrow
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(NODE_COLUMNS) - 1)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._nodes)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(NODE_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role in {_ROLE.DisplayRole, _ROLE.AccessibleTextRole}:
            words = self._labels[NODE_COLUMNS[section]]
            return _in_two_lines(words) if self._narrow and role == _ROLE.DisplayRole else words
        if orientation is Qt.Orientation.Vertical and role in {_ROLE.DisplayRole, _ROLE.AccessibleTextRole}:
            return title_of(self._nodes[section], section)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._nodes):
            return None
        tell = self._tellers.get(role)
        return tell(index) if tell else None

    def setData(self, index: Index, value: Any, role: int = _ROLE.EditRole) -> bool:
        """Take what a cell was left with: a host with a port is taken apart, what is left counts for the rules."""
        if role != _ROLE.EditRole or not index.isValid():
            return False
        key, group = self.key(index), f"nodes.{index.row()}"
        self._worked_on.add(key)
        self._document.edit(key, str(value))
        if key.endswith(".host") and (split := edits.with_address(self._document.plan, group, str(value))):
            self._document.replace(split, group)
        self._document.seal()
        if self._document.judged or self._document.plan.problem(key):  # else what the rules say is of a former value
            self.judge()
        return True

    def key(self, index: Index) -> str:
        """Return the key of the setting that a cell shows."""
        return f"nodes.{index.row()}.{NODE_COLUMNS[index.column()]}"

    def label(self, index: Index) -> str:
        """Return what a cell is called: `Host of node2`."""
        who = title_of(self._nodes[index.row()], index.row())
        return tr("{label} of {node}", label=self._labels[NODE_COLUMNS[index.column()]], node=who)

    def index_of(self, key: str) -> QModelIndex:
        """Return the cell of a setting; an invalid one if it is in no column."""
        _section, number, name = key.split(".", 2)
        known = name in NODE_COLUMNS and int(number) < len(self._nodes)
        return self.index(int(number), NODE_COLUMNS.index(name)) if known else QModelIndex()

    def choose_work(self, row: int, work: Work) -> None:
        """Take one of the usual worker modes; a list of tasks begins with the usual ones."""
        key = f"nodes.{row}.worker_mode"
        if work is Work.LIST and work_of(self._nodes[row]) is not Work.LIST:
            self._document.edit(key, NAMED_TASKS)
        elif work is not Work.LIST:
            self._document.edit(key, str(work.value))

    def refresh(self) -> bool:
        """Follow the plan; return whether there are other rows than before."""
        was, typed, secrets = self._nodes, self._typed, self._secrets
        plan, self._secrets = self._document.plan, self._document.secrets
        self._typed = {item.key: item for item in plan.unreadable if item.key.startswith("nodes.")}
        others = len(plan.nodes) != len(was)
        if others:
            self.beginResetModel()
            self._worked_on.clear()
        self._nodes = plan.nodes
        if others:
            self.judge()
            self.endResetModel()
        elif secrets != self._secrets:  # an address that is held back is one
            self._tell(range(len(was)))
        else:
            keys = {key for key in typed | self._typed if typed.get(key) is not self._typed.get(key)}
            of_typed = {key.split(".")[1] for key in keys}
            self._tell(row for row, node in enumerate(plan.nodes) if node is not was[row] or str(row) in of_typed)
        return others

    def judge(self) -> None:
        """Find out what is wrong with the cells, and how the nodes stand."""
        document, wrong, states = self._document, self._wrong, self._states
        keys = [f"nodes.{row}.{name}" for row in range(len(self._nodes)) for name in NODE_COLUMNS]
        notes = ((key, document.note(key, left=key in self._worked_on)) for key in keys if document.has(key))
        self._wrong = {key: note.text for key, note in notes if note and note.fails}
        found = document.known.once(document.plan, found_by_node)
        self._states = [nodes.state(found.get(node.name, []), document.known) for node in self._nodes]
        if len(states) != len(self._nodes):
            self._tell(range(len(self._nodes)))
            return
        keys_of = {key for key in wrong | self._wrong if wrong.get(key) != self._wrong.get(key)}
        of_wrong = {key.split(".")[1] for key in keys_of}
        self._tell(row for row, state in enumerate(self._states) if state != states[row] or str(row) in of_wrong)

    def state(self, row: int) -> str:
        """Return the name of the icon that says how a node stands."""
        return self._states[row] if row < len(self._states) else status.UNTESTED

    @property
    def problems(self) -> list[str]:
        """What is wrong, each with its node and its column: it is told below the table, too."""
        told = ((self.index_of(key), text) for key, text in self._wrong.items())
        return [f"{self.label(index)}: {text}" for index, text in told if index.isValid()]

    def _tell(self, rows: Iterable[int]) -> None:
        """Say that these rows changed: each is painted anew, and painting all of them takes as long as a page."""
        for row in rows:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(NODE_COLUMNS) - 1))

    def shown(self, index: Index) -> str:
        """Return what a cell shows; it is put together once, as each painting asks."""
        document, at = self._document, (index.row(), index.column())
        if self._words_of[0] is not document.plan or self._words_of[1] is not document.secrets:
            self._words_of = document.plan, document.secrets
            self._words.clear()
        if at not in self._words:
            self._words[at] = self._put_in_words(index)
        return self._words[at]

    def _put_in_words(self, index: Index) -> str:
        text = self._document.text(self.key(index))
        if NODE_COLUMNS[index.column()] != "worker_mode":
            return text
        work = work_of(self._nodes[index.row()])
        return text if work is Work.LIST else tr(WORK_WORDS[work])

    def _spoken(self, index: Index) -> str:
        value = self.shown(index) or tr("empty")
        said = f"{self.label(index)}: {value}"
        name = NODE_COLUMNS[index.column()]
        more = [status.in_words(self.state(index.row()))] if name == "name" else []
        return listing([said, *more, *filter(None, [self._wrong.get(self.key(index))])])

    def _tip(self, index: Index) -> str:
        row, wrong = index.row(), self._wrong.get(self.key(index), "")
        if wrong or NODE_COLUMNS[index.column()] != "name":
            return wrong or self.shown(index)  # it may be cut
        return f"{title_of(self._nodes[row], row)}: {status.in_words(self.state(row))}"

    def icon(self, index: Index) -> QIcon | None:
        """Return the icon that says how a node stands, at its name."""
        name = self.state(index.row())
        if NODE_COLUMNS[index.column()] != "name":
            return None
        if name not in self._icons:
            self._icons[name] = icons.icon(name)
        return self._icons[name]


def _in_two_lines(words: str) -> str:
    """Return a text with the blank in its middle as the end of a line."""
    blanks = [at for at, sign in enumerate(words) if sign == " "]
    if not blanks:
        return words
    middle = min(blanks, key=lambda at: abs(2 * at + 1 - len(words)))
    return f"{words[:middle]}\n{words[middle + 1 :]}"
