"""Garbage is collected in the window's thread alone: a Qt object that another one collects can end the program."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY = 1000
"""Milliseconds."""


class Garbage(QObject):
    """Takes over from Python's own collection, which runs in whatever thread happens to allocate."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Begin; each generation is collected when Python itself would, if a little later."""
        super().__init__(parent)
        gc.disable()
        self._tick = QTimer(self, interval=_EVERY)
        self._tick.timeout.connect(collect)
        self._tick.start()


def collect() -> None:
    """Collect the generations that are due."""
    for generation, limit in enumerate(gc.get_threshold()):
        if gc.get_count()[generation] > limit:
            gc.collect(generation)
