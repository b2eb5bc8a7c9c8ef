"""`manifest.json`: what a bundle consists of, so that a changed file can be told.

`block` is the digest of a file's marked block: what an admin adds outside it is no change of ours. `empty` is that of
an env file with all its `placeholders`, lines that wait for a secret, in place: filling them in is none either.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from wizard import __version__
from wizard.bundle import marked
from wizard.bundle.files import BundleFile
from wizard.bundle.filled import placeholders

SCHEMA = 1
PATH = "manifest.json"


def render(files: Iterable[BundleFile], cluster: str) -> str:
    """Give the manifest of `files`, which are all but itself; `cluster` is the plan's id."""
    document = {
        "schema": SCHEMA,
        "tool": {"name": "nocobase-cluster-wizard", "version": __version__},
        "cluster": cluster,
        "files": [_entry(file) for file in sorted(files, key=lambda file: file.path)],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _entry(file: BundleFile) -> dict[str, object]:
    entry: dict[str, object] = {
        "path": file.path,
        "sha256": sha256(file.text),
        "mode": f"{file.mode:04o}",
        "secret": file.secret,
    }
    if parts := marked.split(file.text):
        entry["block"] = sha256(parts[1])
    empty = file.empty or file.text
    if file.private and (lines := placeholders(empty)):
        entry |= {"empty": sha256(empty), "placeholders": lines}
    return entry


def sha256(text: str) -> str:
    """Give the digest of a text as it lies in a file."""
    return hashlib.sha256(text.encode()).hexdigest()
