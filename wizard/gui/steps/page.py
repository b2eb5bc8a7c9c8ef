"""What all pages have: title, one sentence, a body, and the findings of the step below."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from wizard.dataclass import dataclass
from wizard.gui import tokens
from wizard.gui.focus import BESIDE, in_reading_order
from wizard.gui.session import Session
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import Gap, bounded, column, keep_painted, label, row
from wizard.gui.widgets.line_edits import SecretEdit
from wizard.guide import advice, flow, places, status
from wizard.guide.findings_store import of_rules
from wizard.guide.flow import Step
from wizard.guide.overtaken import changed_values
from wizard.guide.places import Link
from wizard.plan.finding import Finding
from wizard.plan.i18n import tr

if TYPE_CHECKING:
    from wizard.gui.widgets.findings import FindingList, FindingsPanel
    from wizard.gui.widgets.form import SettingsForm

T = TypeVar("T", bound=QWidget)
_FIRST = 100
"""By how much more than what stands beside it a form takes of the width, until it has all that it wants."""
_LOWER = 6
"""Pixels by which a heading beside the title stands lower, so that both stand on one line."""
_OF_PLAN = "input."
"""What the names of inputs begin with whose values the plan holds."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What stands on a page and in no plan: texts and ticks by the inputs' names, open folds in their order."""

    texts: dict[str, str]
    ticks: dict[str, bool]
    folds: list[bool]
    opened: list[set[Hashable]]
    own: object = None
    """What else a page remembers of itself."""


