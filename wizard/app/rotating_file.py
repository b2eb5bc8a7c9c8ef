"""A log file that begins anew before it grows long, readable by its owner alone. Loaded with the first warning."""

from __future__ import annotations

import logging
import logging.handlers
import os
from io import TextIOWrapper
from pathlib import Path

from wizard.storage.atomic_files import make_folders

_LARGEST = 1024 * 1024
_FORMER = 2
_LONGEST = 50_000
"""Characters of a record, each of four bytes at most: what a server says may be far longer."""
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class RotatingFile(logging.handlers.RotatingFileHandler):
    """A file of at most 1 MiB and two former ones. Where it cannot be written, nothing is said about it."""

    works = True

    def __init__(self, path: Path) -> None:
        """Write to `path`; it is made with the first record."""
        # of the record to come it counts the characters, as if each were one byte
        super().__init__(path, maxBytes=_LARGEST - 3 * _LONGEST, backupCount=_FORMER, delay=True)
        self.setFormatter(logging.Formatter(_FORMAT))

    def format(self, record: logging.LogRecord) -> str:
        """Return the text of a record, in which secrets are hidden already, to a bound."""
        text = super().format(record)
        if len(text) > _LONGEST:
            text = text[:_LONGEST] + "…"
        return text

    def _open(self) -> TextIOWrapper:
        make_folders(Path(self.baseFilename).parent)
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - logging's own
        self.works = False
