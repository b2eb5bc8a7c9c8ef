"""What is to be done after an export, a line each: ticked by a person, or by a run that shows that it is done."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtWidgets import QWidget

from wizard.engine.report import Report
from wizard.gui import tokens
from wizard.gui.widgets.basics import column
from wizard.gui.widgets.inputs import CheckBox
from wizard.guide import exporting
from wizard.guide.exporting import NextStep
from wizard.plan.finding import Finding


class NextSteps(QWidget):
    """A box a step."""

    def __init__(self, steps: Sequence[NextStep], known: Collection[Finding]) -> None:
        """Show `steps`; what `known` shows already was so before the export, and tells nothing of it."""
        super().__init__()
        self._followed: list[tuple[NextStep, CheckBox]] = []
        boxes = []
        for at, step in enumerate(steps):
            box = CheckBox(step.words)
            box.setObjectName(f"next-step.{at}")
            box.setChecked(step.done)
            boxes.append(box)
            if not exporting.shows(known, step):
                self._followed.append((step, box))
        self.setLayout(column(*boxes, gap=tokens.XS))

    def follow(self, report: Report, *, whole: bool) -> None:
        """Tick what a run shows to be done; `whole` says that it was one of everything."""
        for step, box in self._followed:
            if exporting.shows(report.findings, step) or (whole and step.by_whole_run and not report.cancelled):
                box.setChecked(True)
