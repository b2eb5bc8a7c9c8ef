"""Signals: what a shell, a service manager or a pipeline sends to end the program."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator

TERMINATING = tuple(number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None)
"""What a service manager sends, and a terminal that is closed."""


@contextlib.contextmanager
def terminated_as_interrupted() -> Iterator[None]:
    """Let what terminates do what Ctrl-C does meanwhile: a run is cancelled, and what was begun is taken back.

    By default it would end the program on the spot. A handler that somebody else has set stays, as does what `nohup`
    lets the program ignore.
    """
    numbers: list[signal.Signals] = []
    if threading.current_thread() is threading.main_thread():
        numbers = [number for number in TERMINATING if signal.getsignal(number) == signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


@contextlib.contextmanager
def interrupts_call(cancel: Callable[[], object]) -> Iterator[None]:
    """Let the first Ctrl-C or what terminates call `cancel` meanwhile, wherever the program is, and raise nothing.

    A further one is KeyboardInterrupt again. A signal that somebody else handles or ignores stays theirs.
    """
    numbers = []
    if threading.current_thread() is threading.main_thread():
        numbers = [
            number for number in (signal.SIGINT, *TERMINATING) if signal.getsignal(number) is signal.default_int_handler
        ]

    def give_back() -> None:
        for number in numbers:
            signal.signal(number, signal.default_int_handler)

    def take(_number: int, _frame: object) -> None:
        give_back()
        cancel()

    for number in numbers:
        signal.signal(number, take)
    try:
        yield
    finally:
        give_back()
