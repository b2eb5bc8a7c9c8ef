"""The pictures of the pages for users: `scripts/pictures` paints them into docs/, of a demo and without a screen."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from wizard.app.demo import running_demo
from wizard.app.open_source import OpenedSource
from wizard.gui import application
from wizard.gui.services import Verbs
from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets

DOCS = Path(__file__).parents[1] / "docs"
NAMES = ("start", "database", "review", "export")
"""Each picture is called after the step that it shows."""
SIZE = 1280, 800
_PATIENCE = 60.0
_LOOKS = 10
_BUSY = "too busy to tell"
"""A part of what is said where this machine was too late to judge a server."""


def _until(done: Callable[[], bool]) -> None:
    """Let the window work until it is done, and for a moment longer, in which it comes to rest."""
    end = time.monotonic() + _PATIENCE
    while not done():
        if time.monotonic() > end:
            raise TimeoutError("the window did not come to rest")
        QCoreApplication.processEvents()
    rest = time.monotonic() + 1
    while time.monotonic() < rest:
        QCoreApplication.processEvents()


def _check(shell: Shell) -> None:
    """Check everything; again where this machine was too busy to tell, as that is none of the cluster's."""
    for _ in range(_LOOKS):
        shell.session.test((), "review")
        _until(lambda: bool(shell.session.runs.total) and not shell.session.runs.running)
        if not any(_BUSY in finding.summary for finding in shell.session.document.findings.all):
            return
    raise TimeoutError("this machine was too busy each time")


def paint(plan: Plan, secrets: Secrets, folder: Path) -> None:
    """Paint every picture of a cluster into a folder: the first page empty, the others once everything was checked."""
    application.prepare()
    shell = Shell(Session(Verbs()))
    shell.resize(*SIZE)
    shell.show()
    for name in NAMES:
        if name == NAMES[1]:
            shell.session.opening.begin(None, OpenedSource(plan, dict(secrets), "demo"))
            _until(lambda: shell.session.autosave.secret_store is not None)
            shell.go("review")
            _check(shell)
        shell.go(name)
        _until(lambda: shell.current == NAMES[0] or shell.page.ready)  # there nobody has named the cluster yet
        if not shell.grab().save(str(folder / f"{name}.png")):
            raise OSError(f"{name}.png cannot be written")
    shell.hide()


def main() -> None:
    """Paint them of a demo, as a user who has nothing saved."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory() as home:
        os.environ.update({f"XDG_{kind}_HOME": home for kind in ("CACHE", "CONFIG", "DATA", "STATE")})
        os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
        with running_demo(lambda line: sys.stderr.write(f"{line}\n")) as demo:
            os.environ["HOME"] = "/home/admin"  # whoever paints them, no path of that machine is seen
            paint(demo.plan, demo.secrets, DOCS)


if __name__ == "__main__":
    main()
