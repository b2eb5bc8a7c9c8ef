"""The wheel and the source distribution. The wheel brings the window: its users expect it of an application."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from release.shipped import ROOT


def write(target: Path, epoch: int) -> list[Path]:
    """Make both in `target` and return their paths."""
    before = set(target.iterdir())
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch)}
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(target)]
    subprocess.run(command, check=True, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return sorted(set(target.iterdir()) - before)
