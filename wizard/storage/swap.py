"""Put a new folder in the place of an old one in a single step, where the system has one."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

ASIDE = ".aside"
"""How the name of the other entry ends while the three renames are at work."""
_EXCHANGE = 2
_AT_FDCWD = -100


def exchange(one: Path, other: Path) -> None:
    """Let two entries of one folder change names. On Linux it is one step (renameat2); elsewhere it is three renames.

    Raises OSError, and then both are as they were unless the program was killed between the renames.
    """
    if _exchange_at_once(one, other):
        return
    aside = one.with_name(f"{one.name}{ASIDE}")
    other.rename(aside)
    try:
        one.rename(other)
    except OSError:
        aside.rename(other)
        raise
    aside.rename(one)


def _exchange_at_once(one: Path, other: Path) -> bool:
    if sys.platform != "linux":
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    # Some network file systems cannot exchange (EINVAL, ENOSYS); what else is wrong, the renames will say.
    return bool(renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE) == 0)
