"""Which references to outside stores an admin has agreed to: of one cluster, one secret and one exact reference."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from wizard.reading import parse_json, read_file
from wizard.storage.atomic_files import alone_in, make_folders, write_atomic
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
        return _digest(cluster_id, name, reference) in self._read()

    def give(self, cluster_id: str, name: str, reference: str) -> None:
        """Note the consent; raises OSError."""
        digest = _digest(cluster_id, name, reference)
        make_folders(self._path.parent)
        with alone_in(self._path.parent):
            kept = [*(one for one in self._read() if one != digest), digest][-MOST:]
            write_atomic(self._path, json.dumps({"schema": 1, "allowed": kept}).encode())

    def _read(self) -> list[str]:
        try:
            return [str(one) for one in parse_json(read_file(self._path), self._path)["allowed"]]
        except (OSError, ValueError, KeyError, TypeError):
            return []


def _digest(cluster_id: str, name: str, reference: str) -> str:
    text = json.dumps([cluster_id, name, reference])
    return hashlib.sha256(text.encode()).hexdigest()
