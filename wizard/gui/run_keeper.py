"""Keeps each whole run of a saved cluster, and tells what changed since its last good one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from wizard.gui.autosave import Autosave
from wizard.gui.background import Background
from wizard.gui.run_controller import RunController
from wizard.gui.services import Services
from wizard.guide.document import Document
from wizard.guide.findings_store import FindingsStore
from wizard.plan.finding import Severity
from wizard.plan.plan import Plan

if TYPE_CHECKING:
    from wizard.engine.since import Since


class RunKeeper(QObject):
    """`told` comes when something else changed than was told last."""

    told = Signal()

    def __init__(
        self, background: Background, services: Services, document: Document, runs: RunController, autosave: Autosave
    ) -> None:
        """Listen to `runs` of `document`."""
        super().__init__(runs)
        self._background, self._services = background, services
        self._document, self._runs, self._autosave = document, runs, autosave
        self._changed: Since | None = None
        runs.finished.connect(self._keep)

    def forget(self) -> None:
        """Forget what was told: another cluster takes the place of the one that was checked."""
        self._changed = None

    @property
    def since(self) -> str:
        """What changed since the last good run, in the language in force; empty if there is nothing to compare with."""
        from wizard.guide.reports.since import sentence  # with the first run

        counts = self._that_count()
        return sentence(counts) if counts else ""

    @property
    def changes(self) -> list[str]:
        """What is new, worse or gone since then, a line each."""
        from wizard.guide.reports.since import listed

        counts = self._that_count()
        return listed(counts) if counts else []

    def _that_count(self) -> Since | None:
        """Return what changed without what was accepted since, or has passed: the failed ones were checked again."""
        if not self._changed:
            return None
        from wizard.engine.since import Change

        found = self._document.findings
        passed = found.once(self._document.plan, _passed)
        counted = self._changed.counting(lambda one: not found.marked(one).accepted)
        still_so = {
            change: (*(one for one in those if change is Change.GONE or (one.id, one.subject) not in passed),)
            for change, those in counted.findings.items()
        }
        return replace(counted, findings=still_so)

    def _keep(self) -> None:
        report, plan = self._runs.report, self._document.plan
        saved = self._autosave.saved or self._autosave.opened
        if report is None or report.cancelled or not self._runs.whole or not saved:
            return
        secrets = dict(self._document.secrets)
        self._background.run(
            lambda: self._services.keep_run(plan, report, secrets),
            lambda changed: self._tell(changed, plan.id),
            lane="runs",
            owner=self,
        )

    def _tell(self, changed: Since | None, identity: str) -> None:
        if identity == self._document.plan.id and changed != self._changed:
            self._changed = changed
            self.told.emit()


def _passed(_plan: Plan, found: FindingsStore) -> frozenset[tuple[str, str]]:
    """Return the ids and subjects of what passes now."""
    return frozenset((one.id, one.subject) for one in found.all if one.severity is Severity.PASS)
