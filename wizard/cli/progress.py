"""What is waited for: one line on a terminal, with the time and the way out, which is gone at the end.

It goes to standard error, so that results can be piped on while somebody watches; without a terminal there is none.
"""

from __future__ import annotations

import contextlib
import math
import os
import sys
import threading
import time
from collections.abc import Iterator
from typing import Self, TextIO

from wizard.cli.terminal import is_terminal, width_of
from wizard.engine.events import CheckFinished, CheckStarted, Event, RunFinished, RunStarted
from wizard.guide.reports.style import cut, printable
from wizard.plan.i18n import tr

_UNSEEN = 0.5
"""Seconds that something may take before a line tells of it: what flashes up is not read."""
_TURN = 0.5
"""Seconds between two lines."""
_GONE = "\r\x1b[K"


class Line:
    """The last line of a terminal: written anew each time, never wider than the terminal."""

    def __init__(self, stream: TextIO | None) -> None:
        """Write to `stream` if it is a terminal, and one on which a line can be erased."""
        self.stream = stream if is_terminal(stream) and os.environ.get("TERM") != "dumb" else None

    def show(self, *parts: str) -> None:
        """Show what matters first, and of the rest what there is room for: whole parts, and the first one cut."""
        if not self.stream:
            return
        room = width_of(self.stream) - 1  # a sign in the last column would make some terminals begin a new line
        line = ""
        for part in filter(None, map(printable, parts)):
            longer = f"{line}  {part}" if line else cut(part, room)
            if cut(longer, room) == longer:
                line = longer
        self.stream.write(_GONE + line)
        self.stream.flush()

    def clear(self) -> None:
        """Leave an empty line."""
        if self.stream:
            self.stream.write(_GONE)
            self.stream.flush()


class Progress:
    """Shows how many checks have ended, which one has been under way the longest, and for how long all of it has."""

    def __init__(self, stream: TextIO | None) -> None:
        """Write to `stream` if it is a terminal."""
        self._line = Line(stream)
        self._names: list[str] = []
        self._done = self._total = 0
        self._began = time.monotonic()
        self.cancelled = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._line.clear()

    def show(self, event: Event) -> None:
        """Take an event into account."""
        match event:
            case RunStarted(total=total):
                self._total = total
            case CheckStarted(name=name):
                self._names.append(name)
            case CheckFinished(name=name, done=done):
                self._done = done
                if name in self._names:
                    self._names.remove(name)
            case RunFinished():
                return
        self.turn()

    def turn(self) -> None:
        """Show how things stand now."""
        waiting = tr("waiting for {name}", name=self._names[0]) if self._names else ""
        progress = tr("{done} of {total}", done=self._done, total=self._total)
        self._line.show(f"{progress}  {waiting}".rstrip(), *_time_and_way_out(self._began))


@contextlib.contextmanager
def told(what: str) -> Iterator[None]:
    """Say on a terminal what is being done meanwhile, as soon as it takes longer than a moment."""
    line = Line(sys.stderr)
    if not line.stream:
        yield
        return
    over, began = threading.Event(), time.monotonic()

    def tell() -> None:
        wait = _UNSEEN
        while not over.wait(wait):
            line.show(what, *_time_and_way_out(began))
            wait = _TURN

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()
        if time.monotonic() - began >= _UNSEEN:
            line.clear()


def pause(seconds: float) -> None:
    """Wait, and say on a terminal for how long still; an interrupt ends it as KeyboardInterrupt."""
    line = Line(sys.stderr)
    if not line.stream:
        time.sleep(seconds)
        return
    try:
        while seconds > 0:
            line.show(tr("next look in {seconds} s", seconds=math.ceil(seconds)), tr("Ctrl-C ends it"))
            step = min(1.0, seconds)
            time.sleep(step)
            seconds -= step
    finally:
        line.clear()


def _time_and_way_out(began: float) -> tuple[str, str]:
    return tr("{seconds} s", seconds=int(time.monotonic() - began)), tr("Ctrl-C ends it")
