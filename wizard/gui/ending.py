"""How the window ends: what was typed last is written before, and what it alone has is not lost unasked."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent

from wizard.gui.session import Session
from wizard.gui.window_events import WindowEvents

_PATIENCE = 3000
"""Milliseconds that closing waits for the draft and the secrets to be written."""
_TICK = 30


class Ending(WindowEvents):
    """A window that closes when all that it has is kept elsewhere, or a person gave it up."""

    def __init__(self, session: Session) -> None:
        """Keep what `session` holds."""
        super().__init__()
        self.session = session
        self._may_close = self._may_lose = False

    def end(self) -> None:
        """Close without a question, as the system asks the program to end; what the draft holds is written before."""
        self.session.runs.cancel()
        self._may_lose = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        autosave = self.session.autosave
        if self._may_close or not autosave.waits:
            loses = bool(autosave.lost or autosave.lost_drafts)
            event.setAccepted(self._may_lose or not loses)
            if event.isAccepted():
                self.session.runs.cancel()
            else:
                self._ask_to_lose()
            return
        event.ignore()
        self.setEnabled(False)
        self.session.autosave.flush()
        self._wait_to_close(_PATIENCE)

    def _ask_to_lose(self) -> None:
        """Ask before what only this session holds is lost."""
        self._may_close = False
        self.setEnabled(True)
        from wizard.gui.closing import ask_to_lose

        ask_to_lose(self, self.session, self.close, self._lose)

    def _lose(self) -> None:
        self._may_lose = self._may_close = True
        QTimer.singleShot(0, self, self.close)

    def _wait_to_close(self, left: int) -> None:
        self._may_close = left <= 0 or not self.session.autosave.writes
        if self._may_close:
            self.close()
        else:
            QTimer.singleShot(_TICK, self, lambda: self._wait_to_close(left - _TICK))
