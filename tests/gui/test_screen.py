"""A screen that cannot be used ends the program with a sentence, and nothing of a demo was started by then."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOBODYS = ":59999"  # its port would be beyond the highest


@pytest.mark.skipif(sys.platform != "linux", reason="needs Qt's plug-in for X11")
@pytest.mark.parametrize("words", [[], ["demo"]], ids=["window", "demo"])
def test_a_display_that_nobody_serves_ends_with_2_and_one_sentence(words, tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
    environment |= {"DISPLAY": NOBODYS, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "wizard", *words], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert NOBODYS in done.stderr
    assert "demo --headless" in done.stderr
    assert not list(tmp_path.glob("*demo*"))
