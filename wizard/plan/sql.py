"""Quoting for statements that people paste, and for names that no driver takes as a value."""

from __future__ import annotations


def quoted_name(name: str, mark: str = '"') -> str:
    """Quote the name of a role, a database or a table: with `"` for PostgreSQL and psql, with a backtick for MySQL."""
    return mark + name.replace(mark, mark * 2) + mark


def quoted_text(text: str, *, backslash: bool = False) -> str:
    """Quote a text; `backslash`: where a backslash is a sign of its own in it, as in MySQL."""
    text = text.replace("\\", "\\\\") if backslash else text
    return "'" + text.replace("'", "''") + "'"
