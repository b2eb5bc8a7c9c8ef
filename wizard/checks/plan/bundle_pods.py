"""What the pods of a workload are made of, as parts that can be compared: image, probes, variables, volumes, limits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from wizard.checks.plan.bundle_shape import Part, image
from wizard.formats.cluster_file.tree import Tree
from wizard.formats.image import is_nocobase
from wizard.formats.kubernetes.given import KINDS
from wizard.formats.kubernetes.objects import Object, below, rows, text
from wizard.pattern import pattern
from wizard.plan.place import Place

CONTAINER = "nocobase"
"""The name of NocoBase's own container in what is exported."""
POD = ("spec", "template", "spec")
LABELS = ("spec", "template", "metadata", "labels")
_QUANTITY = pattern(r"(?P<number>[0-9]+(?:\.[0-9]*)?)(?P<unit>m|k|[KMGT]i?|)")
_UNITS = {"m": 0.001, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
_BINARY = {"Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40}
_PERIOD, _FAILURES = 10, 3
"""Kubernetes' own values of a probe."""


def parts(one: Object, spec: Mapping[str, Tree]) -> Iterator[tuple[str, Part]]:
    """Go through the parts of a workload."""
    count = spec.get("replicas")
    yield "replicas", Part(count.text() if count is not None else "1", at(one, count))
    if "selector" in spec:
        yield "spec.selector", Part(canonical(spec["selector"]), at(one, spec["selector"]), "")
    pod = below(one.parts, *POD)
    links = pod.get("enableServiceLinks")
    yield "enableServiceLinks", Part(links.text() if links is not None else "true", at(one, links))
    for key, label in below(one.parts, *LABELS).items():
        yield f"labels {key}", Part(label.text(), at(one, label))
    for volume in rows(pod, "volumes"):
        yield f"volumes {text(volume, 'name')}", Part(canonical(volume), first(one, volume), "")
    for start in rows(pod, "initContainers"):
        yield f"initContainers {text(start, 'name')}", Part("there", first(one, start), "")
        name, runs = text(start, "name"), is_nocobase(text(start, "image"), given=False)
        yield from _image(one, start, f"image {name}" if runs else f"initContainers {name}.image")
    yield from _user(one, pod)
    grace = pod.get("terminationGracePeriodSeconds")
    yield "terminationGracePeriodSeconds", Part(grace.text() if grace is not None else "30", at(one, grace))
    containers = rows(pod, "containers")
    ours = [container for container in containers if text(container, "name") == CONTAINER]
    for container in (ours or containers)[:1]:  # others may stand beside it, also before
        yield from _of_container(one, container)


def _of_container(one: Object, container: Mapping[str, Tree]) -> Iterator[tuple[str, Part]]:
    yield from _image(one, container, "image")
    named = {text(port, "name"): text(port, "containerPort") for port in rows(container, "ports")}
    for port in rows(container, "ports"):
        number = text(port, "containerPort")
        yield port_part(one, port, text(port, "name") or number, number)
    for key in ("command", "args"):
        if key in container:
            yield f"command {key}", Part(canonical(container[key]), at(one, container[key]), "")
    yield from _probes(one, container, named)
    for mount in rows(container, "volumeMounts"):
        more = [f"{key}: {text(mount, key)}" for key in ("subPath", "subPathExpr", "readOnly") if text(mount, key)]
        shown = ", ".join([text(mount, "name"), *(words for words in more if words != "readOnly: false")])
        yield f"volumeMounts {text(mount, 'mountPath')}", Part(shown, first(one, mount))
    yield from _limits(one, container)
    if "preStop" in below(container, "lifecycle"):
        yield "preStop", Part("there", at(one, below(container, "lifecycle")["preStop"]), "")
    yield from _user(one, container)
    yield from _given(one, container)


def _probes(one: Object, container: Mapping[str, Tree], named: Mapping[str, str]) -> Iterator[tuple[str, Part]]:
    for name in ("startupProbe", "readinessProbe", "livenessProbe"):
        if name in container:
            yield name, Part(_asked(below(container, name), named), at(one, container[name]))
    if liveness := below(container, "livenessProbe"):
        seconds = _whole(liveness, "periodSeconds", _PERIOD) * _whole(liveness, "failureThreshold", _FAILURES)
        yield "livenessProbe.seconds", Part(str(seconds), at(one, container["livenessProbe"]), f"{seconds} s")


def _limits(one: Object, container: Mapping[str, Tree]) -> Iterator[tuple[str, Part]]:
    for key, limit in below(container, "resources", "limits").items():
        if key in {"memory", "cpu"}:
            yield f"limits.{key}", Part(text({key: limit}, key), at(one, limit))


def _given(one: Object, container: Mapping[str, Tree]) -> Iterator[tuple[str, Part]]:
    """Go through where variables come from; what they are then is judged as what a node is given."""
    if "envFrom" in container:
        sources = [
            f"{kind} {text(below(row, f'{start}Ref'), 'name')}"
            for row in rows(container, "envFrom")
            for start, kind in KINDS.items()
            if f"{start}Ref" in row
        ]
        yield "envFrom", Part(tuple(sources), at(one, container["envFrom"]))
    for entry in rows(container, "env"):
        for start, kind in KINDS.items():
            asked = below(entry, "valueFrom", f"{start}KeyRef")
            if asked:
                where = f"{kind} {text(asked, 'name')}: {text(asked, 'key')}"
                yield f"env {text(entry, 'name')}", Part(where, first(one, entry))


def _user(one: Object, parts: Mapping[str, Tree]) -> Iterator[tuple[str, Part]]:
    """Go through what makes the image start as somebody else than root."""
    context = below(parts, "securityContext")
    for key, harmless in (("runAsNonRoot", "false"), ("runAsUser", "0"), ("readOnlyRootFilesystem", "false")):
        if key in context and text(context, key) != harmless:
            yield key, Part(text(context, key), at(one, context[key]))


def _asked(probe: Mapping[str, Tree], named: Mapping[str, str]) -> str:
    """Return what a probe asks, as `GET 13000/path`; the name of any other kind of probe."""
    asked = below(probe, "httpGet")
    if not asked:
        return next((key for key in ("exec", "tcpSocket", "grpc") if key in probe), "?")
    port = text(asked, "port")
    return f"GET {named.get(port, port)}{text(asked, 'path') or '/'}"


def _whole(parts: Mapping[str, Tree], key: str, usual: int) -> int:
    value = text(parts, key)
    return int(value[:9]) if value.isdecimal() else usual


def amount(value: str) -> float:
    """Return a quantity of Kubernetes in cores or bytes; without end for one in another form."""
    found = _QUANTITY.fullmatch(value)
    if found is None:
        return float("inf")
    return float(found["number"]) * {**_UNITS, **_BINARY, "": 1.0}[found["unit"]]


def port_part(one: Object, port: Mapping[str, Tree], name: str, leads_to: str) -> tuple[str, Part]:
    """Return the part of a port that leads to another."""
    protocol = text(port, "protocol")
    shown = leads_to if protocol in {"", "TCP"} else f"{leads_to}/{protocol}"
    return f"ports {name}", Part(shown, first(one, port))


def _image(one: Object, container: Mapping[str, Tree], key: str) -> Iterator[tuple[str, Part]]:
    if name := text(container, "image"):
        yield key, Part(image(name), at(one, container["image"]), name)


def at(one: Object, tree: Tree | None) -> Place:
    """Return where a part stands, or where its object begins."""
    return Place(tree.place.file, tree.line) if tree is not None else Place(one.place.file, one.place.line)


def first(one: Object, parts: Mapping[str, Tree]) -> Place:
    """Return where the first of several parts stands."""
    return at(one, min(parts.values(), key=lambda tree: tree.line, default=None))


def canonical(part: Tree | Mapping[str, Tree]) -> str:
    """Return a text that is the same however the same is written."""
    return json.dumps(_plain(part), sort_keys=True, ensure_ascii=False)


def _plain(part: Tree | Mapping[str, Tree]) -> Any:
    if isinstance(part, Tree):
        if part.is_list():
            return [_plain(row) for row in part.rows()]
        if not part.is_mapping():
            return part.text()
        part = part.merged()
    return {key: _plain(value) for key, value in part.items()}
