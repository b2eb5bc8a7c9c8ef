"""What is chosen is written in a thread of its own: whoever chooses never waits, and the last choice is not lost."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.patience import patience
from wizard.storage.window_settings import SettingsWriter, WindowSettings


class SlowDisk(WindowSettings):
    """Writes once it is let, and notes what it wrote and in which thread."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.begun, self.let = threading.Event(), threading.Event()
        self.written: list[tuple[str, str]] = []
        self.threads: set[int] = set()
        self.trouble: OSError | None = None

    def keep(self, name: str, text: str) -> None:
        self.begun.set()
        assert self.let.wait(patience())
        self.threads.add(threading.get_ident())
        if self.trouble:
            raise self.trouble
        super().keep(name, text)
        self.written.append((name, text))


@pytest.fixture
def disk(tmp_path: Path) -> SlowDisk:
    return SlowDisk(tmp_path / "window.json")


def test_whoever_chooses_does_not_wait_and_reads_what_was_chosen_last(disk: SlowDisk) -> None:
    writer = SettingsWriter(disk)
    writer.keep("colours", "dark")
    assert disk.begun.wait(patience())
    writer.keep("size", "small")
    writer.keep("size", "large")
    assert (writer.get("colours"), writer.get("size")) == ("dark", "large")
    assert not writer.finish(0)
    disk.let.set()
    assert writer.finish(patience())
    assert disk.written == [("colours", "dark"), ("size", "large")]
    assert threading.get_ident() not in disk.threads
    assert SettingsWriter(WindowSettings(disk.path)).get("size") == "large"


def test_what_is_chosen_anew_while_it_is_being_written_is_written_after_it(disk: SlowDisk) -> None:
    writer = SettingsWriter(disk)
    writer.keep("size", "small")
    assert disk.begun.wait(patience())
    writer.keep("size", "large")
    disk.let.set()
    assert writer.finish(patience())
    assert disk.written == [("size", "small"), ("size", "large")]


def test_the_usual_is_not_written_but_takes_the_place_of_a_choice(disk: SlowDisk) -> None:
    writer = SettingsWriter(disk)
    disk.let.set()
    writer.keep("colours", "system", "system")
    assert writer.finish(patience())
    assert not disk.path.exists()
    for colours in ("dark", "system"):
        writer.keep("colours", colours, "system")
        assert writer.finish(patience())
    assert disk.written == [("colours", "dark"), ("colours", "system")]


def test_what_cannot_be_written_is_logged_and_the_next_is_tried(
    disk: SlowDisk, caplog: pytest.LogCaptureFixture
) -> None:
    writer = SettingsWriter(disk)
    disk.let.set()
    disk.trouble = OSError("the disk is full")
    writer.keep("size", "large")
    assert writer.finish(patience())
    assert "settings cannot be saved: the disk is full" in caplog.text
    disk.trouble = None
    writer.keep("colours", "dark")
    assert writer.finish(patience())
    assert disk.written == [("colours", "dark")]
