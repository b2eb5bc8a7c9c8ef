"""The folder application, by PyInstaller and build.spec."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from release.shipped import OURS, ROOT


def build(target: Path, work: Path, epoch: int, *, one_file: bool = False) -> Path:
    """Make `target`/nocobase-cluster-wizard, a folder or one file, and return its path; `work` is to work in."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch), "PYTHONHASHSEED": "0"}
    if one_file:
        environment["NCW_ONE_FILE"] = "1"
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=ERROR"]
    command += ["--distpath", str(target), "--workpath", str(work), str(ROOT / "build.spec")]
    subprocess.run(command, check=True, cwd=ROOT, env=environment)
    return target / OURS


def work_of(work: Path) -> Path:
    """Return the folder with what build.spec writes down, below the one that it was given."""
    return work / "build"
