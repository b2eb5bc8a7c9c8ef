"""Which references to outside stores an admin has agreed to: of one cluster, one secret and one exact reference."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from wizard.storage.atomic_files import alone_in, make_folders
from wizard.storage.own_files import keep_in, kept_in
from wizard.storage.saved_clusters import data_folder

MOST = 1000
"""Consents that are kept; the oldest go first."""


class Consents:
    """The file of the consents: `path`, or where the system keeps a user's data of programs."""

    def __init__(self, path: Path | None = None) -> None:
        """Nothing is made until the first consent."""
        self._path = path or data_folder() / "references.json"

    def given(self, cluster_id: str, name: str, reference: str) -> bool:
        """Whether an admin has agreed to this reference; a file that cannot be read holds no consent."""
        try:
            return _digest(cluster_id, name, reference) in self._read()
        except OSError:
            return False

    def give(self, cluster_id: str, name: str, reference: str) -> None:
        """Note the consent; raises OSError."""
        digest = _digest(cluster_id, name, reference)
        make_folders(self._path.parent)
        with alone_in(self._path.parent):
            kept = [*(one for one in self._read() if one != digest), digest][-MOST:]
            keep_in(self._path, {"allowed": kept})

    def _read(self) -> list[str]:
        allowed = kept_in(self._path).get("allowed")
        return [str(one) for one in allowed] if isinstance(allowed, list) else []


def _digest(cluster_id: str, name: str, reference: str) -> str:
    text = json.dumps([cluster_id, name, reference])
    return hashlib.sha256(text.encode()).hexdigest()
