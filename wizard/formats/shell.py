"""Values in commands that people paste into a shell."""

from __future__ import annotations

import shlex


def literal(value: object) -> str:
    """Return a value in single quotes, in which a shell takes every character as it is."""
    return "'" + str(value).replace("'", "'\"'\"'") + "'"


def file_word(path: str) -> str:
    """Return a path as one word, which no program takes for an option."""
    return shlex.quote(f"./{path}" if path.startswith("-") else path)
