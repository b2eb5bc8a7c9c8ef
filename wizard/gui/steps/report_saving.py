"""Saves what the review shows, as a report or as the picture alone, by what the chosen file's name ends with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from wizard.engine.report import Report
from wizard.gui import saved_picture
from wizard.gui.steps.page import Page
from wizard.gui.widgets import map_painting
from wizard.gui.widgets.outcome import Outcome, folder_button
from wizard.guide.diagram import Diagram
from wizard.plan.i18n import mark, sentences, tr
from wizard.plan.plan import slug

_KINDS = {
    "txt": mark("Text (*.txt)"),
    "html": mark("Page with picture (*.html)"),
    "md": mark("Markdown (*.md)"),
    "json": mark("JSON (*.json)"),
    "svg": mark("Picture (*.svg)"),
    "png": mark("Picture (*.png)"),
}
"""What a report is saved as, by the ends of names."""


class ReportSaving:
    """Asks for a file, writes it in another thread, and tells what came of it."""

    def __init__(self, page: Page, outcome: Outcome, picture: Callable[[], Diagram]) -> None:
        """Save what is known on `page`, with the `picture` of its cluster; `outcome` says where it is."""
        self._page, self._outcome, self._picture = page, outcome, picture
        self._session, self._document = page.session, page.document

    def ask_where(self) -> None:
        """Ask for the file that the report goes to; whether one there is replaced is asked by the system's dialog."""
        dialog = QFileDialog(self._page, tr("Save the report"), str(Path.home()))
        dialog.setObjectName("save-report-to")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        suffixes = {tr(kind): suffix for suffix, kind in _KINDS.items()}
        dialog.setNameFilters(list(suffixes))
        dialog.setDefaultSuffix(next(iter(_KINDS)))
        dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(suffixes[kind]))
        dialog.selectFile(f"{slug(self._document.plan.name)}-report")
        dialog.fileSelected.connect(lambda chosen: self._save(Path(chosen)))
        dialog.open()

    def _save(self, path: Path) -> None:
        report = self._session.runs.known
        if report is None:
            return
        marked = map(self._document.findings.marked, report.findings)
        report = replace(report, findings=tuple(marked))
        self._session.background.run(
            self._writing(report, path),
            lambda _nothing: self._saved(path),
            lambda error: self._not_saved(path, error),
            owner=self._page,
        )

    def _writing(self, report: Report, path: Path) -> Callable[[], None]:
        """Return what writes the report, or the picture, as the file's name ends; it is made for another thread."""
        services, document, drawn = self._session.services, self._document, self._picture()
        source, secrets = document.source or document.plan.name, dict(document.secrets)
        if path.suffix.lower() == ".svg":
            return lambda: saved_picture.write_svg(drawn, path)
        if path.suffix.lower() == ".png":
            image = map_painting.image(drawn)
            return lambda: saved_picture.write_png(image, path)
        plan = document.plan
        return lambda: services.save_report(report, plan, source, secrets, path)

    def _saved(self, path: Path) -> None:
        words = tr("The report is in {path}.", path=path)
        if _is_picture(path):
            words = tr("The picture is in {path}.", path=path)
        if self._document.findings.any_stale:
            stale = tr("Some of it was changed since it was tested: check again for a report of how it is now.")
            words = sentences(words, stale)
        self._outcome.tell("ok", words, folder_button(path.parent))

    def _not_saved(self, path: Path, error: Exception) -> None:
        if not isinstance(error, OSError):
            self._session.background.fault.emit(error)
            return
        reason = error.strerror or error
        words = tr("The report cannot be written to {path}: {reason}.", path=path, reason=reason)
        if _is_picture(path):
            words = tr("The picture cannot be written to {path}: {reason}.", path=path, reason=reason)
        self._outcome.tell("bad", words)


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in {".svg", ".png"}
