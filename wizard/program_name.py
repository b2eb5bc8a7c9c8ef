"""The program's name, and what the user called it by, which is what commands to paste begin with."""

from __future__ import annotations

import os

PROGRAM = "nocobase-cluster-wizard"


def called_as() -> str:
    """Return how the program was called: by scripts/run, which tells, else by its name."""
    return os.environ.get("NCW_CALLED_AS") or PROGRAM
