"""A second window says that it is one, and a mark of a program that is gone counts for nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from wizard.gui.other_window import claim
from wizard.gui.shell import Shell

_DIES_WITH_THE_MARK = """
import os, sys
from PySide6.QtCore import QLockFile
lock = QLockFile(sys.argv[1])
assert lock.tryLock(0)
os.kill(os.getpid(), 9)
"""


def told(shell: Shell) -> list[str]:
    boxes = shell.findChildren(QMessageBox, "other-window")
    words = [box.text() for box in boxes]
    for box in boxes:
        box.close()
        box.setParent(None)
    return words


def test_a_second_window_says_that_it_is_one_and_which_process_has_the_first(
    shell: Shell, qtbot: QtBot, tmp_path: Path
) -> None:
    first = claim(shell, tmp_path / "data")
    assert first.isLocked()
    assert told(shell) == []
    second = claim(shell, tmp_path / "data")
    assert not second.isLocked()
    assert told(shell) == [f"Another window of this program is open (process {os.getpid()})."]
    first.unlock()
    assert claim(shell, tmp_path / "data").isLocked()
    assert told(shell) == []


@pytest.mark.skipif(os.name != "posix", reason="a process is killed by a signal")
def test_a_mark_of_a_killed_program_counts_for_nothing(shell: Shell, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _DIES_WITH_THE_MARK, str(tmp_path / "window.lock")], check=False)
    assert done.returncode == -9
    assert (tmp_path / "window.lock").exists()
    assert claim(shell, tmp_path).isLocked()
    assert told(shell) == []


def test_where_no_mark_can_be_set_the_window_says_nothing(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert not claim(shell, tmp_path / "file" / "data").isLocked()
    assert told(shell) == []
