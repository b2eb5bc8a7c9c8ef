"""From a screen to an application. Where there is none to be had, Qt dumps core; here a sentence ends the program.

Qt decides that within its constructor, by a fatal message after which it aborts; so nothing can be raised from there.
"""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from wizard.app.no_window import refusal_of_qt, without_window
from wizard.program_name import called_as

STYLE = "Fusion"
"""Qt's style on every system. Asked for afterwards it comes with some six hundred names in Python, 5 ms."""

_LOOK = ("-style", STYLE)
_ENDS = 2  # as bad usage: nothing of the program's own broke


def new_application() -> QApplication:
    """Return a new application; where no screen can be used, say so on standard error and end the program with 2.

    What Qt says meanwhile is held back, as it is either told better or passed on once the screen is there.
    """
    said: list[str] = []

    def listen(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        if kind is QtMsgType.QtFatalMsg:
            sys.stderr.write(f"{called_as()}: {without_window(refusal_of_qt([*said, message]))}\n")
            sys.stderr.flush()
            os._exit(_ENDS)
        said.append(message)

    former = qInstallMessageHandler(listen)
    try:
        app = QApplication([*sys.argv[:1], *_LOOK])
    finally:
        qInstallMessageHandler(former)
    sys.stderr.writelines(f"{message}\n" for message in said)
    return app
