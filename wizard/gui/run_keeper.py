"""Keeps each whole run of a saved cluster, and tells what changed since its last good one."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from wizard.gui.autosave import Autosave
from wizard.gui.background import Background
from wizard.gui.run_controller import RunController
from wizard.gui.services import Services
from wizard.guide.document import Document


class RunKeeper(QObject):
    """`told` comes when `since` is another sentence; it is empty where there is nothing to compare with."""

    told = Signal()

    def __init__(
        self, background: Background, services: Services, document: Document, runs: RunController, autosave: Autosave
    ) -> None:
        """Listen to `runs` of `document`."""
        super().__init__(runs)
        self._background, self._services = background, services
        self._document, self._runs, self._autosave = document, runs, autosave
        self.since = ""
        runs.finished.connect(self._keep)

    def forget(self) -> None:
        """Forget what was told: another cluster takes the place of the one that was checked."""
        self.since = ""

    def _keep(self) -> None:
        report, plan = self._runs.report, self._document.plan
        saved = self._autosave.saved or self._autosave.opened
        if report is None or report.cancelled or not self._runs.whole or not saved:
            return
        secrets = dict(self._document.secrets)
        self._background.run(
            lambda: self._services.keep_run(plan, report, secrets),
            lambda since: self._tell(since, plan.id),
            lane="runs",
            owner=self,
        )

    def _tell(self, since: str, identity: str) -> None:
        if identity == self._document.plan.id and since != self.since:
            self.since = since
            self.told.emit()
