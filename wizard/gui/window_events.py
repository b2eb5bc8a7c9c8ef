"""What comes to the window as a whole: another font of the system, and files dropped anywhere on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from wizard.gui.theme import theme
from wizard.gui.widgets.basics import keep_words_whole
from wizard.plan.i18n import tr, trn

_FONT_MAY_BE_ANOTHER = {QEvent.Type.ApplicationFontChange, QEvent.Type.ThemeChange}


class WindowEvents(QMainWindow):
    """`refitted` says that everything is to be built anew, as the system's font is another one.

    `dropped` brings the paths of what was dropped on any part that does not take it itself.
    """

    dropped = Signal(list)
    refitted = Signal()

    def __init__(self) -> None:
        """Listen from now on."""
        super().__init__()
        self.setAcceptDrops(True)
        theme().refitted.connect(self._refit)

    def event(self, event: QEvent) -> bool:
        """Follow the system's font, once Qt has told all parts of it."""
        if event.type() in _FONT_MAY_BE_ANOTHER:
            QTimer.singleShot(0, theme(), theme().follow_font)
        return super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_files(event.mimeData()) and QApplication.activeModalWidget() is None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if paths := dropped_files(event.mimeData()):
            event.acceptProposedAction()
            QTimer.singleShot(0, self, lambda: self.dropped.emit(paths))  # whoever dropped it waits no longer

    def offer_to_open(self, paths: list[str], cluster: str, opened: Callable[[list[str]], object]) -> None:
        """Let what was dropped be opened; where it takes the place of `cluster`, the name of one, ask before."""
        if not cluster:
            opened(paths)
            return
        from PySide6.QtWidgets import QMessageBox

        first = Path(paths[0]).name
        question = trn(
            "Open “{file}”?", "Open “{file}” and what came with it, {count} files in all?", len(paths), file=first
        )
        words = "\n\n".join((question, tr("“{name}” stays among the saved clusters.", name=cluster)))
        box = QMessageBox(QMessageBox.Icon.Question, tr("NocoBase Cluster Wizard"), words, parent=self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setObjectName("open-dropped")
        opening = box.addButton(tr("Open"), QMessageBox.ButtonRole.AcceptRole)
        opening.setObjectName("open")
        box.setDefaultButton(opening)
        box.setEscapeButton(box.addButton(QMessageBox.StandardButton.Cancel))
        keep_words_whole(box)
        box.accepted.connect(lambda: opened(paths))
        box.finished.connect(box.deleteLater)
        box.open()

    def _refit(self) -> None:
        """Wait for the end of the dialog that is open: it belongs to its page."""
        from PySide6.QtWidgets import QDialog

        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog):
            dialog.finished.connect(lambda: QTimer.singleShot(0, self, self._refit))
        else:
            self.refitted.emit()


def dropped_files(dropped: QMimeData) -> list[str]:
    """Return the paths of the files and folders that are dropped."""
    return [url.toLocalFile() for url in dropped.urls() if url.isLocalFile()]
