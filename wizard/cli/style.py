"""How texts look on a terminal: colours where there is one that wants them, plain words elsewhere."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from typing import TextIO

from wizard.plan.finding import Severity
from wizard.plan.words import mark

WORDS = {
    Severity.PASS: mark("ok"),
    Severity.INFO: mark("info"),
    Severity.WARN: mark("warning"),
    Severity.FAIL: mark("FAILED"),
    Severity.SKIP: mark("skipped"),
    Severity.UNKNOWN: mark("unknown"),
}
_COLOURS = {
    Severity.PASS: "32",
    Severity.INFO: "36",
    Severity.WARN: "33",
    Severity.FAIL: "1;31",
    Severity.SKIP: "2",
    Severity.UNKNOWN: "35",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
NARROWEST = 60


@dataclass(frozen=True, slots=True)
class Style:
    """Whether to use colours, and the width to wrap at in characters (None: do not wrap)."""

    colours: bool = False
    width: int | None = None

    def severity(self, text: str, severity: Severity) -> str:
        """Colour a text by a severity."""
        return self._painted(text, _COLOURS[severity])

    def bold(self, text: str) -> str:
        """Make a text stand out."""
        return self._painted(text, "1")

    def faint(self, text: str) -> str:
        """Let a text step back."""
        return self._painted(text, "2")

    def _painted(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colours and text else text


def style_of(stream: TextIO | None) -> Style:
    """Give the style that fits where the text goes; plain for a file, a pipe, `NO_COLOR`, and a dumb terminal."""
    if stream is None or not stream.isatty():
        return Style()
    width = max(shutil.get_terminal_size().columns, NARROWEST)
    wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    able = os.name == "posix" or bool(os.environ.get("WT_SESSION"))
    return Style(colours=wanted and able, width=width)


def printable(text: str) -> str:
    """Give a text without control characters: what a server said must not steer the terminal."""
    return _CONTROL.sub("\ufffd", text)
