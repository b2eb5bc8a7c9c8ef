"""Kubernetes manifests, as far as they say what a container's process is given, and how many pods there are.

Read: several documents and `List`, ConfigMap, Secret (base64 and `stringData`), `env` with `value` and
`valueFrom`, `envFrom` with
prefix and optional, `$(NAME)`, Deployment, StatefulSet and their replicas, image, and what is mounted where.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import field

from wizard.dataclass import dataclass
from wizard.formats.cluster_file.tree import Tree, compose
from wizard.formats.dotenv.expressions import Expanded
from wizard.formats.dotenv.grammar import Assignment
from wizard.plan.place import Place

_BETWEEN = re.compile(r"^---(?:[ \t].*)?$", re.MULTILINE)
_REFERENCE = re.compile(r"\$(?:\$|\((?P<name>[A-Za-z_][A-Za-z0-9_.-]*)\))")
_MOST_DOCUMENTS = 500
_DEEPEST = 3
_PODS = ("Deployment", "StatefulSet")


@dataclass
class Container:
    """One container of a Deployment or StatefulSet, `replicas` times; what it is given as in a Compose file."""

    workload: str
    kind: str
    place: Place
    image: str = ""
    image_place: Place | None = None
    replicas: int = 1
    variables: dict[str, Assignment] = field(default_factory=dict)
    expressions: dict[str, Expanded] = field(default_factory=dict)
    own_claims: bool = False
    """Whether each pod has a volume of its own (`volumeClaimTemplates`)."""


def read(text: str, name: str) -> list[Container]:
    """Return the containers of all workloads in a file called `name`; raises SourceError."""
    objects = [one for document in _documents(text, name) for one in _objects(document, 0)]
    given = {key: value for one in objects for key, value in _given(one, name).items()}
    return [container for one in objects for container in _containers(one, given, name)]


def _documents(text: str, name: str) -> Iterator[Tree]:
    """Go through the documents of a file; each keeps its lines."""
    start = 0
    ends = [(match.start(), match.end()) for match in _BETWEEN.finditer(text)][:_MOST_DOCUMENTS]
    for end, after in (*ends, (len(text), len(text))):
        part = text[start:end]
        if any(line.strip() and not line.lstrip().startswith("#") for line in part.splitlines()):
            yield compose("\n" * text.count("\n", 0, start) + part, name)
        start = after


def _objects(tree: Tree, depth: int) -> Iterator[dict[str, Tree]]:
    """Go through an object, or those of a `List`."""
    parts = tree.merged() if tree.is_mapping() else {}
    items = parts.get("items")
    if items is not None and items.is_list() and depth < _DEEPEST:
        for row in items.rows():
            yield from _objects(row, depth + 1)
    elif parts:
        yield parts


def _below(parts: Mapping[str, Tree], *keys: str) -> dict[str, Tree]:
    """Return the mapping that stands below these keys; empty where there is none."""
    found = dict(parts)
    for key in keys:
        part = found.get(key)
        found = part.merged() if part is not None and part.is_mapping() else {}
    return found


def _text(parts: Mapping[str, Tree], key: str) -> str:
    part = parts.get(key)
    return part.text() if part is not None and not part.is_mapping() and not part.is_list() else ""


def _rows(parts: Mapping[str, Tree], key: str) -> list[dict[str, Tree]]:
    part = parts.get(key)
    rows = part.rows() if part is not None and part.is_list() else []
    return [row.merged() for row in rows if row.is_mapping()]


_Values = dict[str, Assignment]


def _given(parts: Mapping[str, Tree], file: str) -> dict[tuple[str, str], _Values]:
    """Return what a ConfigMap or a Secret holds, by its kind and name."""
    kind = _text(parts, "kind")
    if kind not in {"ConfigMap", "Secret"}:
        return {}
    found: _Values = {}
    for group in ("data", "stringData"):
        for key, part in _below(parts, group).items():
            value = part.text()
            if kind == "Secret" and group == "data":
                value = _decoded(value)
            found[key] = Assignment(key, value, part.line, quote="'", file=file)
    return {(kind, _text(_below(parts, "metadata"), "name")): found}


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return text


def _containers(parts: Mapping[str, Tree], given: Mapping[tuple[str, str], _Values], file: str) -> Iterator[Container]:
    kind = _text(parts, "kind")
    if kind not in _PODS:
        return
    name = _text(_below(parts, "metadata"), "name")
    spec = _below(parts, "spec")
    replicas = _text(spec, "replicas")
    for row in _rows(_below(spec, "template", "spec"), "containers"):
        place = row["name"].place if "name" in row else parts["kind"].place
        container = Container(name, kind, Place(file, place.line, name))
        container.replicas = min(int(replicas), _MOST_DOCUMENTS) if replicas.isdigit() else 1
        container.own_claims = bool(_rows(spec, "volumeClaimTemplates"))
        if "image" in row:
            container.image, container.image_place = row["image"].text(), Place(file, row["image"].line, "image")
        _fill(container, row, given, file)
        yield container


def _fill(container: Container, row: Mapping[str, Tree], given: Mapping[tuple[str, str], _Values], file: str) -> None:
    """Put in what the container is given: `envFrom` first, `env` in its place."""
    for source in _rows(row, "envFrom"):
        prefix = _text(source, "prefix")
        for reference, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
            if reference not in source:
                continue
            asked = _below(source, reference)
            found = given.get((kind, _text(asked, "name")))
            if found is None and _text(asked, "optional") != "true":
                called = f"{kind} {_text(asked, 'name')}"
                line = source[reference].line
                container.variables[called] = Assignment(called, "", line, quote="'", file=file)
                container.expressions[called] = Expanded(None, (called,), (called,))
            for key, one in (found or {}).items():
                container.variables[prefix + key] = Assignment(prefix + key, one.value, one.line, quote="'", file=file)
    for entry in _rows(row, "env"):
        _variable(container, entry, given, file)


def _variable(
    container: Container, entry: Mapping[str, Tree], given: Mapping[tuple[str, str], _Values], file: str
) -> None:
    name, line = _text(entry, "name"), entry["name"].line if "name" in entry else 0
    container.expressions.pop(name, None)
    if "valueFrom" not in entry:
        value = _referred(_text(entry, "value"), container.variables)
        container.variables[name] = Assignment(name, value, line, quote="'", file=file)
        return
    origin = _below(entry, "valueFrom")
    for reference, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
        if reference not in origin:
            continue
        asked = _below(origin, reference)
        found = given.get((kind, _text(asked, "name")), {}).get(_text(asked, "key"))
        if found is not None:
            container.variables[name] = Assignment(name, found.value, found.line, quote="'", file=file)
        elif _text(asked, "optional") != "true":
            called = f"{kind} {_text(asked, 'name')}"
            container.variables[name] = Assignment(name, "", line, quote="'", file=file)
            container.expressions[name] = Expanded(None, (called,), (called,))
        return
    # a field of the pod itself: every pod has its own


def _referred(text: str, known: Mapping[str, Assignment]) -> str:
    """Put in the variables that `$(NAME)` names; one that is not known stays as it is."""

    def put(match: re.Match[str]) -> str:
        if match["name"] is None:
            return "$"
        found = known.get(match["name"])
        return found.value if found else match[0]

    return _REFERENCE.sub(put, text)
