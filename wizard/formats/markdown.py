"""Values in Markdown: as text, as code, and as a block of lines."""

from __future__ import annotations

import re

from wizard.pattern import pattern

_CONTROL = pattern(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SIGNS = pattern(r"([\\`*_\[\]<>|~&])")


def text(value: object) -> str:
    """Return a value on one line as text of Markdown, so that no sign in it is markup."""
    return _SIGNS.sub(r"\\\1", " ".join(str(value).split()))


def code(value: object) -> str:
    """Return a value on one line as code inside a line or a cell of a table (GitHub Flavored Markdown, 6.1)."""
    line = " ".join(str(value).split())
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    blank = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{blank}{line}{blank}{fence}".replace("|", "\\|")


def block(value: str, language: str = "") -> list[str]:
    """Return the lines of a fenced block of code (GitHub Flavored Markdown, 4.5): no line in it ends it."""
    longest = max((len(run) for run in re.findall("`+", value)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", *_CONTROL.sub("\N{REPLACEMENT CHARACTER}", value).splitlines(), fence]
