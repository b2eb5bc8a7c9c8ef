"""Values in commands that people paste into a shell."""

from __future__ import annotations


def literal(value: object) -> str:
    """Return a value in single quotes, in which a shell takes every character as it is."""
    return "'" + str(value).replace("'", "'\"'\"'") + "'"
