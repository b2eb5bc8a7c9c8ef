"""The style that fits a stream: colours and wrapping on a terminal that wants them, plain words elsewhere."""

from __future__ import annotations

import os
import shutil
from typing import TextIO

from wizard.guide.reports.style import Style

NARROWEST = 60


def style_of(stream: TextIO | None) -> Style:
    """Return the style that fits where the text goes; plain for a file, a pipe, `NO_COLOR`, and a dumb terminal."""
    if stream is None or not stream.isatty():
        return Style()
    width = max(shutil.get_terminal_size().columns, NARROWEST)
    wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    able = os.name == "posix" or bool(os.environ.get("WT_SESSION"))
    return Style(colours=wanted and able, width=width)
