"""Small files of this program's own: one of a newer version, or that cannot be read, is never written over."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from wizard.reading import LARGEST, UnreadableError
from wizard.storage.consents import Consents
from wizard.storage.window_settings import SettingsWriter, WindowSettings

NEWER = json.dumps({"schema": 2, "allowed": {"all": True}, "colours": "dark"})
WRITES: dict[str, Callable[[Path], object]] = {
    "a consent": lambda path: Consents(path).give("shop", "key", "env:A"),
    "a setting of the window": lambda path: WindowSettings(path).keep("colours", "light"),
}


@pytest.mark.parametrize("name", WRITES)
def test_what_a_newer_version_wrote_stays_as_it_is(tmp_path: Path, name: str) -> None:
    path = tmp_path / "own.json"
    path.write_text(NEWER)
    with pytest.raises(OSError, match="a newer version of the wizard wrote it"):
        WRITES[name](path)
    assert path.read_text() == NEWER


@pytest.mark.parametrize("name", WRITES)
def test_what_cannot_be_read_now_is_not_written_over(tmp_path: Path, name: str) -> None:
    path = tmp_path / "own.json"
    path.write_bytes(b" " * (LARGEST + 1))
    with pytest.raises(UnreadableError):
        WRITES[name](path)
    assert path.stat().st_size == LARGEST + 1


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("damaged", ["[" * 100_000, "no json", "[]", "{}", '{"schema": "x", "allowed": 1}', "\0"])
def test_what_is_damaged_is_written_anew(tmp_path: Path, name: str, damaged: str) -> None:
    path = tmp_path / "own.json"
    path.write_text(damaged)
    WRITES[name](path)
    assert json.loads(path.read_text())["schema"] == 1


def test_what_would_be_too_long_to_be_read_again_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    WindowSettings(path).keep("colours", "dark")
    with pytest.raises(UnreadableError):
        WindowSettings(path).keep("size", "x" * LARGEST)
    assert WindowSettings(path).get("colours") == "dark"


def test_nothing_is_taken_from_what_a_newer_version_wrote(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_text(NEWER)
    assert not Consents(path).given("shop", "key", "env:A")
    assert WindowSettings(path).get("colours") == ""


def test_a_window_that_meets_settings_of_a_newer_version_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "own.json"
    path.write_text(NEWER)
    writer = SettingsWriter(WindowSettings(path))
    writer.keep("colours", "light")
    assert writer.finish(60.0)
    assert path.read_text() == NEWER
    assert "a newer version of the wizard wrote it" in caplog.text
