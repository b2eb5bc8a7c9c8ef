"""The findings below a page: Test, what came of it worst first, what passed folded together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from wizard.gui import tokens
from wizard.gui.icons import StateIcon
from wizard.gui.widgets.basics import button, clear, column, frame, label, row, set_property
from wizard.gui.widgets.card import FindingCard
from wizard.guide import status
from wizard.guide.findings_store import FindingsStore, of_rules
from wizard.guide.groups import Group, grouped
from wizard.plan.finding import WORST_FIRST, Finding, Severity
from wizard.plan.i18n import mark, markn, tr, trn

_FOLD_FROM = {Severity.PASS: 4, Severity.SKIP: 2, Severity.INFO: 4}
"""As many of one kind fold into one line."""

_FOLDED = {
    Severity.PASS: markn("1 passed", "{count} passed"),
    Severity.SKIP: markn("1 not looked at", "{count} not looked at"),
    Severity.INFO: markn("1 note", "{count} notes"),
}
_COALESCE = 40

_Kind: TypeAlias = tuple[Severity, bool]
"""How findings stand together: their severity, and whether an edit has overtaken them."""


class FindingList(QWidget):
    """Findings as cards, worst first. Shown anew a moment after `refresh`, and only while in sight.

    `asked` names the step that a person wants to go to from a card.
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
        self._shown: object = None
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
        found = grouped(self._findings())
        state = [(item, record.stale(item.finding)) for item in found], frozenset(self._opened)
        if state == self._shown:
            return
        self._shown = state
        clear(self._box)
        kinds: dict[_Kind, list[Group]] = {}
        for item in found:
            kinds.setdefault((item.finding.severity, record.stale(item.finding)), []).append(item)
        for kind in sorted(kinds, key=_rank):
            self._add_kind(kind, kinds[kind])

    def _add_kind(self, kind: _Kind, found: list[Group]) -> None:
        severity, stale = kind
        folds = len(found) >= _FOLD_FROM.get(severity, len(found) + 1)
        if folds:
            self._box.addWidget(self._fold(kind, found))
        if not folds or kind in self._opened:
            for item in found:
                step = self._step_of(item.finding) if self._step_of else ""
                card = FindingCard(item, stale=stale, step=step)
                card.asked.connect(self.asked)
                self._box.addWidget(card)

    def _fold(self, kind: _Kind, found: list[Group]) -> QFrame:
        severity, stale = kind
        words = trn(*_FOLDED[severity], sum(max(1, len(item.subjects)) for item in found))
        if stale:
            words = " · ".join((words, tr("changed since this test")))
        toggle = button(tr("Fold") if kind in self._opened else tr("Show"), "link", lambda: self._toggle(kind))
        toggle.setAccessibleName(f"{toggle.text()}: {words}")
        icon = status.STALE if stale else severity.value
        layout = row(StateIcon(icon, words), gap=tokens.L, margins=(14, 8, 10, 8))
        layout.addWidget(label(words), 1)
        layout.addWidget(toggle)
        made = frame("card", layout)
        set_property(made, "stale", "true" if stale else "false")
        return made

    def _toggle(self, kind: _Kind) -> None:
        self._opened ^= {kind}
        self._rebuild()


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
        hint = _hint(running=running, stale=stale, found=bool(found)) if self._asks else tr(_OF_VALUES)
        self._hint.setText(hint)
        self._hint.setVisible(bool(self._hint.text()))
        self.list.refresh()


_OF_VALUES = mark(
    "The values alone are judged here, at every edit. Whether the address answers is tested on the step Balancer, and "
    "whether the nodes have these keys on the Review."
)


def _hint(*, running: bool, stale: bool, found: bool) -> str:
    if running:
        return tr("Being tested …")
    if stale:
        return tr("Something was changed since this test: test again to know.")
    return "" if found else tr("Not tested yet. Test asks the real thing, and leaves nothing behind there.")
