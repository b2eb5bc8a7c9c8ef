"""What a terminal can show: how wide it is, and whether colours are wanted. Imports next to nothing."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

AUTO, ALWAYS, NEVER = COLOURS = ("auto", "always", "never")
USUAL_WIDTH = 80
"""Columns where nobody says how many there are."""


class _Chosen:
    """What `--color` asked for."""

    colour = AUTO


def use_colour(choice: str | None) -> None:
    """Colour results from now on as one of COLOURS says; None is AUTO."""
    _Chosen.colour = choice or AUTO


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person reads what is written to a stream."""
    return stream is not None and stream.isatty()


def width_of(stream: TextIO | None) -> int:
    """Return the columns of a stream: what COLUMNS says, else what its terminal has, else 80.

    The standard library looks at standard output alone, which may be a file while standard error is a terminal.
    """
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return int(said)
    try:
        return os.get_terminal_size(stream.fileno() if stream else -1).columns or USUAL_WIDTH
    except (OSError, ValueError, AttributeError):  # no terminal; io.UnsupportedOperation is the first two
        return USUAL_WIDTH


def coloured(stream: TextIO | None) -> bool:
    """Whether what goes to a stream has colours: as `--color` says, else a terminal's unless NO_COLOR or TERM forbid.

    Windows has had terminals with colours since its Terminal, which names itself. https://no-color.org
    """
    if _Chosen.colour != AUTO:
        return _Chosen.colour == ALWAYS and stream is not None
    if not is_terminal(stream) or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return os.name == "posix" or bool(os.environ.get("WT_SESSION"))
