"""Values in Markdown: as text, and as code."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"([\\`*_\[\]<>|~&])")


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
