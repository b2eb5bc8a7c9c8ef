"""From a screen to an application. Where there is none to be had, Qt dumps core; here a sentence ends the program.

Qt decides that within its constructor, by a fatal message after which it aborts; so nothing can be raised from there.
"""

from __future__ import annotations

import ctypes
import os
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from wizard.app.no_window import missing_libraries, without_window
from wizard.plan.i18n import tr
from wizard.program_name import called_as

_ENDS = 2  # as bad usage: nothing of the program's own broke
_OF_XCB = (
    "libxcb-cursor.so.0",
    "libxcb-icccm.so.4",
    "libxcb-image.so.0",
    "libxcb-keysyms.so.1",
    "libxcb-randr.so.0",
    "libxcb-render-util.so.0",
    "libxcb-shape.so.0",
    "libxcb-xkb.so.1",
    "libxkbcommon-x11.so.0",
)
"""What Qt's plug-in for X11 loads beyond what Qt itself does."""
_REFUSED = "could not connect to display"


def new_application() -> QApplication:
    """Return a new application; where no screen can be used, say so on standard error and end the program with 2.

    What Qt says meanwhile is held back, as it is either told better or passed on once the screen is there.
    """
    said: list[str] = []

    def listen(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        if kind is QtMsgType.QtFatalMsg:
            sys.stderr.write(f"{called_as()}: {without_window(reason_of([*said, message]))}\n")
            sys.stderr.flush()
            os._exit(_ENDS)
        said.append(message)

    former = qInstallMessageHandler(listen)
    try:
        app = QApplication(sys.argv[:1])
    finally:
        qInstallMessageHandler(former)
    sys.stderr.writelines(f"{message}\n" for message in said)
    return app


def reason_of(said: list[str]) -> str:
    """Return why no screen can be used. Qt names libxcb-cursor0 in any case; so what is missing is looked for."""
    if not any(_REFUSED in message for message in said) and any('"xcb"' in message for message in said):
        absent = [name for name in _OF_XCB if not _loads(name)]
        if absent:
            return missing_libraries(absent)
    first = said[0].splitlines()[0].rstrip(". ")
    return tr("The window cannot be opened, as Qt says: {reason}.", reason=first)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
