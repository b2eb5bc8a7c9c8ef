"""Garbage is collected in the window's thread alone: a Qt object that another one collects can end the program."""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import QObject, QTimer

from wizard.gui.pace import Parts, pace

_EVERY = 200
"""Milliseconds. What came in a second of a run takes tens of milliseconds to look through."""


class Garbage(QObject):
    """Takes over from Python's own collection, which runs in whatever thread happens to allocate.

    What comes with modules stays for good, and is never looked through again: a full collection of a window at work
    took 75 ms otherwise.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        """Begin; each generation is collected when Python itself would, if a little later."""
        super().__init__(parent)
        gc.disable()
        self._loaded = 0
        for _generation in self._collected():
            pass
        self._tick = QTimer(self, interval=_EVERY)
        self._tick.timeout.connect(lambda: pace().do(self, self._collected))
        self._tick.start()

    def _collected(self) -> Parts:
        """Collect the generations that are due, one after another, in turns of the loop that have little else to do."""
        if len(sys.modules) > self._loaded:
            self._loaded = len(sys.modules)
            gc.freeze()
        for generation, limit in enumerate(gc.get_threshold()):
            if gc.get_count()[generation] > limit:
                gc.collect(generation)
                yield
