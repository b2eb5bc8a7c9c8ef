"""Work that must not stop the window: done in daemon threads, its outcome delivered in the window's thread.

Daemon threads, because a thread pool makes the program's exit wait for a call that hangs.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

T = TypeVar("T")
Job = Callable[[], None]
_log = logging.getLogger(__name__)


class Background(QObject):
    """Runs callables elsewhere. In a named lane they run one after another, otherwise at once.

    `fault` comes where a callable raised and its caller gave no `failed`.
    """

    fault = Signal(object)
    _over = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        """Deliver to the thread that this object was made in."""
        super().__init__(parent)
        self._lanes: dict[str, queue.SimpleQueue[Job]] = {}
        self._under_way = 0
        self._over.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way or undelivered."""
        return self._under_way == 0

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        *,
        lane: str = "",
        owner: QObject | None = None,
    ) -> None:
        """Do `work` in another thread, then `done` with its result, or `failed` with its exception, in this one.

        The outcome is dropped if its `owner` is gone by then.
        """
        self._under_way += 1
        report = failed or self.fault.emit

        def job() -> None:
            try:
                result = work()
            except Exception as error:  # noqa: BLE001 - whatever it raised is the caller's to word
                outcome = _later(report, error, owner)
            else:
                outcome = _later(done, result, owner)
            with contextlib.suppress(RuntimeError):  # the window is gone, and nobody waits for the outcome
                self._over.emit(outcome)

        if lane:
            self._lane(lane).put(job)
        else:
            threading.Thread(target=job, name="background", daemon=True).start()

    def _lane(self, name: str) -> queue.SimpleQueue[Job]:
        if name not in self._lanes:
            jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
            threading.Thread(target=_work_off, args=(jobs,), name=name, daemon=True).start()
            self._lanes[name] = jobs
        return self._lanes[name]

    def _deliver(self, outcome: Job) -> None:
        self._under_way -= 1
        outcome()


def _later(callback: Callable[[Any], None], value: Any, owner: QObject | None) -> Job:
    def deliver() -> None:
        if owner is None or isValid(owner):
            callback(value)

    return deliver


def _work_off(jobs: queue.SimpleQueue[Job]) -> None:
    while True:
        jobs.get()()
