"""The log file of both faces: made at the first warning, readable by its owner alone, free of known secrets."""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.program_name import PROGRAM
from wizard.storage import log_filter

if TYPE_CHECKING:
    from wizard.app.rotating_file import RotatingFile

_APPLICATION = PROGRAM
_log = logging.getLogger(__name__)


class _LogFile(logging.Handler):
    """Writes to the log file, whose path and means are looked for with the first record: most runs have none."""

    _file: RotatingFile | None = None

    @property
    def works(self) -> bool:
        """Whether the last record could be written."""
        return self._file is not None and self._file.works

    def emit(self, record: logging.LogRecord) -> None:
        if self._file is None:
            from wizard.app.rotating_file import RotatingFile

            self._file = RotatingFile(path())
        self._file.emit(record)

    def flush(self) -> None:
        if self._file:
            self._file.flush()

    def close(self) -> None:
        if self._file:
            self._file.close()
        super().close()


def path() -> Path:
    """Return the place of the log file."""
    import platformdirs

    return platformdirs.user_log_path(_APPLICATION, appauthor=False) / "wizard.log"


def start() -> None:
    """Send warnings and worse to the log file from now on, Python's own and those of threads too. Twice is as once.

    So no thread but a face's own writes to standard output or standard error: one that does so while the interpreter
    ends holds a lock that the interpreter waits for, and the process is aborted (Python's issue 86883).
    """
    if _handler() is not None:
        return
    handler = _LogFile(logging.WARNING)
    log_filter.install(handler)
    logging.captureWarnings(True)
    threading.excepthook = _thread_broke
    sys.unraisablehook = _object_broke


def record(error: BaseException) -> Path | None:
    """Log an exception that nobody expected; return the log's path, or None where it cannot be written."""
    start()
    _log.error("a fault stopped the program", exc_info=error)
    handler = _handler()
    return path() if handler and handler.works else None


def _handler() -> _LogFile | None:
    return next((one for one in logging.getLogger().handlers if isinstance(one, _LogFile)), None)


def _thread_broke(broken: threading.ExceptHookArgs) -> None:
    if broken.exc_value is not None:
        _log.error("the thread %s broke", broken.thread and broken.thread.name, exc_info=broken.exc_value)


def _object_broke(broken: sys.UnraisableHookArgs) -> None:
    if broken.exc_value is not None:
        _log.error(broken.err_msg or "an object broke as it went", exc_info=broken.exc_value)
