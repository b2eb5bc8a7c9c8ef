"""What an export over a former bundle would change: each file with its fate, and the lines that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from wizard.formats.files import BundleFile
from wizard.gui import tokens
from wizard.gui.widgets.basics import column, label
from wizard.gui.widgets.preview import Preview
from wizard.plan.i18n import mark, markn, sentences, tr, trn
from wizard.plan.secret import HIDDEN

if TYPE_CHECKING:
    from wizard.app.changes import Change, Changes

_FATES = {"new": mark("new"), "changed": mark("changed"), "removed": mark("removed")}
_COUNTED = {
    "new": markn("1 new", "{count} new"),
    "changed": markn("1 changed", "{count} changed"),
    "removed": markn("1 removed", "{count} removed"),
}
_TEXTS = {
    "new": mark("This file is not there yet; its text is in the preview below."),
    "changed": mark("The file changes."),
    "removed": mark("This file of the former bundle is removed."),
}


class ChangesView(QWidget):
    """Shown only where the destination is a former bundle. Secrets in it are masked by whoever compared."""

    def __init__(self) -> None:
        """Begin hidden: nothing was compared yet."""
        super().__init__()
        self.setObjectName("changes")
        self._head = label(tr("Changes to the former bundle"), "heading")
        self.words = label("", "intro", wrap=True)
        self.preview = Preview()
        self.preview.list.setObjectName("changed-files")
        self.preview.list.setAccessibleName(tr("Files that change"))
        self.preview.text.setObjectName("change-text")
        self.preview.text.setAccessibleName(tr("Lines that differ"))
        self.setLayout(column(self._head, self.words, self.preview, gap=tokens.S))
        self.hide()

    def show_changes(self, changes: Changes) -> None:
        """Show what would happen, if something of a former bundle is there."""
        touched = [change for change in changes.files if change.kind.value in _FATES]
        self.setVisible(any(change.kind.value != "new" for change in changes.files))
        self.words.setText(_figures(changes, touched))
        self.preview.show_files([_as_file(change) for change in touched])
        self.preview.setVisible(bool(touched))


def _figures(changes: Changes, touched: list[Change]) -> str:
    from wizard.app.changes import fill_in_again, hidden_words

    if not touched:
        return tr("Nothing changes: every file is there as it would be written.")
    counted = {kind: sum(change.kind.value == kind for change in touched) for kind in _FATES}
    figures = [trn(*_COUNTED[kind], count) for kind, count in counted.items() if count]
    told = [tr("{figures}.", figures=", ".join(figures))]
    if filled := [change.path for change in touched if change.filled]:
        told.append(tr("What was filled in goes on: {names}.", names=", ".join(filled)))
    lost = {change.path: change.lost for change in touched if change.lost}
    told += [fill_in_again(lost)] if lost else []
    told += [hidden_words()] if any(HIDDEN in change.diff for change in touched) else []
    if changes.kept_for:
        names = ", ".join(changes.kept_for)
        told.append(tr("The former bundle is kept, as these were changed by hand: {names}.", names=names))
    return sentences(*told)


def _as_file(change: Change) -> BundleFile:
    kind = change.kind.value
    path = change.path if kind == "changed" else f"{tr(_FATES[kind])}: {change.path}"
    return BundleFile(path, change.diff or tr(_TEXTS[kind]), change.secret)
