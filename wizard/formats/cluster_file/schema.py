"""The JSON schema of cluster files, made from the settings' declarations: editors complete and check by it.

`python -m wizard.formats.cluster_file.schema > resources/cluster.schema.json` writes it; a test compares the two.
"""

from __future__ import annotations

import json
import sys
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from wizard.plan import secret_places
from wizard.plan.accepted import GRAVITY
from wizard.plan.finding import ErrorKind
from wizard.plan.plan import SCHEMA, SECTIONS, Plan
from wizard.plan.sections import Node
from wizard.plan.setting import declared

_SECRET = {
    "type": "object",
    "properties": {"secret": {"type": "string"}, "from": secret_places.SCHEMA},
    "required": ["secret"],
    "additionalProperties": False,
}

_ACCEPTED = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "subject": {"type": "string"},
        "severity": {"enum": [severity.value for severity in GRAVITY]},
        "error": {"enum": [kind.value for kind in ErrorKind]},
        "identity": {"type": "object"},
        "reason": {"type": "string"},
        "until": {"type": "string", "format": "date"},
    },
    "required": ["id", "severity", "reason"],
    "additionalProperties": False,
}


def cluster_schema() -> dict[str, Any]:
    """Return the schema of a cluster file, JSON Schema 2020-12."""
    plan = Plan(id="")
    properties: dict[str, Any] = {
        "schema": {"const": SCHEMA, "description": "How the file is to be read."},
        "id": {
            "type": "string",
            "pattern": "^[A-Za-z0-9_-]{1,64}$",
            "description": "The secret store knows secrets by it.",
        },
        "name": _settings(plan, only="name")["name"],
    }
    for section in SECTIONS:
        properties[section] = (
            {"type": "array", "items": _group(Node())} if section == "nodes" else _group(plan.get(section))
        )
    properties["extras"] = {
        "type": "object",
        "additionalProperties": {"anyOf": [{"type": ["string", "number", "boolean", "null"]}, _SECRET]},
        "description": "Environment variables that no setting covers, kept verbatim.",
    }
    properties["unreadable"] = {"type": "object", "description": "Values that could not be read, as they came."}
    properties["accepted"] = {"type": "array", "items": _ACCEPTED, "description": "Findings that are known and wanted."}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "NocoBase Cluster Wizard: cluster file",
        **_object(properties),
        "required": ["schema"],
    }


def schema_text() -> str:
    """Return the schema as the text of `resources/cluster.schema.json`."""
    return json.dumps(cluster_schema(), indent=2, ensure_ascii=False) + "\n"


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _group(group: Any) -> dict[str, Any]:
    return _object(_settings(group))


def _settings(group: Any, only: str = "") -> dict[str, Any]:
    described: dict[str, Any] = {}
    for item in fields(group):
        value = getattr(group, item.name)
        setting = declared(item)
        if only and item.name != only:
            continue
        if setting:
            about = {"title": setting.label, **({"description": setting.help} if setting.help else {})}
            described[item.name] = {**about, **setting.schema(), **_default(value)}
        elif is_dataclass(value):
            described[item.name] = _group(value)
    return described


def _default(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    return {"default": value.value if isinstance(value, Enum) else value}


if __name__ == "__main__":
    sys.stdout.write(schema_text())
