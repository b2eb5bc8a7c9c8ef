"""Paths in remedies about the shared folder: a shell takes them as they are."""

from __future__ import annotations

import shlex


def quoted(path: str, *below: str) -> str:
    """Return a path, or one below it, as one word of a shell."""
    return shlex.quote("/".join((path.rstrip("/"), *below)) or "/")
