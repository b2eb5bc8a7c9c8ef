"""The keys of scripts that were printed to be run by hand: each in a file of its own that nobody else can read."""

from __future__ import annotations

from pathlib import Path

from wizard.pattern import pattern
from wizard.plan.secret import Secret
from wizard.reading import read_text
from wizard.storage.atomic_files import make_folders, write_atomic
from wizard.storage.saved_clusters import data_folder

MOST = 50
"""Keys that are kept; the oldest go first."""
_ID = pattern(r"[0-9a-f]{12}")
_KEY = pattern(r"[0-9a-f]{64}")


class ProbeKeys:
    """The folder of the keys: `root`, or where the system keeps a user's data of programs."""

    def __init__(self, root: Path | None = None) -> None:
        """Nothing is made until the first key is kept."""
        self._root = root or data_folder() / "probe-keys"

    def keep(self, identifier: str, key: Secret) -> None:
        """Keep a key under its id, and forget the oldest of too many; raises OSError."""
        make_folders(self._root)
        write_atomic(self._root / identifier, key.reveal().encode())
        files = [path for path in self._root.iterdir() if _ID.fullmatch(path.name)]
        for path in sorted(files, key=lambda one: one.stat().st_mtime, reverse=True)[MOST:]:
            path.unlink(missing_ok=True)

    def find(self, identifier: str) -> Secret | None:
        """Return the key of this id; None where it is not kept here."""
        if not _ID.fullmatch(identifier):
            return None
        try:
            text = read_text(self._root / identifier)
        except (OSError, UnicodeDecodeError):
            return None
        return Secret(text) if _KEY.fullmatch(text) else None
