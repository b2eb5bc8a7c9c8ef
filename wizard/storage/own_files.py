"""Small files of JSON that this program alone writes, and what to do about one that it cannot have written."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

from wizard.plan.i18n import tr
from wizard.reading import parse_json, read_file

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
