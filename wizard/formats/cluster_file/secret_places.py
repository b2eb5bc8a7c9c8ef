"""Writing into a cluster file where one of its secrets is; all else in it stays, comments too."""

from __future__ import annotations

import io
from typing import Any

KEYS = ("secret", "from")
"""What a reference to a secret may have: its name, and where it is outside this program."""


def with_outside(text: str, name: str, reference: str) -> str:
    """Return the text in which the secret `name` comes from `reference`; an empty one takes it out."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1 << 30
    yaml.indent(mapping=2, sequence=4, offset=2)
    document = yaml.load(text)
    _put(document, name, reference)
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()


def _put(data: Any, name: str, reference: str) -> None:
    if isinstance(data, dict):
        if set(data) <= set(KEYS) and str(data.get("secret")) == name:
            if reference:
                data["from"] = reference
            else:
                data.pop("from", None)
            return
        data = list(data.values())
    if isinstance(data, list):
        for part in data:
            _put(part, name, reference)
