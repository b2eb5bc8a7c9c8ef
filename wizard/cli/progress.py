"""Progress of a run: one line on a terminal, which is gone at the end; nothing elsewhere."""

from __future__ import annotations

import shutil
from typing import Self, TextIO

from wizard.engine.events import CheckFinished, CheckStarted, Event, RunFinished, RunStarted
from wizard.plan.i18n import tr


class Progress:
    """Shows how many checks have ended and which one has been under way the longest."""

    def __init__(self, stream: TextIO | None) -> None:
        """Write to `stream` if it is a terminal."""
        self._stream = stream if stream and stream.isatty() else None
        self._names: list[str] = []
        self._done = self._total = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._stream:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

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
        if self._stream:
            waiting = tr("waiting for {name}", name=self._names[0]) if self._names else ""
            progress = tr("{done} of {total}", done=self._done, total=self._total)
            line = f"{progress}  {waiting}"
            self._stream.write("\r\x1b[K" + line[: shutil.get_terminal_size().columns - 1])
            self._stream.flush()
