"""The log file of both faces: made at the first warning, readable by its owner alone, free of known secrets."""

from __future__ import annotations

import logging
import logging.handlers
import os
import threading
from io import TextIOWrapper
from pathlib import Path

from wizard.storage import log_filter

_APPLICATION = "nocobase-cluster-wizard"
_LARGEST = 1024 * 1024
_FORMER = 2
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_log = logging.getLogger(__name__)


class _LogFile(logging.handlers.RotatingFileHandler):
    """A file of at most 1 MiB and two former ones. Where it cannot be written, nothing is said about it."""

    works = True

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - logging's own
        self.works = False


def path() -> Path:
    """Return the place of the log file."""
    import platformdirs

    return platformdirs.user_log_path(_APPLICATION, appauthor=False) / "wizard.log"


def start() -> None:
    """Send warnings and worse to the log file from now on, those of threads that broke too. Twice is as once."""
    if _handler() is not None:
        return
    handler = _LogFile(path(), maxBytes=_LARGEST, backupCount=_FORMER, delay=True)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter(_FORMAT))
    log_filter.install(handler)
    threading.excepthook = _thread_broke


def record(error: BaseException) -> Path | None:
    """Log an exception that nobody expected; gives the log's path, or None where it cannot be written."""
    start()
    _log.error("a fault stopped the program", exc_info=error)
    handler = _handler()
    return path() if handler and handler.works else None


def _handler() -> _LogFile | None:
    return next((one for one in logging.getLogger().handlers if isinstance(one, _LogFile)), None)


def _thread_broke(broken: threading.ExceptHookArgs) -> None:
    if broken.exc_value is not None:
        _log.error("the thread %s broke", broken.thread and broken.thread.name, exc_info=broken.exc_value)
