"""First painted window against a bare PySide6 window, each from the start of its process to its first paint."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from benchmarks.timing import medians, tell

WANTED = 3.0
_BARE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, QApplication.quit)

application = QApplication(sys.argv)
window = Window()
window.setCentralWidget(QLabel("bare"))
window.resize(1280, 800)
window.show()
application.exec()
"""
_OURS = """
from wizard.gui.application import measure_first_paint
measure_first_paint()
"""


def _took(program: str) -> float:
    began = time.perf_counter()
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment, timeout=60)
    return time.perf_counter() - began


def main() -> bool:
    """Measure and tell; gives whether the ratio holds."""
    found = medians(7, bare=lambda: _took(_BARE), ours=lambda: _took(_OURS))
    return tell("first painted window ÷ bare PySide6 window", found["ours"] / found["bare"], WANTED, **found)


if __name__ == "__main__":
    sys.exit(not main())
