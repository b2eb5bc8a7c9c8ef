"""The findings below a page: Test, what came of it worst first, what passed folded together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from wizard.gui import tokens
from wizard.gui.icons import StateIcon
from wizard.gui.widgets.basics import button, column, enable_if, frame, keep_painted, label, row, set_property
from wizard.gui.widgets.card import FindingCard
from wizard.gui.widgets.kept_list import KeptList, Wanted
from wizard.guide import status
from wizard.guide.findings_store import FindingsStore, of_rules
from wizard.guide.groups import Group, grouped, grouped_in_parts
from wizard.guide.places import Link
from wizard.plan.finding import WORST_FIRST, Finding, Severity
from wizard.plan.i18n import markn, tr, trn

_FOLD_FROM = {Severity.PASS: 4, Severity.SKIP: 2, Severity.INFO: 4}
"""As many of one kind fold into one line."""

_FOLDED = {
    Severity.PASS: markn("1 passed", "{count} passed"),
    Severity.SKIP: markn("1 not looked at", "{count} not looked at"),
    Severity.INFO: markn("1 note", "{count} notes"),
}

_Kind: TypeAlias = tuple[Severity, bool, bool]
"""How findings stand together: their severity, whether an edit has overtaken them, and whether they are accepted."""


class FindingList(KeptList):
    """Findings as cards, worst first.

    `asked` names the step, or the setting, that a person wants to go to; `accepting` and `withdrawing` bring the group
    that they want to accept, or no longer.
    """

    asked = Signal(str)
    accepting = Signal(object)
    withdrawing = Signal(object)

    def __init__(
        self,
        findings: Callable[[], Sequence[Finding]],
        record: Callable[[], FindingsStore],
        link_of: Callable[[Finding], Link | None] | None = None,
    ) -> None:
        """Show what `findings` gives; `record` knows which were overtaken, `link_of` where a card leads to."""
        super().__init__()
        self._findings, self._record, self._link_of = findings, record, link_of
        self._opened: set[Hashable] = set()
        self._sought: tuple[str, str, bool] | None = None
        self.settled.connect(self._give_focus)

    def seek(self, finding: Finding, *, accepted: bool) -> None:
        """Give the focus to the card of a finding once it stands there so: the one that has it now will be gone."""
        self._sought = finding.id, finding.subject, accepted

    def _give_focus(self) -> None:
        for card in self.widgets:
            if isinstance(card, FindingCard) and card.is_of(self._sought):
                self._sought = None
                if (way_on := card.way_on) is not None:
                    way_on.setFocus(Qt.FocusReason.OtherFocusReason)

    def wanted(self) -> Iterator[Wanted | None]:
        kinds: dict[_Kind, list[Group]] = {}
        for item in grouped_in_parts(self._findings(), self.overtaken):
            if item is None:
                yield None
            else:
                kinds.setdefault(self.kind_of(item), []).append(item)
        for kind in sorted(kinds, key=_rank):
            yield from self._of_kind(kind, kinds[kind])

    @property
    def opened(self) -> set[Hashable]:
        """What is unfolded."""
        return self._opened

    @opened.setter
    def opened(self, opened: set[Hashable]) -> None:
        self._opened = set(opened)
        self.refresh()

    def first_open(self) -> FindingCard | None:
        """Return the first card that wants a person and still counts."""
        cards = (card for card in self.widgets if isinstance(card, FindingCard))
        record = self._record()
        return next(
            (card for card in cards if status.wants_person(card.finding) and not record.stale(card.finding)), None
        )

    def open_about(self, subject: str) -> None:
        """Unfold the worst that is known of `subject`, from the next time that the list is shown."""
        found = grouped(self._findings(), self.overtaken)
        if own := next((item for item in found if self._about(subject, item.subjects)), None):
            self._opened.add(self.kind_of(own))

    def first_about(self, subject: str) -> QFrame | None:
        """Return the first card about `subject`; without one the first that wants a person, or what stands first."""
        cards = (card for card in self.widgets if isinstance(card, FindingCard))
        own = (card for card in cards if self._about(subject, card.subjects))
        return next(own, None) or self.first_open() or next(iter(self.widgets), None)

    def _about(self, subject: str, subjects: Sequence[str]) -> bool:
        """Whether one of some subjects is `subject`, or a setting of the node of that name."""
        names = [node.name for node in self._record().plan.nodes]
        own = f"nodes.{names.index(subject)}." if subject in names else ""
        return any((subject and each == subject) or (own and each.startswith(own)) for each in subjects)

    def kind_of(self, item: Group) -> _Kind:
        """Return what a finding stands together with."""
        return item.finding.severity, self.overtaken(item.finding), bool(item.finding.accepted)

    def overtaken(self, finding: Finding) -> bool:
        """Whether an edit has overtaken a finding, and nothing tests it again yet."""
        record = self._record()
        return record.stale(finding) and not record.awaits(finding)

    def _of_kind(self, kind: _Kind, found: list[Group]) -> Iterator[Wanted]:
        severity, _stale, _accepted = kind
        folds = len(found) >= _FOLD_FROM.get(severity, len(found) + 1)
        if folds:
            record = self._record()
            count, awaited = counted(found), counted([item for item in found if record.awaits(item.finding)])
            yield Wanted(kind, (count, awaited, kind in self._opened), partial(self._fold, kind, count, awaited))
        if not folds or kind in self._opened:
            yield from self.cards(found)

    def cards(self, found: Iterable[Group]) -> Iterator[Wanted]:
        """Go through the cards of some findings."""
        for item in found:
            finding = item.finding
            key = finding.id, finding.severity, finding.summary, finding.remedy, finding.subject
            shows = item.subjects, item.details, finding.doc, finding.accepted
            yield Wanted(key, shows, partial(self._card, item), partial(self._follow, item))

    def _follow(self, item: Group, card: QFrame) -> None:
        if isinstance(card, FindingCard):
            card.follow(item, self._why_overtaken(item.finding))

    def _card(self, item: Group) -> QFrame:
        link = self._link_of(item.finding) if self._link_of else None
        card = FindingCard(item, overtaken=self._why_overtaken(item.finding), link=link)
        card.asked.connect(self.asked)
        card.accepting.connect(self.accepting)
        card.withdrawing.connect(self.withdrawing)
        return card

    def _why_overtaken(self, finding: Finding) -> str:
        record = self._record()
        return status.stale_words([finding], record) if record.stale(finding) else ""

    def _fold(self, kind: _Kind, count: int, awaited: int) -> QFrame:
        severity, stale, _accepted = kind
        words = trn(*_FOLDED[severity], count)
        if stale:
            words = " · ".join((words, tr("changed since this test")))
        if awaited:
            words = " · ".join((words, trn("1 being tested again", "{count} being tested again", awaited)))
        toggle = button(tr("Fold") if kind in self._opened else tr("Show"), "link", lambda: self._toggle(kind))
        toggle.setAccessibleName(f"{toggle.text()}: {words}")
        icon = status.STALE if stale or awaited == count else severity.value
        layout = row(StateIcon(icon, words), gap=tokens.L, margins=(14, 8, 10, 8))
        layout.addWidget(label(words), 1)
        layout.addWidget(toggle)
        made = frame("card", layout)
        made.setAccessibleName(words)
        set_property(made, "stale", "true" if stale else "false")
        return made

    def _toggle(self, kind: _Kind) -> None:
        self.turn(kind)

    def turn(self, fold: Hashable) -> None:
        """Open a fold, or close it again."""
        self._opened ^= {fold}
        self.rebuild()


def counted(found: Sequence[Group]) -> int:
    """Return of how many subjects it is told."""
    return sum(max(1, len(item.subjects)) for item in found)


def _rank(kind: _Kind) -> tuple[bool, bool, bool, int]:
    """Put first what wants a person, then what is accepted, then the rest; what is overtaken stands below its like."""
    severity, stale, accepted = kind
    return severity not in status.OPEN, accepted, stale, WORST_FIRST.index(severity)


class FindingsPanel(QWidget):
    """A step's findings under their heading. The Test button, `button`, stands in the bar below."""

    def __init__(
        self,
        findings: Callable[[], Sequence[Finding]],
        record: Callable[[], FindingsStore],
        test: Callable[[], object],
        link_of: Callable[[Finding], Link | None] | None = None,
        *,
        asks: bool = True,
        changed: Callable[[Sequence[Finding]], str] = lambda _found: "",
    ) -> None:
        """`test` starts the checks of the step; `link_of` gives where a finding leads to, or None.

        `asks` says whether they ask anything real, or judge the values alone; `changed` names the values whose edits
        have overtaken some of the findings.
        """
        super().__init__()
        self.button = button("", "", test, name="test")
        self.button.setToolTip("F5")
        self._findings, self._record, self._asks, self._changed = findings, record, asks, changed
        self._hint = label("", "hint", wrap=True)
        self.list = FindingList(findings, record, link_of)
        head = label(tr("Findings"), "heading")
        self.setLayout(column(head, self._hint, self.list, gap=tokens.M))
        keep_painted(self)
        self.refresh(running=False)

    def refresh(self, *, running: bool) -> None:
        """Show findings and button as they are now."""
        found, record = self._findings(), self._record()
        tested = any(not of_rules(item) for item in found)
        stale = any(record.stale(item) for item in found)
        if self._asks:
            self.button.setText(tr("&Test again") if tested else tr("&Test"))
        else:
            self.button.setText(tr("Check the &values"))
        enable_if(self.button, enabled=not running)
        told = (
            status.hint_of_run(running=running, stale=stale, found=bool(found), changed=self._changed(found))
            if self._asks
            else status.hint_of_values()
        )
        self._hint.setText(told)
        self._hint.setVisible(bool(self._hint.text()))
        self.list.refresh()
