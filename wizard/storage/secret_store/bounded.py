"""A call that may hang, made in a daemon thread and given up after a bound.

A Secret Service on a desktop can block for minutes, as it shows a window of its own. The thread is abandoned, never
joined: a pool of threads would make the program's exit wait for it.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TypeVar, cast

T = TypeVar("T")


def bounded(action: Callable[[], T], seconds: float) -> T:
    """Return what `action` gives, or raise what it raises; raises TimeoutError after `seconds`."""
    outcome: queue.SimpleQueue[tuple[T | None, Exception | None]] = queue.SimpleQueue()

    def work() -> None:
        try:
            outcome.put((action(), None))
        except Exception as error:  # noqa: BLE001 - it is raised again in the caller's thread
            outcome.put((None, error))

    threading.Thread(target=work, name="keyring", daemon=True).start()
    try:
        value, error = outcome.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return cast("T", value)