class Page(QWidget):
    """One step. The shell asks it what its primary action is; `turned` says that the answer may have changed.

    `go_on` asks for the next step, `asked` for the step of this id, or the field of this setting, `found` for what was
    found on a step of a subject, `in_sight` for a part of the page to be brought into sight.
    """

    grows = False
    """Whether something on the page takes the room of a wide window; the rest keeps the width that is easy to read."""

    turned = Signal()
    go_on = Signal()
    asked = Signal(str)
    found = Signal(str, str)
    in_sight = Signal(QWidget)

    def __init__(self, session: Session, step: Step) -> None:
        """Build the page for `step`; subclasses add to it in `build`."""
        super().__init__()
        self.session, self.document, self.step = session, session.document, step
        self.setProperty("role", "page")
        self.setObjectName(f"page.{step.id}")
        self.bar_left: list[QPushButton] = []
        self.bar_right: list[QPushButton] = []
        self.panel: FindingsPanel | None = None
        self._seeks = False
        self._sought: str | None = None
        px = theme().px
        inside = QWidget()
        inside.setMaximumWidth(px(tokens.WIDE if self.grows else tokens.PAGE))
        self.title = label(tr(step.title), "title")
        self.intro = label(tr(step.intro), "intro", wrap=True)
        if not step.intro:
            self.intro.hide()
        self.body: QVBoxLayout = column(self.title, bounded(self.intro, tokens.PAGE), gap=tokens.S)
        self.body.addSpacing(px(tokens.M))
        inside.setLayout(self.body)
        self._outer = row()
        self._below, self._aside = column(), column()
        self._aside.addStretch(1)
        self._outer.addWidget(inside, _FIRST)
        self._outer.addLayout(self._aside, 1)
        self._outer.addStretch(0)
        self.setLayout(self._outer)
        self._leave_margins(tokens.XXL)
        keep_painted(self, inside)
        self.build()
        if step.tests:
            self._add_findings()
        shelf = QWidget(self)
        shelf.hide()
        for each in (*self.bar_left, *self.bar_right):
            each.setParent(shelf)  # while the bar does not show it
        self.body.addStretch(1)
        session.changed.connect(self._changed)
        session.judged.connect(self.show_findings)

    def build(self) -> None:
        """Add what is special to this page to `body`."""

    def _changed(self, _key: str) -> None:
        if self.isVisible():
            self.plan_changed()

    def plan_changed(self) -> None:
        """Follow an edit."""

    def add(
        self, *items: QWidget | QLayout, gap: int = tokens.L, wide: bool = False, into: QVBoxLayout | None = None
    ) -> None:
        """Add things to the body, or `into` a column, with a gap below each.

        `wide` ones grow with the window where the page does, or with the column.
        """
        most, place = theme().px(tokens.PAGE), into or self.body
        for item in items:
            if isinstance(item, QWidget) and self.grows and not wide:
                item.setMaximumWidth(min(item.maximumWidth(), most))
            if isinstance(item, QWidget) and item.maximumWidth() < most + self.grows:
                place.addLayout(bounded(item))
            elif isinstance(item, QWidget):
                place.addWidget(item)
            else:
                place.addLayout(item)
            if isinstance(item, QWidget):
                place.addWidget(Gap(item, gap - tokens.S))
            else:
                place.addSpacing(theme().px(gap - tokens.S))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self._room()
        self._leave_margins(tokens.L if room < theme().px(tokens.NARROW) else tokens.XXL)
        self._place_findings(beside=room >= theme().px(tokens.TWO_COLUMNS))

    def _room(self) -> int:
        """Return its width beside a scroll bar, be there one or not: else one that comes may send itself away again."""
        port = self.parentWidget()
        above = port.parentWidget() if port is not None else None
        if not isinstance(above, QScrollArea):
            return self.width()
        return above.width() - theme().px(tokens.SCROLL_BAR)

    def _place_findings(self, *, beside: bool) -> None:
        """Let the findings stand below the form, or beside it where the window is wide."""
        if self.panel is None or beside is bool(self.panel.property(BESIDE)):
            return
        px, focused = theme().px, self.window().focusWidget()
        self.panel.setProperty(BESIDE, beside)
        self.panel.setMaximumWidth(px(tokens.BESIDE if beside else tokens.PAGE))
        self._aside.setContentsMargins(px(tokens.XXL) if beside else 0, px(_LOWER) if beside else 0, 0, 0)
        if beside:
            self._aside.insertWidget(0, self.panel)
        else:
            self._below.addWidget(self.panel)
        if focused is not None and self.panel.isAncestorOf(focused):  # what gets another parent is hidden, and loses it
            self.panel.show()
            focused.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave_margins(self, sides: int) -> None:
        px = theme().px
        self._outer.setContentsMargins(px(sides), px(28), px(sides), px(tokens.XL))

    def minimumSizeHint(self) -> QSize:
        """Reckon with the narrow margins, and nothing beside the form: a page that got less width has it so."""
        hint, px = super().minimumSizeHint(), theme().px
        spare = self._outer.contentsMargins().left() - px(tokens.L)
        return QSize(hint.width() - 2 * spare - self._aside.minimumSize().width(), hint.height())

    @property
    def action(self) -> str:
        """The words of a primary action of the page's own; empty means going on to the next step."""
        return ""

    @property
    def ready(self) -> bool:
        """Whether the primary action can be done now."""
        return True

    @property
    def may_skip(self) -> bool:
        """Whether one may go on although there is a primary action of the page's own."""
        return False

    def act(self) -> None:
        """Do the primary action of the page's own."""

    def open_sources(self, paths: list[str]) -> None:
        """Read what was dropped on the window; the first page does."""

    def entered(self, focused: QWidget) -> bool:
        """Do what Enter does in this part of the page; return whether it does anything but the primary action."""
        del focused
        return False

    def test(self) -> None:
        """Run the checks of this step."""
        if self.step.tests and not self.session.runs.running:
            self._seeks = True
            self.session.test(flow.components(self.step, self.document.plan), self.step.id)

    def enter(self) -> None:
        """Come into sight, and catch up with what happened meanwhile."""
        self.plan_changed()
        self.show_findings()

    def first_input(self) -> QWidget | None:
        """Return where a person goes on when the page is reached: the first empty field that a cluster needs.

        None: nothing is to be entered first, and the primary action is where they go on.
        """
        wanted = {f"{_OF_PLAN}{key}" for key in status.empty_fields(self.document.findings.rules)}
        return next((each for each in in_reading_order(self) if each.objectName() in wanted), None)

    def show_field(self, key: str) -> QWidget | None:
        """Unfold the field of a setting and return what takes the focus there; None if it is not on this page."""
        for form in self._forms():
            if key in form.keys and form.isVisible():
                return form.reveal(key)
        found = self.findChild(QWidget, f"input.{key}")
        return found if found and found.isVisible() else None

    def own_button(self, name: str) -> QPushButton | None:
        """Return the button of this name on the page, or of the page in the bar."""
        in_bar = (each for each in (*self.bar_left, *self.bar_right) if each.objectName() == name)
        return next(in_bar, None) or self.findChild(QPushButton, name)

    def seek(self, subject: str) -> None:
        """Give the focus to what was found of `subject`, or of the whole step, as soon as the page shows it."""
        self._sought = subject
        self.document.visited.add(self.step.id)  # what the rules say counts, too
        if self.panel:
            self.panel.list.open_about(subject)

    def leave(self) -> None:
        """Go out of sight: shown secrets hide again, and what was typed is judged before the next page is shown."""
        self._sought = None
        for edit in self.findChildren(SecretEdit):
            edit.hide_text()
        self.document.visited.add(self.step.id)
        self.document.judge()

    def memory(self) -> Memory:
        """Return what would be lost with the page."""
        return Memory(
            {edit.objectName(): edit.text() for edit in self._own(QLineEdit)},
            {box.objectName(): box.isChecked() for box in self._own(QCheckBox)},
            [form.unfolded for form in self._forms()],
            [found.opened for found in self._lists()],
            self.own_memory(),
        )

    def own_memory(self) -> object:
        """Return what else would be lost with the page, which no input holds; it is handed on as `Memory.own`."""

    def remember(self, memory: Memory) -> None:
        """Put back what `memory` returned of a page that this one takes the place of."""
        for edit in self._own(QLineEdit):
            edit.setText(memory.texts.get(edit.objectName(), edit.text()))
        for box in self._own(QCheckBox):
            if box.isChecked() != memory.ticks.get(box.objectName(), box.isChecked()):
                box.click()
        for form, unfolded in zip(self._forms(), memory.folds, strict=False):
            form.unfold(unfolded=unfolded)
        for found, opened in zip(self._lists(), memory.opened, strict=False):
            found.opened = opened

    def _own(self, kind: type[T]) -> Iterator[T]:
        """Go through the inputs of a kind whose values are in no plan."""
        named = (each for each in self.findChildren(kind) if each.objectName())
        return (each for each in named if not each.objectName().startswith((_OF_PLAN, "qt_")))

    def _forms(self) -> list[SettingsForm]:
        from wizard.gui.widgets.form import SettingsForm  # the first page has none before there is a cluster

        return self.findChildren(SettingsForm)

    def _lists(self) -> list[FindingList]:
        from wizard.gui.widgets.findings import FindingList

        return self.findChildren(FindingList)

    def findings(self) -> list[Finding]:
        """Return the findings the page shows: the rules' only once somebody has worked on the step."""
        plan = self.document.plan
        found = advice.in_window(plan, flow.findings(self.step, plan, self.document.known))
        if self.step.id in self.document.visited:
            return found
        return [item for item in found if not of_rules(item)]

    def show_findings(self) -> None:
        """Show the findings as they are now."""
        if self.panel and self.isVisible():
            self.panel.refresh(running=self.session.runs.running)

    def _add_findings(self) -> None:
        from wizard.gui.accepting import Accepting
        from wizard.gui.widgets.findings import FindingsPanel  # the first page has none

        self.body.addSpacing(theme().px(tokens.M))
        document = self.document
        self.panel = FindingsPanel(
            self.findings,
            lambda: document.known,
            self.test,
            self._link,
            asks=self.step.asks,
            changed=lambda found: changed_values(document.plan, document.known, found),
        )
        self.panel.list.asked.connect(self.asked)
        Accepting(self, document, self.panel.list)
        self.panel.list.settled.connect(self._seek)
        self.bar_right = [*self.bar_right, self.panel.button]
        self._below.addWidget(self.panel)
        self.add(self._below)

    def _seek(self) -> None:
        """Bring what a test found first that wants a person into sight, once all of it is there."""
        if not self.panel or not self.panel.list.rests:
            return
        if self._seeks and not self.session.runs.running:
            self._seeks = False
            if (first := self.panel.list.first_open()) is not None:
                self.in_sight.emit(first)
        if self._sought is not None:
            card, self._sought = self.panel.list.first_about(self._sought), None
            if card is not None:
                card.setFocus(Qt.FocusReason.OtherFocusReason)
                self.in_sight.emit(card)

    def _link(self, finding: Finding) -> Link | None:
        """Return the way to where a finding of this page can be mended: a field of its own, or another step."""
        return places.link(self.document.plan, finding, self.step.id)
