"""The style that fits a stream: colours and wrapping on a terminal that wants them, plain words elsewhere."""

from __future__ import annotations

from typing import TextIO

from wizard.cli.terminal import coloured, is_terminal, width_of
from wizard.guide.reports.style import Style

NARROWEST = 20
"""Columns below which wrapping would leave no words in a line."""


def style_of(stream: TextIO | None) -> Style:
    """Return the style that fits where the text goes; only what a person reads on a terminal is wrapped."""
    width = max(width_of(stream), NARROWEST) if is_terminal(stream) else None
    return Style(colours=coloured(stream), width=width)
