"""A setting is declared in its section and placed on its page: then all else has it, as CONTRIBUTING.md says."""

import subprocess
import sys
from pathlib import Path

from tests.patience import patience

ROOT = Path(__file__).parents[2]


def test_a_setting_is_a_field_and_a_place_in_a_layout():
    options = ["-q", "-p", "tests.made_up_setting", "-p", "no:cacheprovider", "-p", "no:xdist"]
    command = [sys.executable, "-m", "pytest", *options, "tests/gui/made_up_setting_seen.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=10 * patience())
    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout
