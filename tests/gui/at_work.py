"""The window in a process of its own, driven from within, on servers that never answer: to be killed or ended there.

Arguments: the port of the servers, the kind of secrets, and where it kills itself: at the fsync of this number (0: not
at all). It prints a line once a run is under way and something was typed that is not saved yet.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from PySide6.QtCore import QTimer

from tests import canary
from tests.gui.plain import without_secrets
from tests.servers.reflecting import every_secret
from wizard.gui import application, ending
from wizard.gui.shell import Shell

TYPED_LAST = "typed-last.internal"
_NEVER = 24 * 3600 * 1000
"""Milliseconds."""


def _kill_at(step: int) -> None:
    """Die at the fsync of this number, as a power cut would have it."""
    real, calls = os.fsync, 0

    def counted(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls == step:
            os.kill(os.getpid(), signal.SIGKILL)
        real(descriptor)

    os.fsync = counted


class Driven(Shell):
    """A window at which somebody types every secret, starts a run, and goes on typing."""

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        self._whole = every_secret(int(sys.argv[1]), "redis")
        session.autosave.kept.connect(self._begin)
        session.runs.started.connect(lambda: QTimer.singleShot(0, self, self._type_on))

    def _begin(self) -> None:
        """Begin once the secret store was looked for."""
        session = self.session
        if session.autosave.secret_store is None:
            return
        session.autosave.kept.disconnect(self._begin)
        secrets = canary.canaries(self._whole, sys.argv[2])
        session.take(without_secrets(self._whole), {}, "")
        for key, secret in secrets.items():
            if key.partition(".")[0] != "extra":
                session.document.set_secret(key, secret, typed=True)
        self.go("review")
        QTimer.singleShot(0, self, self.primary)

    def _type_on(self) -> None:
        if sys.argv[3] == "0":  # nothing writes what is typed now but the end, however slow this machine is
            for pause in self.session.autosave.findChildren(QTimer):
                pause.setInterval(_NEVER)
        self.session.document.edit("storage.path", f"/srv/{TYPED_LAST}")
        sys.stdout.write("at work\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _kill_at(int(sys.argv[3]))
    ending._PATIENCE = _NEVER  # a write that hangs is not given up, and so is noticed on any machine
    application.Shell = Driven  # type: ignore[misc]
    sys.exit(application.run(None))
