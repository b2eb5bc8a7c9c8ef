"""A copy of the source tree in which a protection is removed, and its test is run."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tests.patience import factor, patience
from tests.protections.listed import ROOT, Protection

_FAILED = 1
_LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "*.egg-info")
_SECONDS = 60.0
"""Of one test: what is no longer ended ends by this."""


class Copy:
    """The copy, at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        shutil.copytree(ROOT, path, ignore=_LEFT_OUT)
        if (ROOT / ".venv").exists():
            (path / ".venv").symlink_to(ROOT / ".venv")

    def without(self, one: Protection) -> str:
        """Return what is wrong with a row: its test passes, or fails for another reason. Empty where all is right."""
        file = self.path / one.file
        whole = file.read_text()
        file.write_text(whole.replace(one.stands, one.instead))
        try:
            code, said = self.run(one.test)
        finally:
            file.write_text(whole)
        if code == _FAILED and one.fails in said:
            return ""
        return f"{one.what} {one.test} ended with {code}:\n{said[-3000:]}"

    def run(self, *tests: str, seconds: float = _SECONDS) -> tuple[int, str]:
        """Run tests in the copy, and return pytest's code and what it said.

        What has not ended after three times the seconds of a test is killed, and has failed by its time-out.
        """
        environ = {**os.environ, "PYTHONPATH": str(self.path), "PYTHONDONTWRITEBYTECODE": "1"}
        environ |= {"NCW_TEST_PATIENCE": str(factor()), "COLUMNS": "1000"}
        options = ["-q", "--slow", "-p", "no:cacheprovider", "-o", f"timeout={_SECONDS}"]
        with subprocess.Popen(
            [sys.executable, "-m", "pytest", *options, *tests],
            cwd=self.path,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",  # a test of other encodings shows their bytes
            start_new_session=True,
        ) as child:
            try:
                said, _none = child.communicate(timeout=patience(seconds * 3))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                said, _none = child.communicate()
                return _FAILED, f"Timeout: it did not end by itself.\n{said}"
        return child.returncode, said
