"""The window's settings replace their file: a program that is killed while it writes leaves the old one or the new."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from wizard.gui import remembered


@pytest.mark.skipif(sys.platform != "linux", reason="a file that was replaced stays readable where it is open")
def test_the_file_is_never_written_in_place(tmp_path: Path) -> None:
    kept = QSettings(str(tmp_path / "window.ini"), remembered.settings().format())
    file = Path(kept.fileName())
    kept.setValue("colours", "dark")
    kept.sync()
    former = file.read_text()
    with file.open() as opened:
        kept.setValue("colours", "light")
        kept.sync()
        assert opened.read() == former
    assert file.read_text() == former.replace("dark", "light") != former
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(file.stem)] == [file.name]
