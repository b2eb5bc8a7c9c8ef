"""What to do next, as cards: what it is, what follows if it is left, the remedy, and what it clears."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import ceil

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from wizard.gui import tokens
from wizard.gui.pace import lay_out
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import button, column, frame, label, row, set_property
from wizard.gui.widgets.card import Remedy, advice_label, describe_buttons, open_page
from wizard.gui.widgets.flowing import Flowing
from wizard.gui.widgets.kept_list import KeptList, Wanted
from wizard.guide import status
from wizard.guide.tasks import Task
from wizard.plan.i18n import tr, trn
from wizard.plan.remedy import RemedyKind

_STRIP = 4
_TINTS = {"fail": "bad", "unknown": "unknown", "warn": "warn"}
"""The colour of the strip at the left by the severity; all else is quiet."""


class ActionCard(QFrame):
    """One action. `asked` names the place that a person wants to go to, `took` the values to be taken over."""

    asked = Signal(str)
    took = Signal(object)

    def __init__(self, task: Task) -> None:
        """Show `task`."""
        super().__init__()
        self.task, action = task, task.action
        self.setProperty("role", "action")
        number = self._number = label("", "number")
        room = _room_for_number()
        number.setMinimumWidth(room)
        self._weight = label("", "detail", wrap=True)
        self._weight.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        title = label(action.title, "action-title", wrap=True)
        title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._clears = button(self._count(), "link", self._toggle, name="clears")
        self._clears.setProperty("small", "true")
        head = row(number, gap=tokens.S)
        number.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        head.addWidget(title, 1)
        head.addWidget(self._clears, 0, Qt.AlignmentFlag.AlignTop)
        self._list: QWidget | None = None
        body = self._body = column(gap=tokens.XS)
        body.addWidget(self._weight)
        if remedy := self._remedy():
            body.addSpacing(theme().px(tokens.XS))
            body.addWidget(remedy)
        body.addLayout(self._foot())
        inset = row(gap=0)
        inset.setContentsMargins(room + theme().px(tokens.S), 0, 0, 0)
        inset.addLayout(body, 1)
        layout = column(head, gap=tokens.XS, margins=(14, 12, 14, 10))
        layout.addLayout(inset)
        self.setLayout(layout)
        describe_buttons(self, action.title)
        self.follow(task)

    def follow(self, task: Task) -> None:
        """Show at which place the action stands now, and whether an edit or a new run has overtaken it."""
        action = task.action
        severity = "stale" if task.overtaken else action.impact.severity.value
        set_property(self, "severity", severity)
        self._tint = _TINTS.get(severity, "control")
        self._number.setText(str(task.number))
        self._weight.setText(task.overtaken or action.impact.text)
        self._weight.setVisible(bool(task.overtaken or action.impact.text))
        state = task.overtaken or status.in_words(action.impact.severity)
        self.setAccessibleName(f"{task.number}, {state}: {action.title}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a strip of the severity's colour at the left, within the card's round corners."""
        super().paintEvent(event)
        look, shape = theme(), QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), look.px(tokens.CARD_RADIUS), look.px(tokens.CARD_RADIUS))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipPath(shape)
        painter.fillRect(0, 0, look.px(_STRIP), self.height(), look.color(self._tint))
        painter.end()

    def _remedy(self) -> QWidget | None:
        remedy = self.task.action.remedy
        if remedy is None:
            return None
        if remedy.kind is RemedyKind.ADVICE:
            return advice_label(remedy.text)
        shown = Remedy(remedy.text)
        if not self.task.values:
            return shown
        count = len(self.task.values)
        use = button(trn("Use this", "Use this for {count}", count), "small", self._take, name="use-this")
        use.setAccessibleName(f"{use.text()}: {self.task.action.title}")
        line = row(gap=tokens.S)
        line.addWidget(shown, 1)
        line.addWidget(use, 0, Qt.AlignmentFlag.AlignVCenter)
        box = QWidget()
        box.setLayout(line)
        return box

    def _foot(self) -> Flowing:
        task, layout = self.task, Flowing(label(self.task.action.id.partition(":")[0], "hint"))
        if task.action.doc:
            page = button(tr("Read more"), "link", lambda: open_page(task.action.doc))
            page.setProperty("small", "true")
            page.setAccessibleName(tr("Read more about {id} in the browser", id=task.action.id))
            layout.addWidget(page)
        layout.add_stretch()
        if link := task.link:
            to_place = button(link.words, "link", lambda: self.asked.emit(link.place), name="go-to")
            to_place.setProperty("small", "true")
            layout.addWidget(to_place)
        return layout

    def _take(self) -> None:
        self.took.emit(self.task.values)

    def _count(self) -> str:
        return trn("clears 1 finding", "clears {count} findings", len(self.task.action.clears))

    def _toggle(self) -> None:
        if self._list is None:
            lines = [label(f"– {words}", "hint", wrap=True) for words in self.task.cleared]
            self._list = frame("", column(*lines, gap=tokens.XS, margins=(0, tokens.XS, 0, 0)))
            self._body.insertWidget(self._body.count() - 1, self._list)
            self._list.show()  # a layout does so later
        else:
            self._list.setVisible(self._list.isHidden())
        lay_out()


def _room_for_number() -> int:
    """Return the width of two digits: beyond ninety-nine actions a title begins a little further to the right."""
    return ceil(theme().metrics(tokens.HEADING, bold=True).horizontalAdvance("00"))


class ActionList(KeptList):
    """The actions, the most urgent first."""

    asked = Signal(str)
    took = Signal(object)

    def __init__(self, tasks: Callable[[], Sequence[Task]]) -> None:
        """Show what `tasks` gives."""
        super().__init__()
        self._tasks = tasks

    def wanted(self) -> Iterator[Wanted]:
        for task in self._tasks():
            shows = task.action, task.values, task.link, task.cleared
            yield Wanted(task.action.id, shows, partial(self._card, task), partial(_follow, task))

    def _card(self, task: Task) -> ActionCard:
        card = ActionCard(task)
        card.asked.connect(self.asked)
        card.took.connect(self.took)
        return card


def _follow(task: Task, card: QFrame) -> None:
    if isinstance(card, ActionCard):
        card.follow(task)
