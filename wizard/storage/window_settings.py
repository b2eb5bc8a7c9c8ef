"""What the window remembers of its user, in one file in the user's folder for settings."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from wizard.program_name import PROGRAM
from wizard.storage.atomic_files import alone_in, make_folders
from wizard.storage.own_files import keep_in, kept_in

_PATIENCE = 3.0
"""Seconds that the end of the program waits for what is being written."""
_log = logging.getLogger(__name__)


class WindowSettings:
    """Texts by their names, in the file `path`, or where the system keeps a user's settings of programs."""

    def __init__(self, path: Path | None = None) -> None:
        """Nothing is made until the first text is kept."""
        self.path = path or _folder() / "window.json"

    def get(self, name: str) -> str:
        """Return the text kept under a name; nothing where there is none, or the file is not ours or damaged."""
        try:
            return self._read().get(name, "")
        except OSError:
            return ""

    def keep(self, name: str, text: str) -> None:
        """Keep a text, beside what another window keeps; raises OSError."""
        if self.get(name) == text:
            return
        make_folders(self.path.parent)
        with alone_in(self.path.parent):
            keep_in(self.path, {**self._read(), name: text})

    def _read(self) -> dict[str, str]:
        return {name: text for name, text in kept_in(self.path).items() if isinstance(text, str)}


class SettingsWriter:
    """Keeps texts of `WindowSettings` in a thread of its own, because the disk, or another window, may be slow.

    Of a name that was chosen several times meanwhile, the last text is written. What cannot be written is logged.
    """

    def __init__(self, settings: WindowSettings | None = None) -> None:
        """Write into `settings`, usually those of this user."""
        self._settings = settings or WindowSettings()
        self._turn = threading.Condition()
        self._waiting: dict[str, tuple[str, str]] = {}
        self._writes = False

    def get(self, name: str) -> str:
        """Return the text kept under a name, also one that is not written yet; nothing where there is none."""
        with self._turn:
            waiting = self._waiting.get(name)
        return waiting[0] if waiting else self._settings.get(name)

    def keep(self, name: str, text: str, usual: str = "") -> None:
        """Keep a text soon, unless nobody has ever chosen anything but the `usual`."""
        with self._turn:
            self._waiting[name] = text, usual
            if not self._writes:
                self._writes = True
                # a daemon, because the program is not to wait for a disk that hangs
                threading.Thread(target=self._write, name="window-settings", daemon=True).start()

    def finish(self, seconds: float = _PATIENCE) -> bool:
        """Wait until everything is written, but no longer than some seconds; whether it is."""
        with self._turn:
            return self._turn.wait_for(lambda: not self._writes, seconds)

    def _write(self) -> None:
        while (choice := self._next()) is not None:
            name, (text, usual) = choice
            try:
                if text != (self._settings.get(name) or usual):
                    self._settings.keep(name, text)
            except OSError as error:
                _log.warning("the window's settings cannot be saved: %s", error)
            with self._turn:
                if self._waiting[name] == (text, usual):
                    del self._waiting[name]

    def _next(self) -> tuple[str, tuple[str, str]] | None:
        with self._turn:
            if self._waiting:
                return next(iter(self._waiting.items()))
            self._writes = False
            self._turn.notify_all()
            return None


def _folder() -> Path:
    import platformdirs

    return platformdirs.user_config_path(PROGRAM, appauthor=False)
