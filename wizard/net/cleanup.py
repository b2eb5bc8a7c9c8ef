"""What a probe made on a server and must be gone again, at the latest when the program ends.

A probe may be given up by its run, and its thread dies with the program, before any `finally`. So the end of the
program waits for what is still to be taken back. Most of it the probe's own thread takes back within that time; what a
hanging call may hold up is taken back by a thread of its own, made beforehand, as none can be made while the
interpreter ends.
"""

from __future__ import annotations

import atexit
import contextlib
import threading
from collections.abc import Callable, Iterator

from wizard.engine.lateness import is_crowded
from wizard.engine.sockets import hold

PATIENCE = 1.0
"""Seconds that the end of the program waits for all of it."""
CROWDED_PATIENCE = 10.0
"""The same, where so many want this machine's processors that a second is not one."""


class Cleanup:
    """What is to be taken back at the moment."""

    def __init__(self) -> None:
        """Know of nothing."""
        self._changed = threading.Condition()
        self._pending: set[object] = set()
        self._is_over = False

    @contextlib.contextmanager
    def pending(self, take_back: Callable[[], object] | None = None) -> Iterator[None]:
        """Enter before the thing is made, leave when it is gone.

        Raises SystemExit where the program is ending: nothing more may be begun, and the probe's thread ends unheard.
        `take_back` is done on leaving, in any case, or by another thread when the program ends before. It must bear to
        be done twice, and at once; without it the block itself takes everything back. Where the probe is given up
        meanwhile, its sockets stay open for a moment more.
        """
        item = object()
        with self._changed:
            if self._is_over:
                raise SystemExit
            self._pending.add(item)
        if take_back:
            threading.Thread(target=self._stand_by, args=(item, take_back), name="ending", daemon=True).start()
        try:
            with hold():
                yield
        finally:
            try:
                if take_back:
                    take_back()
            finally:
                self._settle(item)

    def _stand_by(self, item: object, take_back: Callable[[], object]) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_over or item not in self._pending)
            if item not in self._pending:
                return
        with contextlib.suppress(Exception):  # nobody is left who could be told
            take_back()
        self._settle(item)

    def _settle(self, item: object) -> None:
        with self._changed:
            self._pending.discard(item)
            self._changed.notify_all()

    def end(self) -> bool:
        """Wait until all is taken back, for as long as PATIENCE says; return whether that came about."""
        seconds = CROWDED_PATIENCE if is_crowded() else PATIENCE
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
            return self._changed.wait_for(lambda: not self._pending, seconds)


CLEANUP = Cleanup()
atexit.register(CLEANUP.end)
