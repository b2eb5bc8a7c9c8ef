"""A secret that was copied is taken off the clipboard after a while, unless something else was copied meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication

from wizard.plan.literals import SHORTEST
from wizard.plan.secret import Secret

SECONDS = 30


class ClipboardGuard(QObject):
    """Watches what this program itself puts onto the clipboard, and what it offers as the selection (X11)."""

    def __init__(self, secrets: Callable[[], Iterable[Secret]], parent: QObject | None = None) -> None:
        """Ask `secrets` for those that are known whenever something is copied."""
        super().__init__(parent)
        self._secrets = secrets
        self._copied: dict[QClipboard.Mode, str] = {}
        self.timer = QTimer(self, interval=SECONDS * 1000, singleShot=True)
        self.timer.timeout.connect(self.clear)
        QGuiApplication.clipboard().changed.connect(self._look)

    def clear(self) -> None:
        """Take off what was copied, where it is still there."""
        clipboard, copied = QGuiApplication.clipboard(), self._copied
        self._copied = {}
        for mode, text in copied.items():
            if _is_ours(clipboard, mode) and clipboard.text(mode) == text:
                clipboard.clear(mode)

    def _look(self, mode: QClipboard.Mode) -> None:
        clipboard = QGuiApplication.clipboard()
        text = clipboard.text(mode) if _is_ours(clipboard, mode) else ""
        values = (secret.reveal() for secret in self._secrets())
        if text and any(text == value or (len(value) >= SHORTEST and value in text) for value in values):
            self._copied[mode] = text
            self.timer.start()


def _is_ours(clipboard: QClipboard, mode: QClipboard.Mode) -> bool:
    """Whether this program put it there: what another one has is none of ours, and asking for it may take long."""
    match mode:
        case QClipboard.Mode.Clipboard:
            return clipboard.ownsClipboard()
        case QClipboard.Mode.Selection:
            return clipboard.ownsSelection()
        case _:
            return clipboard.ownsFindBuffer()
