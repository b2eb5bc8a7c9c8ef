"""First painted window against a bare PySide6 window, each from the start of its process to its first paint."""

from __future__ import annotations

import os
import sys
import tempfile

from benchmarks.timing import medians, tell, took

WANTED = 2.0
_BARE = """
import os
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, lambda: os._exit(0))

application = QApplication(sys.argv)
window = Window()
window.setCentralWidget(QLabel("bare"))
window.resize(1280, 800)
window.show()
application.exec()
"""
_OURS = """
import os
import sys
import wizard.__main__ as program

def watched_window(*given):
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Watch(QObject):
        def eventFilter(self, watched, event):
            if event.type() is QEvent.Type.Paint:
                QTimer.singleShot(0, lambda: os._exit(0))
            return False

    def watched_loop(*_):
        watch = Watch()
        [window] = [one for one in QApplication.topLevelWidgets() if isinstance(one, QMainWindow)]
        window.installEventFilter(watch)
        return loop()

    loop, QApplication.exec = QApplication.exec, watched_loop
    return window(*given)

window, program._window = program._window, watched_window
sys.argv = ["nocobase-cluster-wizard"]
program.main()
"""
"""The program as it is started by its name, from the arguments on; only Qt's loop is told to end at the first paint.
Qt is loaded by the program, when it is its turn."""


def _took(program: str, compiled: str) -> float:
    with tempfile.TemporaryDirectory() as home:  # of a user who has nothing yet
        environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
        environment |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": compiled}
        environment |= {f"XDG_{kind}_HOME": home for kind in ("CACHE", "CONFIG", "DATA", "STATE")}
        return took([sys.executable, "-c", program], environment)


def main() -> bool:
    """Measure and tell; return whether the ratio holds."""
    with tempfile.TemporaryDirectory() as compiled:  # as an installed program is, whatever the environment says
        for program in (_BARE, _OURS):
            _took(program, compiled)
        found = medians(7, bare=lambda: _took(_BARE, compiled), ours=lambda: _took(_OURS, compiled))
    return tell("first painted window ÷ bare PySide6 window", found["ours"] / found["bare"], WANTED, **found)


if __name__ == "__main__":
    sys.exit(not main())
