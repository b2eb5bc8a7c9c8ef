"""The built folder in dist/: its compressed size against a bare window built the same way, with the same drivers.

The bare window is built here, by PyInstaller, in a folder of its own; that takes a minute.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from benchmarks.first_window import _BARE
from benchmarks.timing import not_measured, tell_sizes
from wizard.app.self_test import DRIVERS
from wizard.program_name import PROGRAM

WANTED = 1.15
TITLE = "compressed archive ÷ that of a bare window with the drivers"
_DIST = Path(__file__).parents[1] / "dist"


def _compressed(folder: Path, at: Path) -> float:
    """Return the bytes of a folder's archive."""
    with tarfile.open(at, "w:xz") as archive:
        archive.add(folder, folder.name)
    return float(at.stat().st_size)


def _bare_window(work: Path) -> Path:
    """Build a window with a label and the drivers that the program has; return its folder."""
    script = work / "bare.py"
    script.write_text(_BARE, encoding="utf-8")
    drivers = [word for name in DRIVERS for word in ("--hidden-import", name)]
    places = ["--distpath", str(work / "dist"), "--workpath", str(work / "build"), "--specpath", str(work)]
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--onedir", *drivers, *places, str(script)]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return work / "dist" / "bare"


def main() -> bool:
    """Measure and tell; return whether the ratio holds."""
    folders = [one for one in (_DIST / PROGRAM, *sorted(_DIST.glob(f"{PROGRAM}*"))) if one.is_dir()]
    if not folders:
        return not_measured(TITLE, WANTED, "dist/ has no built folder: run scripts/build first")
    if importlib.util.find_spec("PyInstaller") is None:
        return not_measured(TITLE, WANTED, "PyInstaller is not installed")
    with tempfile.TemporaryDirectory() as work:
        bare = _compressed(_bare_window(Path(work)), Path(work, "bare.tar.xz"))
        ours = _compressed(folders[0], Path(work, "ours.tar.xz"))
    return tell_sizes(TITLE, ours / bare, WANTED, bare=bare, ours=ours)


if __name__ == "__main__":
    sys.exit(not main())
