"""Reading a cluster that runs: files to be dropped or chosen, a bundle, or text to be pasted."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QWidget

from wizard.gui import tokens
from wizard.gui.widgets.basics import button, column, label, set_property
from wizard.gui.widgets.flowing import Flowing
from wizard.gui.window_events import dropped_files
from wizard.plan.i18n import tr


class SourceBox(QFrame):
    """`chosen` brings the paths of what is to be read together, `pasting` says that text is to be pasted.

    `wondering` asks what can be opened at all.
    """

    chosen = Signal(list)
    pasting = Signal()
    wondering = Signal()

    def __init__(self) -> None:
        """Offer the ways to read something."""
        super().__init__()
        self.setProperty("role", "drop")
        self.setAcceptDrops(True)
        self.file_button = button(tr("Open &files …"), "", self._open_files, name="open-file")
        self.bundle_button = button(tr("Open a b&undle …"), "", self._open_bundle, name="open-bundle")
        self.paste_button = button(tr("&Paste anything …"), "", self.pasting.emit, name="paste-anything")
        words = label(tr("Drop env files, a Compose file, manifests, a cluster file or a bundle here."), wrap=True)
        hint = label(
            tr("A file is known by what is in it, whatever its name. Several are read together."), "hint", wrap=True
        )
        kinds = button(tr("What can be opened"), "link", self.wondering.emit, name="tell-source-kinds")
        self.buttons = Flowing(self.file_button, self.bundle_button, self.paste_button, kinds)
        holder = QWidget()
        holder.setLayout(self.buttons)
        self.setLayout(column(words, hint, holder, gap=tokens.S, margins=(16, 14, 16, 14)))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_files(event.mimeData()):
            event.acceptProposedAction()
            set_property(self, "over", "true")

    def dragLeaveEvent(self, _event: object) -> None:
        set_property(self, "over", "false")

    def dropEvent(self, event: QDropEvent) -> None:
        set_property(self, "over", "false")
        if paths := dropped_files(event.mimeData()):
            event.acceptProposedAction()
            self.chosen.emit(paths)

    def _open_files(self) -> None:
        """Ask for files; hidden ones are offered, too, where the system's dialog lets it be asked for."""
        from PySide6.QtCore import QDir
        from PySide6.QtWidgets import QFileDialog  # with all its names of choices, when it is asked for

        dialog = QFileDialog(self, tr("Open files"))
        dialog.setObjectName("open-files")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setFilter(dialog.filter() | QDir.Filter.Hidden)
        dialog.filesSelected.connect(lambda paths: self.chosen.emit(list(paths)))
        dialog.open()

    def _open_bundle(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        if path := QFileDialog.getExistingDirectory(self, tr("Open a bundle")):
            self.chosen.emit([path])
