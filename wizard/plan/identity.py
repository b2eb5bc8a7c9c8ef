"""What a cluster is told from others by: files and folders of its own are called so."""

from __future__ import annotations

import os

from wizard.pattern import pattern

_IDENTITY = pattern(r"[A-Za-z0-9_-]{1,64}")


def new_id() -> str:
    """Return a fresh identity for a cluster: the secret store knows its secrets by it."""
    return os.urandom(6).hex()


def is_id(text: str) -> bool:
    """Whether a text can be an identity; none leads out of a folder."""
    return _IDENTITY.fullmatch(text) is not None
