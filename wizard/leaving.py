"""How the process ends: at once, as soon as all is done that was to be done at the end.

Threads of it may still wait for servers that hold them. Before 3.14 Python ends such a thread wherever it next asks for
the interpreter; within native code of a driver that aborts the process (“FATAL: exception not rethrown”), and the exit
code that scripts wait for is lost. And taking hundreds of modules apart takes a tenth of the time of a short check, for
memory that the system takes back anyhow.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import sys


class Leaving:
    """Ends the process with its code before the interpreter is taken down."""

    def __init__(self) -> None:
        """Know no code yet; without one the interpreter ends as ever."""
        self._code: int | None = None

    def prepare(self) -> None:
        """Be the last of what is done at the end: called before any module could ask to be called then, too."""
        atexit.register(self._leave)

    def with_code(self, code: int) -> int:
        """Return the code, which is kept for the end."""
        self._code = code
        return code

    def _leave(self) -> None:
        if self._code is None:
            return
        if "logging" in sys.modules:
            sys.modules["logging"].shutdown()
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(AttributeError, OSError, ValueError):  # none, or its reader has gone
                stream.flush()
        os._exit(self._code)
