"""Signals of the system (Ctrl-C, SIGTERM, a closed terminal) while Qt's loop runs.

It lets no handler of Python's have its turn.
"""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Callable, Iterator

from PySide6.QtCore import QSocketNotifier

_ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
SIGNALLED = 128
"""Added to a signal's number it is the exit code that shells know."""


@contextlib.contextmanager
def heard(told: Callable[[int], object]) -> Iterator[None]:
    """Call `told` with the number of a signal that asks the program to end, in Qt's loop; for the main thread alone.

    The interpreter writes the number into a socket as the signal comes, and Qt wakes up for that.
    """
    wanted = [number for number in _ENDING if signal.getsignal(number) != signal.SIG_IGN]  # as `nohup` and `&` set it
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setblocking(False)
    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda *_: [told(number) for number in ours.recv(64) if number in wanted])
    former = {number: signal.signal(number, lambda *_: None) for number in wanted}
    awake = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(awake)
        for number, handler in former.items():
            signal.signal(number, handler)
        notifier.setEnabled(False)
        notifier.deleteLater()
        ours.close()
        theirs.close()
