"""A process ends with its code, whatever holds its threads, and what was to be done at its end is done."""

import subprocess
import sys

import pytest

PROGRAM = """
import atexit, sys, threading
from wizard.leaving import Leaving

class Part:
    def __del__(self):
        print("taken down")

leaving = Leaving()
leaving.prepare()
atexit.register(print, "done at the end")
part = Part()
if {held}:
    threading.Thread(target=threading.Event().wait, daemon=True).start()
print("said")
sys.exit(leaving.with_code(3))
"""


@pytest.mark.parametrize("held", [True, False])
def test_an_interpreter_is_not_taken_down_once_all_is_done_that_was_to_be_done(held):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(held=held)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.splitlines() == ["said", "done at the end"]
