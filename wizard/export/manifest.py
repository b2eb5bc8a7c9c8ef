"""`manifest.json`: what a bundle consists of, so that a changed file can be told.

`block` is the digest of a file's marked block: what an admin adds outside it is no change of ours. `empty` is that of
an env file with all its `placeholders`, lines that wait for a secret, in place: filling them in is none either.
`language` is the one that comments and the README are written in. `unwanted` are the targets that fit the plan and were
not asked for: what a later version gives besides was turned down by nobody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable

from wizard import __version__
from wizard.formats import marked_block
from wizard.formats.dotenv.filled import placeholders
from wizard.formats.files import BundleFile
from wizard.plan.bundle_names import MANIFEST
from wizard.plan.i18n import language

SCHEMA = 1
PATH = MANIFEST


def render(files: Iterable[BundleFile], cluster: str, unwanted: Collection[str] = ()) -> str:
    """Return the manifest of `files`, which are all but itself; `cluster` is the plan's id."""
    document = {
        "schema": SCHEMA,
        "tool": {"name": "nocobase-cluster-wizard", "version": __version__},
        "cluster": cluster,
        "language": language(),
        "unwanted": sorted(unwanted),
        "files": _entries(files),
    }
    return _text(document)


def renewed(text: str, files: Iterable[BundleFile]) -> str:
    """Return a manifest that lists `files`, and says else what the one of this `text` says."""
    return _text({**json.loads(text), "files": _entries(files)})


def _text(document: dict[str, object]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _entries(files: Iterable[BundleFile]) -> list[dict[str, object]]:
    return [_entry(file) for file in sorted(files, key=lambda file: file.path)]


def _entry(file: BundleFile) -> dict[str, object]:
    entry: dict[str, object] = {
        "path": file.path,
        "sha256": sha256(file.text),
        "mode": f"{file.mode:04o}",
        "secret": file.secret,
    }
    if parts := marked_block.split(file.text):
        entry["block"] = sha256(parts[1])
    empty = file.empty or file.text
    if file.private and (lines := placeholders(empty)):
        entry |= {"empty": sha256(empty), "placeholders": lines}
    return entry


def sha256(text: str) -> str:
    """Return the digest of a text as it lies in a file."""
    return hashlib.sha256(text.encode()).hexdigest()
