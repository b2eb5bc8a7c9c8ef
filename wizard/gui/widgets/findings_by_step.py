"""All findings step by step: what wants a person as cards, the rest folded into the step's line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

from PySide6.QtWidgets import QFrame, QPushButton

from wizard.gui import tokens
from wizard.gui.icons import StateIcon
from wizard.gui.widgets.basics import button, label, row, set_property
from wizard.gui.widgets.findings import FindingList, counted
from wizard.gui.widgets.kept_list import Wanted
from wizard.guide import flow, status
from wizard.guide.figures import accepted_count, by_severity
from wizard.guide.groups import Group, grouped_in_parts
from wizard.plan.finding import WORST_FIRST, Severity
from wizard.plan.i18n import tr, trn


class StepHead(QFrame):
    """The line of a step: its state, its title, its figures, and what folds or shows the rest."""

    def __init__(self, title: str, toggle: QPushButton | None) -> None:
        """Show `title`; the rest comes by `follow`."""
        super().__init__()
        self.setProperty("role", "card")
        self._title, self._toggle = title, toggle
        self._icon, self._words = StateIcon(status.UNTESTED), label("", "detail", wrap=True)
        layout = row(self._icon, gap=tokens.L, margins=(14, 6, 10, 6))
        layout.addWidget(label(title, "strong"))
        layout.addWidget(self._words, 1)
        if toggle:
            layout.addWidget(toggle)
        self.setLayout(layout)

    def follow(self, words: str, icon: str) -> None:
        """Show how the step stands now, and what it counts."""
        if self._words.text() != words:
            self._words.setText(words)
        self._icon.show_state(icon, words)
        set_property(self, "stale", "true" if icon == status.STALE else "false")
        if self._toggle:
            self._toggle.setAccessibleName(f"{self._toggle.text()}: {self._title}, {words}")


class FindingsByStep(FindingList):
    """A line for each step that has findings, with its figures; below it the cards that want a person."""

    def wanted(self) -> Iterator[Wanted | None]:
        by_step: dict[str, list[Group]] = {}
        for item in grouped_in_parts(self._findings(), self.overtaken):
            if item is None:
                yield None
            else:
                by_step.setdefault(flow.step_of(item.finding), []).append(item)
        for step in (*flow.IDS, ""):
            if found := by_step.get(step):
                yield from self._of_step(step, found)

    def _of_step(self, step: str, found: list[Group]) -> Iterator[Wanted]:
        record = self._record()
        wanting = [item for item in found if status.wants_person(item.finding)]
        accepted = [item for item in found if item.finding.accepted]
        quiet = [item for item in found if item.finding.severity not in status.OPEN]
        overtaken = [item for item in found if record.stale(item.finding)]
        key = "step", step
        words = _figures(found)
        if count := counted(overtaken):
            awaited = any(record.awaits(item.finding) for item in overtaken)
            changed = trn("1 changed since the test", "{count} changed since the test", count)
            words = " · ".join((words, tr("{count} being tested again", count=count) if awaited else changed))
        icon = status.STALE if overtaken else _gravest(found).value
        opened = key in self._opened
        make = partial(self._head, key, words, icon, folds=bool(quiet))
        yield Wanted(key, (opened, bool(quiet)), make, partial(_follow, words, icon))
        yield from self.cards([*wanting, *accepted])
        if opened:
            yield from self.cards(quiet)

    def _head(self, key: tuple[str, str], words: str, icon: str, *, folds: bool) -> QFrame:
        title = tr(flow.step(key[1]).title) if key[1] else tr("Whole cluster")
        toggle = None
        if folds:
            opened = key in self._opened
            toggle = button(tr("Fold") if opened else tr("Show"), "link", lambda: self.turn(key))
        head = StepHead(title, toggle)
        head.follow(words, icon)
        return head


def _follow(words: str, icon: str, head: QFrame) -> None:
    if isinstance(head, StepHead):
        head.follow(words, icon)


def _gravest(found: list[Group]) -> Severity:
    """Return what counts most: what wants a person, then what passed, then what says nothing of how it stands."""
    severities = {item.finding.severity for item in found if not item.finding.accepted} or {Severity.SKIP}
    wanting = severities & status.OPEN
    if wanting or Severity.PASS not in severities:
        return min(wanting or severities, key=WORST_FIRST.index)
    return Severity.PASS


def _figures(found: list[Group]) -> str:
    counts: Counter[Severity] = Counter()
    for item in found:
        if not item.finding.accepted:
            counts[item.finding.severity] += counted([item])
    accepted = counted([item for item in found if item.finding.accepted])
    return " · ".join([*by_severity(counts), *accepted_count(accepted)])
