"""Paths in remedies about the shared folder: a shell takes them as they are."""

from __future__ import annotations

from wizard.formats.shell import file_word


def quoted(path: str, *below: str) -> str:
    """Return a path, or one below it, as one word of a shell."""
    return file_word("/".join((path.rstrip("/"), *below)) or "/")
