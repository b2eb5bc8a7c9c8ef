"""What an export over a former bundle would change: each file with its fate, and the lines that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from wizard.gui import tokens
from wizard.gui.widgets.basics import column, label
from wizard.gui.widgets.diff_colours import DiffColours
from wizard.gui.widgets.preview import Preview
from wizard.plan.i18n import tr

if TYPE_CHECKING:
    from wizard.app.changes import Changes


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
        self._colours = DiffColours(self.preview.text.document())
        self.setLayout(column(self._head, self.words, self.preview, gap=tokens.S))
        self.hide()

    def show_changes(self, changes: Changes) -> None:
        """Show what would happen, if something of a former bundle is there."""
        from wizard.guide.bundle_changes import as_file, figures, touched_files  # the export's room, wanted here first

        touched = touched_files(changes)
        self.setVisible(any(change.kind.value != "new" for change in changes.files))
        self.words.setText(figures(changes))
        self.preview.show_files([as_file(change) for change in touched])
        self.preview.setVisible(bool(touched))
