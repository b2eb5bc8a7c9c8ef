"""Step review: everything at once, in figures, as a map, and what needs a person."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from wizard.gui import tokens
from wizard.gui.steps.page import Page
from wizard.gui.widgets.basics import button, label
from wizard.gui.widgets.findings import FindingList
from wizard.gui.widgets.map import ClusterMap
from wizard.gui.widgets.outcome import Outcome, folder_button
from wizard.guide import advice, diagram, flow
from wizard.guide.figures import figures
from wizard.guide.findings_store import of_rules
from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import sentences, tr
from wizard.plan.plan import slug

_SUFFIXES = ("txt", "json")
_FAILED = (Severity.FAIL, Severity.UNKNOWN)


class ReviewPage(Page):
    """Runs all checks. Its primary action is that, until they ran once; then it is going on."""

    def build(self) -> None:
        self.intro.show()
        self.outcome = Outcome()
        self.map = ClusterMap()
        self.map.asked.connect(self.asked)
        self.list = FindingList(self.findings, lambda: self.document.findings, flow.step_of)
        self.list.asked.connect(self.asked)
        self.add(self.outcome)
        self.add(self.map, gap=tokens.XL)
        self._head = label(tr("Findings"), "heading")
        self.add(self._head, gap=tokens.S)
        self.add(self.list)
        self.again = button(tr("Check &all again"), "", self.check_all, name="check-all")
        self.failed = button(tr("Check &failed ones again"), "", self.check_failed, name="check-failed")
        self.save = button(tr("&Save report …"), "", self._ask_where, name="save-report")
        self.bar_left = [self.save]
        self.bar_right = [self.again, self.failed]
        self.session.runs.started.connect(self.outcome.untell)
        self.plan_changed()

    @property
    def action(self) -> str:
        return "" if self._checked else tr("&Check everything")

    @property
    def ready(self) -> bool:
        return self._checked or not self.session.runs.running

    def act(self) -> None:
        self.check_all()

    def test(self) -> None:
        self.check_all()

    def first_input(self) -> None:
        """The page is for reading: the primary action gets the focus."""

    def check_all(self) -> None:
        """Run every check there is."""
        if not self.session.runs.running:
            self.session.test((), self.step.id)
            self.turned.emit()

    def check_failed(self) -> None:
        """Run the components again in which something failed, was overtaken or could not be found out."""
        if not self.session.runs.running:
            self.session.test(self._troubled(), self.step.id)

    def plan_changed(self) -> None:
        self.map.show_picture(diagram.picture(self.document.plan, self.document.findings))

    def findings(self) -> list[Finding]:
        return advice.in_window(self.document.plan, self.document.findings.all)

    def show_findings(self) -> None:
        if not self.isVisible():
            return
        runs, found = self.session.runs, self.findings()
        if runs.running:
            self.intro.setText(tr("Everything is being checked at once. Nothing is left behind on any server."))
        elif self._cancelled:
            words = tr("The run was cancelled, so not everything was looked at.")
            self.intro.setText(f"{words} {self._figures(found)}")
        elif not self._checked:
            self.intro.setText(tr("Check everything at once: each server, each node, and what only shows together."))
        else:
            self.intro.setText(self._figures(found))
        self._head.setVisible(bool(found))
        self.save.setVisible(runs.known is not None)
        self.save.setEnabled(not runs.running)
        self.again.setVisible(self._checked)
        self.again.setEnabled(not runs.running)
        self.failed.setVisible(self._checked and self._any_failed())
        self.failed.setEnabled(not runs.running)
        self.plan_changed()
        self.list.refresh()
        self.turned.emit()

    def _ask_where(self) -> None:
        """Ask for the file that the report goes to; whether one there is replaced is asked by the system's dialog."""
        dialog = QFileDialog(self, tr("Save the report"), str(Path.home()))
        dialog.setObjectName("save-report-to")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([tr("Text (*.txt)"), tr("JSON (*.json)")])
        dialog.setDefaultSuffix(_SUFFIXES[0])
        dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(_SUFFIXES[dialog.nameFilters().index(kind)]))
        dialog.selectFile(f"{slug(self.document.plan.name)}-report")
        dialog.fileSelected.connect(lambda chosen: self._save(Path(chosen)))
        dialog.open()

    def _save(self, path: Path) -> None:
        session, report = self.session, self.session.runs.known
        if report is None:
            return
        source, secrets = session.document.source or session.document.plan.name, dict(session.document.secrets)
        session.background.run(
            lambda: session.services.save_report(report, source, secrets, path),
            lambda _nothing: self._saved(path),
            lambda error: self._not_saved(path, error),
            owner=self,
        )

    def _saved(self, path: Path) -> None:
        words = tr("The report is in {path}.", path=path)
        if self.document.findings.any_stale:
            stale = tr("Some of it was changed since it was tested: check again for a report of how it is now.")
            words = sentences(words, stale)
        self.outcome.tell("ok", words, folder_button(path.parent))

    def _not_saved(self, path: Path, error: Exception) -> None:
        if not isinstance(error, OSError):
            self.session.background.fault.emit(error)
            return
        reason = error.strerror or error
        self.outcome.tell("bad", tr("The report cannot be written to {path}: {reason}.", path=path, reason=reason))

    @property
    def _checked(self) -> bool:
        return self.document.findings.checked

    @property
    def _cancelled(self) -> bool:
        runs = self.session.runs
        return not self._checked and runs.whole and runs.report is not None and runs.report.cancelled

    def _figures(self, found: Sequence[Finding]) -> str:
        runs, record = self.session.runs, self.document.findings
        fresh = [item for item in found if not record.stale(item)]
        elapsed = runs.report.elapsed_ms if runs.report and runs.whole else None
        return figures(fresh, elapsed, len(found) - len(fresh))

    def _any_failed(self) -> bool:
        return any(item.severity in _FAILED and not of_rules(item) for item in self.document.findings.all)

    def _troubled(self) -> list[str]:
        found = self.document.findings.all
        bad = [item for item in found if item.severity in _FAILED or self.document.findings.stale(item)]
        return sorted({item.component for item in bad if not of_rules(item)})


PAGE = ReviewPage
