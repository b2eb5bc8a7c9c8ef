"""The bridge from runs' events, which come from their own threads, to a Qt signal in the window's thread."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from wizard.engine.events import Event


class Bridge(QObject):
    """`arrived` is to be connected queued; it brings the number of the run, so that one given up can be told apart.

    One bridge serves all runs: it must outlive a run's thread, which may still be inside `emit` after the last event.
    """

    arrived = Signal(int, object)

    def way_for(self, number: int) -> Callable[[Event], None]:
        """Return what hands over the events of run `number`; it may be called from any thread."""

        def forward(event: Event) -> None:
            with contextlib.suppress(RuntimeError):  # the window is gone, and nobody listens
                self.arrived.emit(number, event)

        return forward
