"""What the window remembers of its user, in one file in the user's folder for settings."""

from __future__ import annotations

import json
from pathlib import Path

from wizard.program_name import PROGRAM
from wizard.reading import parse_json, read_file
from wizard.storage.atomic_files import alone_in, make_folders, write_atomic


class WindowSettings:
    """Texts by their names, in the file `path`, or where the system keeps a user's settings of programs."""

    def __init__(self, path: Path | None = None) -> None:
        """Nothing is made until the first text is kept."""
        self.path = path or _folder() / "window.json"

    def get(self, name: str) -> str:
        """Return the text kept under a name; nothing where there is none, or the file is not ours or damaged."""
        return self._read().get(name, "")

    def keep(self, name: str, text: str) -> None:
        """Keep a text, beside what another window keeps; raises OSError."""
        if self.get(name) == text:
            return
        make_folders(self.path.parent)
        with alone_in(self.path.parent):
            write_atomic(self.path, json.dumps({**self._read(), "schema": 1, name: text}).encode())

    def _read(self) -> dict[str, str]:
        try:
            kept = parse_json(read_file(self.path), self.path)
            return {name: text for name, text in kept.items() if isinstance(text, str)}
        except (OSError, ValueError, AttributeError):
            return {}


def _folder() -> Path:
    import platformdirs

    return platformdirs.user_config_path(PROGRAM, appauthor=False)
