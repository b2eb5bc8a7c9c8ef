"""Whether another window of the program is open, which saves into the same folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLockFile
from PySide6.QtWidgets import QMessageBox, QWidget

from wizard.plan.i18n import tr
from wizard.storage.atomic_files import make_folders
from wizard.storage.saved_clusters import data_folder

_FILE = "window.lock"


def claim(window: QWidget, folder: Path | None = None) -> QLockFile:
    """Return the mark that a window is open, to be kept as long as it is; where another one has it, say so.

    A mark of a process that is gone counts for nothing. Both windows can be used; where no mark can be set, nothing is
    said.
    """
    folder = folder or data_folder()
    lock = QLockFile(str(folder / _FILE))
    lock.setStaleLockTime(0)  # a window may be open for days
    try:
        make_folders(folder)
    except OSError:
        return lock
    if not lock.tryLock(0) and lock.error() is QLockFile.LockError.LockFailedError:
        _tell(window, lock)
    return lock


def _tell(window: QWidget, lock: QLockFile) -> None:
    process, _host, _name = lock.getLockInfo()
    words = tr("Another window of this program is open (process {process}).", process=process)
    box = QMessageBox(QMessageBox.Icon.Information, tr("NocoBase Cluster Wizard"), words, parent=window)
    box.setObjectName("other-window")
    box.setInformativeText(tr("Edit a cluster in one of them alone: what is saved last takes the place of the rest."))
    box.open()
