"""The wheel and the source distribution. The wheel brings the window: its users expect it of an application."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from release.shipped import ROOT


def write(target: Path, epoch: int) -> list[Path]:
    """Make both in `target` and return their paths."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch)}
    with tempfile.TemporaryDirectory() as folder:  # what an earlier build left in `target` is not taken for new
        command = [sys.executable, "-m", "hatchling", "build", "--directory", folder]
        subprocess.run(
            command, check=True, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        return [Path(shutil.copy(path, target)) for path in sorted(Path(folder).iterdir())]
