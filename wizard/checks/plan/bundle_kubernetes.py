"""The objects of a bundle's manifests beside those of the plan: what pods are made of, and who sends them requests."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wizard.checks.plan.bundle_shape import Meaning, Owner, Part, Shape, differences, finding, gone, image
from wizard.formats.cluster_file.tree import Tree
from wizard.formats.kubernetes.ingress import services_of
from wizard.formats.kubernetes.objects import Object, below, read, rows, text
from wizard.plan.finding import Finding
from wizard.plan.i18n import mark, tr
from wizard.plan.place import Place

_WORKLOADS = {"Deployment", "StatefulSet", "DaemonSet"}
_CONTAINER = "nocobase"
"""The name of NocoBase's own container in what is exported."""
_POD = ("spec", "template", "spec")
_LABELS = ("spec", "template", "metadata", "labels")
_OTHER_PODS = mark("Requests come to other pods than by the plan, or to none.")
_MEANINGS = {
    "replicas": Meaning(mark("Each pod is a node: worker IDs, connections and the plan's checks count them.")),
    "image": Meaning(mark("Nodes of two versions on one database harm it, and what was checked is the plan's.")),
    "command": Meaning(mark("The image's own start installs, upgrades and fetches plug-ins; another one may do none.")),
    "enableServiceLinks": Meaning(
        mark("A Service called “app” or “db” then sets APP_PORT or DB_PORT to an address, and no pod starts.")
    ),
    "volumeMounts": Meaning(mark("The pods then have other files than those of the plan."), may_be_more=True),
    "volumes": Meaning(mark("The pods then have other files than those of the plan."), may_be_more=True),
    "initContainers": Meaning(
        mark("Nothing then waits for the pods that start first, and two migrate one database."), may_be_more=True
    ),
    "readinessProbe": Meaning(mark("Requests then come to pods that are not ready."), lambda value: value is not None),
    "labels": Meaning(_OTHER_PODS, may_be_more=True),
    "selector": Meaning(_OTHER_PODS),
    "ports": Meaning(mark("Requests come to another port than the one that the pods listen on."), may_be_more=True),
    "accessModes": Meaning(
        mark("Pods on several machines cannot all mount the folder."), lambda value: "ReadWriteMany" in (value or ())
    ),
    "rules": Meaning(mark("Users come in by another host or path than by the plan.")),
}


def judge(now: Mapping[str, str], planned: Mapping[str, str]) -> Iterator[Finding]:
    """Say what the objects are otherwise than by the plan's own manifests, by their paths; raises SourceError."""
    has, wanted = _objects(now), _objects(planned)
    shape, plan = _shape(has), _shape(wanted)
    # that a whole file is gone is told of the bundle's files: what has no pods may well come from elsewhere
    plan = {name: owner for name, owner in plan.items() if owner.runs or owner.place.file in now}
    yield from gone(shape, plan, tr("kubectl makes no such object of it, and leaves a former one as it is."))
    lost = list(_without_pods(has, wanted))
    yield from lost
    told = {one.facts["setting"] for one in lost}
    yield from (one for one in differences(shape, plan, _MEANINGS) if one.facts["setting"] not in told)


def _objects(texts: Mapping[str, str]) -> list[Object]:
    return [one for path in sorted(texts) for one in read(texts[path], path)]


def _shape(objects: Sequence[Object]) -> Shape:
    return {_name(one): Owner(_at(one, None), dict(_parts(one)), _runs(one)) for one in objects if one.kind}


def _name(one: Object) -> str:
    return f"{one.kind}.{one.called}"


def _parts(one: Object) -> Iterator[tuple[str, Part]]:
    spec = below(one.parts, "spec")
    match one.kind:
        case "Service":
            yield from _each(one, spec, "selector")
            for port in rows(spec, "ports"):
                yield _port(one, port, text(port, "port"), text(port, "targetPort") or text(port, "port"))
        case "PersistentVolumeClaim":
            modes = spec.get("accessModes")
            if modes is not None and modes.is_list():
                yield "accessModes", Part(tuple(row.text() for row in modes.rows()), _at(one, modes))
        case "Ingress":
            yield from _each(one, spec, "rules")
        case kind if kind in _WORKLOADS:
            yield from _of_workload(one, spec)


