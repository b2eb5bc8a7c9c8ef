"""What ConfigMaps and Secrets hold, for the containers that are given it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping

from wizard.formats.dotenv.grammar import Assignment
from wizard.formats.kubernetes.objects import Object, below, named, text
from wizard.plan.place import Place

KINDS = {"configMap": "ConfigMap", "secret": "Secret"}
"""Kinds of objects that variables come from, by how a reference to them begins."""


class Given:
    """All ConfigMaps and Secrets among the objects, and those that a kustomization makes."""

    def __init__(
        self, objects: Iterable[Object], generated: Mapping[tuple[str, str], dict[str, Assignment]] | None = None
    ) -> None:
        """Take all objects, and what is made beside them, by kind and name."""
        self._generated = generated or {}
        self._objects = [one for one in objects if one.kind in KINDS.values()]

    def of(self, kind: str, name: str, namespace: str) -> dict[str, Assignment] | None:
        """Return what an object holds, by its keys; None where it is not among the objects."""
        if (kind, name) in self._generated:
            return self._generated[kind, name]
        found = named(self._objects, kind, name, namespace)
        return None if found is None else held(found)

    def place(self, kind: str, name: str, namespace: str) -> Place | None:
        """Return where an object stands; None where it is not among them."""
        found = named(self._objects, kind, name, namespace)
        return None if found is None else found.place


def held(one: Object) -> dict[str, Assignment]:
    """Return what a ConfigMap or a Secret holds, by its keys: of a Secret, `data` is base64, `stringData` wins."""
    found: dict[str, Assignment] = {}
    for group in ("data", "stringData"):
        for key, part in below(one.parts, group).items():
            value = text({key: part}, key) if part.is_scalar() else ""
            if one.kind == "Secret" and group == "data":
                value = _decoded(value)
            found[key] = Assignment(key, value, part.line, quote="'", file=part.place.file)
    return found


def _decoded(value: str) -> str:
    try:
        return base64.b64decode("".join(value.split()), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return value
