"""The built folder in dist/, against a bare window built the same way: time to its window, and compressed size.

The bare window is built here, by PyInstaller, with the drivers that the program has, which takes half a minute; to
compress both takes one or two more. Both windows are shown on a screen in memory (Xvfb), and looked for there.
"""

from __future__ import annotations

import contextlib
import importlib.util
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter, sleep

from benchmarks.first_window import _BARE
from benchmarks.timing import medians, not_measured, of_a_new_user, tell, tell_sizes
from wizard.app.self_test import DRIVERS
from wizard.program_name import PROGRAM

WANTED_WINDOW, WANTED_SIZE = 1.5, 1.15
WINDOW = "built folder: start to its window ÷ a bare window built the same way"
SIZE = "compressed archive ÷ that of a bare window with the drivers"
REPEAT = 5
PATIENCE = 60.0
_LARGE = re.compile(r"^ +0x\w+ .* [6-9]\d\dx\d+\+|^ +0x\w+ .* \d{4}x\d+\+", re.MULTILINE)
"""A window of 600 points and more, as xwininfo lists it; others are Qt's own."""
_DIST = Path(__file__).parents[1] / "dist"


def _compressed(folder: Path, at: Path) -> float:
    """Return the bytes of a folder's archive."""
    with tarfile.open(at, "w:xz", preset=3) as archive:
        archive.add(folder, folder.name)
    return float(at.stat().st_size)


def _bare_window(work: Path) -> Path:
    """Build a window with a label and the drivers that the program has; return its folder."""
    script = work / "bare.py"
    script.write_text(_BARE.replace("os._exit(0)", "None"), encoding="utf-8")
    drivers = [word for name in DRIVERS for word in ("--hidden-import", name)]
    places = ["--distpath", str(work / "dist"), "--workpath", str(work / "build"), "--specpath", str(work)]
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--onedir", *drivers, *places, str(script)]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return work / "dist" / "bare"


@contextlib.contextmanager
def _screen() -> Iterator[str]:
    """Start a screen in memory; give its name. It does not begin anew with each window: no other could open then."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            yield f":{server.stdout.readline().strip() if server.stdout else ''}"
        finally:
            server.terminate()


def _answer(command: list[str], environment: Mapping[str, str]) -> str:
    return subprocess.run(command, check=False, env=environment, capture_output=True, text=True).stdout


def _shown(program: Path, screen: str, home: str) -> float:
    """Return the seconds until a program's window is on the screen."""
    environment = {**of_a_new_user(home), "DISPLAY": screen, "QT_QPA_PLATFORM": "xcb"}
    looked = ["xwininfo", "-root", "-children"]
    began = perf_counter()
    with subprocess.Popen([program], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        try:
            while not _LARGE.search(_answer(looked, environment)):
                if child.poll() is not None or perf_counter() - began > PATIENCE:
                    raise TimeoutError(f"{program.name} showed no window")
                sleep(0.005)
            return perf_counter() - began
        finally:
            child.kill()


def _windows(bare: Path, ours: Path, home: str) -> bool:
    """Measure and tell how soon both windows are there; return whether their ratio holds."""
    if not all(map(shutil.which, ("Xvfb", "xwininfo"))):
        return not_measured(WINDOW, WANTED_WINDOW, "Xvfb or xwininfo is not installed")
    with _screen() as screen:
        found = medians(
            REPEAT,
            bare=lambda: _shown(bare / "bare", screen, home),
            ours=lambda: _shown(ours / PROGRAM, screen, home),
        )
    return tell(WINDOW, found["ours"] / found["bare"], WANTED_WINDOW, **found)


def main() -> bool:
    """Measure and tell; return whether both ratios hold."""
    ours = _DIST / PROGRAM
    lacking = "" if (ours / PROGRAM).exists() else "dist/ has no built folder: run scripts/build first"
    lacking = lacking or ("" if importlib.util.find_spec("PyInstaller") else "PyInstaller is not installed")
    if lacking:
        return not_measured(WINDOW, WANTED_WINDOW, lacking) and not_measured(SIZE, WANTED_SIZE, lacking)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        bare = _bare_window(work)
        quick = _windows(bare, ours, folder)
        with ThreadPoolExecutor() as pool:  # to compress lets other threads run
            sizes = pool.map(_compressed, (bare, ours), (work / "bare.tar.xz", work / "ours.tar.xz"))
            parts = dict(zip(("bare", "ours"), sizes, strict=True))
    return tell_sizes(SIZE, parts["ours"] / parts["bare"], WANTED_SIZE, **parts) and quick


if __name__ == "__main__":
    sys.exit(not main())