def _of_workload(one: Object, spec: Mapping[str, Tree]) -> Iterator[tuple[str, Part]]:
    count = spec.get("replicas")
    yield "replicas", Part(count.text() if count is not None else "1", _at(one, count))
    pod = below(one.parts, *_POD)
    links = pod.get("enableServiceLinks")
    yield "enableServiceLinks", Part(links.text() if links is not None else "true", _at(one, links))
    for key, label in below(one.parts, *_LABELS).items():
        yield f"labels {key}", Part(label.text(), _at(one, label))
    for volume in rows(pod, "volumes"):
        yield f"volumes {text(volume, 'name')}", Part(_canonical(volume), _first(one, volume), "")
    for start in rows(pod, "initContainers"):
        yield f"initContainers {text(start, 'name')}", Part("there", _first(one, start), "")
        yield from _image(one, start, f"image {text(start, 'name')}")
    containers = rows(pod, "containers")
    ours = [container for container in containers if text(container, "name") == _CONTAINER]
    for container in (ours or containers)[:1]:  # others may stand beside it, also before
        yield from _of_container(one, container)


def _of_container(one: Object, container: Mapping[str, Tree]) -> Iterator[tuple[str, Part]]:
    yield from _image(one, container, "image")
    for port in rows(container, "ports"):
        number = text(port, "containerPort")
        yield _port(one, port, text(port, "name") or number, number)
    for key in ("command", "args"):
        if key in container:
            yield f"command {key}", Part(_canonical(container[key]), _at(one, container[key]), "")
    if "readinessProbe" in container:
        yield "readinessProbe", Part("there", _at(one, container["readinessProbe"]), "")
    for mount in rows(container, "volumeMounts"):
        yield f"volumeMounts {text(mount, 'mountPath')}", Part(text(mount, "name"), _first(one, mount))


def _port(one: Object, port: Mapping[str, Tree], name: str, leads_to: str) -> tuple[str, Part]:
    protocol = text(port, "protocol")
    shown = leads_to if protocol in {"", "TCP"} else f"{leads_to}/{protocol}"
    return f"ports {name}", Part(shown, _first(one, port))


def _image(one: Object, container: Mapping[str, Tree], key: str) -> Iterator[tuple[str, Part]]:
    if name := text(container, "image"):
        yield key, Part(image(name), _at(one, container["image"]), name)


def _each(one: Object, spec: Mapping[str, Tree], key: str) -> Iterator[tuple[str, Part]]:
    if key in spec:
        yield key, Part(_canonical(spec[key]), _at(one, spec[key]), "")


def _at(one: Object, tree: Tree | None) -> Place:
    return Place(one.place.file, tree.line if tree is not None else one.place.line)


def _first(one: Object, parts: Mapping[str, Tree]) -> Place:
    return _at(one, min(parts.values(), key=lambda tree: tree.line, default=None))


def _canonical(part: Tree | Mapping[str, Tree]) -> str:
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


def _without_pods(now: Sequence[Object], planned: Sequence[Object]) -> Iterator[Finding]:
    """Go through the Services of the plan that no pod of the manifests answers for any more."""
    pods = [{key: value.text() for key, value in below(one.parts, *_LABELS).items()} for one in now if _runs(one)]
    served = {name for labels in pods for name in services_of(now, labels)}
    wanted = {one.name for one in planned if one.kind == "Service"}
    for one in now:
        if one.kind == "Service" and one.name in wanted - served:
            file, name = one.place.file, _name(one)
            says = tr("{path}: the selector of {name} matches no pod of these manifests.", path=file, name=name)
            selector = below(one.parts, "spec").get("selector")
            yield finding(f"{name}.selector", says, _at(one, selector), tr("Every request to it fails."))


def _runs(one: Object) -> bool:
    return one.kind in _WORKLOADS
