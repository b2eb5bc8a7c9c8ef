"""All findings step by step: what wants a person as cards, the rest folded into the step's line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

from PySide6.QtWidgets import QFrame

from wizard.gui import tokens
from wizard.gui.icons import StateIcon
from wizard.gui.widgets.basics import button, frame, label, row, set_property
from wizard.gui.widgets.findings import FindingList, counted
from wizard.gui.widgets.kept_list import Wanted
from wizard.guide import flow, status
from wizard.guide.figures import by_severity
from wizard.guide.groups import Group, grouped
from wizard.plan.finding import WORST_FIRST, Severity
from wizard.plan.i18n import tr, trn


class FindingsByStep(FindingList):
    """A line for each step that has findings, with its figures; below it the cards that want a person."""

    def wanted(self) -> Iterator[Wanted]:
        by_step: dict[str, list[Group]] = {}
        for item in grouped(self._findings()):
            by_step.setdefault(flow.step_of(item.finding), []).append(item)
        for step in (*flow.IDS, ""):
            if found := by_step.get(step):
                yield from self._of_step(step, found)

    def _of_step(self, step: str, found: list[Group]) -> Iterator[Wanted]:
        record = self._record()
        wanting = [item for item in found if item.finding.severity in status.OPEN]
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
        yield Wanted(key, (words, icon, opened, bool(quiet)), partial(self._head, key, words, icon, folds=bool(quiet)))
        yield from self.cards(wanting)
        if opened:
            yield from self.cards(quiet)

    def _head(self, key: tuple[str, str], words: str, icon: str, *, folds: bool) -> QFrame:
        title = tr(flow.step(key[1]).title) if key[1] else tr("Whole cluster")
        layout = row(StateIcon(icon, words), gap=tokens.L, margins=(14, 6, 10, 6))
        layout.addWidget(label(title, "strong"))
        layout.addWidget(label(words, "detail", wrap=True), 1)
        if folds:
            opened = key in self._opened
            toggle = button(tr("Fold") if opened else tr("Show"), "link", lambda: self.turn(key))
            toggle.setAccessibleName(f"{toggle.text()}: {title}, {words}")
            layout.addWidget(toggle)
        made = frame("card", layout)
        set_property(made, "stale", "true" if icon == status.STALE else "false")
        return made


def _gravest(found: list[Group]) -> Severity:
    """Return what counts most: what wants a person, then what passed, then what says nothing of how it stands."""
    severities = {item.finding.severity for item in found}
    wanting = severities & status.OPEN
    if wanting or Severity.PASS not in severities:
        return min(wanting or severities, key=WORST_FIRST.index)
    return Severity.PASS


def _figures(found: list[Group]) -> str:
    counts: Counter[Severity] = Counter()
    for item in found:
        counts[item.finding.severity] += counted([item])
    return " · ".join(by_severity(counts))
