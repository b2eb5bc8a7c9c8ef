"""The findings below a page: Test, what came of it worst first, what passed folded together."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from PySide6.QtCore import QCoreApplication, QEvent, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from wizard.dataclass import dataclass
from wizard.gui import tokens
from wizard.gui.icons import StateIcon
from wizard.gui.widgets.basics import button, column, frame, label, row, set_property
from wizard.gui.widgets.card import FindingCard
from wizard.guide import status
from wizard.guide.findings_store import FindingsStore, of_rules
from wizard.guide.groups import Group, grouped
from wizard.plan.finding import WORST_FIRST, Finding, Severity
from wizard.plan.i18n import markn, tr, trn

_FOLD_FROM = {Severity.PASS: 4, Severity.SKIP: 2, Severity.INFO: 4}
"""As many of one kind fold into one line."""

_FOLDED = {
    Severity.PASS: markn("1 passed", "{count} passed"),
    Severity.SKIP: markn("1 not looked at", "{count} not looked at"),
    Severity.INFO: markn("1 note", "{count} notes"),
}
_COALESCE = 0
_AT_ONCE = 0.003
"""Seconds for which cards are made at a stretch."""

_Kind: TypeAlias = tuple[Severity, bool]
"""How findings stand together: their severity, and whether an edit has overtaken them."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What stands in a list: a card or a fold, and what it shows."""

    shows: object
    widget: QFrame


class FindingList(QWidget):
    """Findings as cards, worst first. Shown anew a moment after `refresh`, and only while in sight.

    What is there already stays where nothing changed, and new cards are made a few at a time, so that the window's
    thread is never kept for long. `asked` names the step that a person wants to go to from a card.
    """

    asked = Signal(str)

    def __init__(
        self,
        findings: Callable[[], Sequence[Finding]],
        record: Callable[[], FindingsStore],
        step_of: Callable[[Finding], str] | None = None,
    ) -> None:
        """Show what `findings` gives; `record` knows which were overtaken, `step_of` gives the step to lead to."""
        super().__init__()
        self._findings, self._record, self._step_of = findings, record, step_of
        self._opened: set[_Kind] = set()
        self._parts: dict[Hashable, _Part] = {}
        self._box: QVBoxLayout = column(gap=tokens.S)
        self.setLayout(self._box)
        self._soon = QTimer(self, interval=_COALESCE, singleShot=True)
        self._soon.timeout.connect(self._rebuild)

    def refresh(self) -> None:
        """Show the findings as they are now."""
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._rebuild()

    def _rebuild(self) -> None:
        record = self._record()
        kinds: dict[_Kind, list[Group]] = {}
        for item in grouped(self._findings()):
            stale = record.stale(item.finding) and not record.awaits(item.finding)
            kinds.setdefault((item.finding.severity, stale), []).append(item)
        until, waits, parts = time.perf_counter() + _AT_ONCE, False, {}
        for kind in sorted(kinds, key=_rank):
            for key, shows, make in self._wanted(kind, kinds[kind], record):
                old = self._parts.get(key)
                if old and old.shows == shows:
                    parts[key] = old
                elif not parts or time.perf_counter() < until:
                    parts[key] = _Part(shows, make())
                else:
                    waits = True
                    if old:  # it stays until its turn comes
                        parts[key] = old
        self._place(parts, waits=waits)

    def _wanted(
        self, kind: _Kind, found: list[Group], record: FindingsStore
    ) -> Iterator[tuple[Hashable, object, Callable[[], QFrame]]]:
        """Go through what is to be shown of one kind: its key, what it shows, and what makes it."""
        severity, stale = kind
        folds = len(found) >= _FOLD_FROM.get(severity, len(found) + 1)
        if folds:
            count, awaited = _counted(found), _counted([item for item in found if record.awaits(item.finding)])
            yield kind, (count, awaited, kind in self._opened), partial(self._fold, kind, count, awaited)
        if not folds or kind in self._opened:
            for item in found:
                finding = item.finding
                step = self._step_of(finding) if self._step_of else ""
                key = finding.id, finding.severity, finding.summary, finding.remedy
                yield key, (item.subjects, item.details, finding.doc, step), partial(self._card, item, step)
                if key in self._parts and isinstance(card := self._parts[key].widget, FindingCard):
                    awaited = record.awaits(finding)
                    card.follow(item, stale=stale or awaited, awaited=awaited)

    def _card(self, item: Group, step: str) -> QFrame:
        record = self._record()
        card = FindingCard(item, stale=record.stale(item.finding), awaited=record.awaits(item.finding), step=step)
        card.asked.connect(self.asked)
        return card

    def _place(self, parts: dict[Hashable, _Part], *, waits: bool) -> None:
        """Put the parts below one another; those no longer wanted go when all that are wanted are there."""
        for at, part in enumerate(parts.values()):
            item = self._box.itemAt(at)
            if item is None or item.widget() is not part.widget:
                self._box.removeWidget(part.widget)
                self._box.insertWidget(at, part.widget)
                part.widget.show()
        kept = {id(part.widget) for part in parts.values()}
        for key, old in self._parts.items():
            if id(old.widget) in kept:
                continue
            if waits and key not in parts:
                parts[key] = old
                continue
            self._box.removeWidget(old.widget)
            old.widget.hide()
            old.widget.deleteLater()
        self._parts = parts
        if waits:
            self._soon.start()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # else it is painted before it is laid out

    def _fold(self, kind: _Kind, count: int, awaited: int) -> QFrame:
        severity, stale = kind
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
        set_property(made, "stale", "true" if stale else "false")
        return made

    def _toggle(self, kind: _Kind) -> None:
        self._opened ^= {kind}
        self._rebuild()


def _counted(found: Sequence[Group]) -> int:
    """Return of how many subjects it is told."""
    return sum(max(1, len(item.subjects)) for item in found)


def _rank(kind: _Kind) -> tuple[bool, bool, int]:
    """Put first what wants a person, then the rest; what an edit has overtaken stands below its like."""
    severity, stale = kind
    return severity not in status.OPEN, stale, WORST_FIRST.index(severity)


class FindingsPanel(QWidget):
    """A step's findings under their heading, with the Test button."""

    def __init__(
        self,
        findings: Callable[[], Sequence[Finding]],
        record: Callable[[], FindingsStore],
        test: Callable[[], object],
        step_of: Callable[[Finding], str] | None = None,
        *,
        asks: bool = True,
    ) -> None:
        """`test` starts the checks of the step; `step_of` gives another step that a finding leads to, or nothing.

        `asks` says whether they ask anything real, or judge the values alone.
        """
        super().__init__()
        self.button = button("", "", test, name="test")
        self.button.setToolTip("F5")
        self._findings, self._record, self._asks = findings, record, asks
        self._hint = label("", "hint", wrap=True)
        self.list = FindingList(findings, record, step_of)
        head = row(label(tr("Findings"), "heading"), gap=tokens.S)
        head.addStretch(1)
        head.addWidget(self.button)
        self.setLayout(column(head, self._hint, self.list, gap=tokens.S))
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
        self.button.setEnabled(not running)
        told = (
            status.hint_of_run(running=running, stale=stale, found=bool(found))
            if self._asks
            else status.hint_of_values()
        )
        self._hint.setText(told)
        self._hint.setVisible(bool(self._hint.text()))
        self.list.refresh()
