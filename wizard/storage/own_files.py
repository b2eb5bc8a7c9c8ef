"""Small files of JSON that this program alone writes, and what to do about one that it cannot have written."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

from wizard.plan.i18n import tr
from wizard.reading import LARGEST, parse_json, read_file, too_large
from wizard.storage.atomic_files import write_atomic

SCHEMA = 1


def kept_in(path: Path) -> dict[str, Any]:
    """Return what the file holds; nothing where there is none, or it is damaged.

    Raises OSError for one that cannot be read now, and for one of a newer version: neither may be written over.
    """
    try:
        data = read_file(path)
    except FileNotFoundError:
        return {}
    try:
        document = parse_json(data, path)
    except (OSError, ValueError):
        return {}
    if not isinstance(document, dict):
        return {}
    schema = document.get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        raise OSError(errno.EPERM, tr("a newer version of the wizard wrote it"), str(path))
    return document


def keep_in(path: Path, document: dict[str, Any]) -> None:
    """Write the file anew; raises OSError, also where it would be longer than what is read again."""
    data = json.dumps({**document, "schema": SCHEMA}).encode()
    if len(data) > LARGEST:
        raise too_large(path)
    write_atomic(path, data)
