"""How workloads are run: what is seen of their updates, probes, storage, links and secrets. No opinion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from wizard.formats.cluster_file.tree import Tree
from wizard.formats.image import folder_apart, storage_root
from wizard.formats.kubernetes.containers import Container
from wizard.formats.kubernetes.given import Given
from wizard.formats.kubernetes.mounts import covers, mount_at, volume_of
from wizard.formats.kubernetes.objects import Object, below, named, rows, text, texts
from wizard.formats.kubernetes.scalars import refused
from wizard.plan.observed import FOLDERS_APART, Observed, Sharing, Topic
from wizard.plan.place import Place
from wizard.plan.variables import known_variables, may_be_secret

_NETWORK = ("nfs", "cephfs", "glusterfs", "azureFile")
_OWN = ("emptyDir", "ephemeral")
_USUAL_PERIOD, _USUAL_FAILURES = 10, 3
"""Kubernetes' own values of a probe: seconds from one to the next, and how many must fail."""
_LINKED = "_PORT"
"""What Kubernetes puts behind a Service's name for the variable with its address."""


def observed(objects: Sequence[Object], given: Given, containers: Sequence[Container]) -> list[Observed]:
    """Return what is seen of the containers, which are NocoBase, and of all objects."""
    found: list[Observed] = []
    for one in containers:
        found += [
            *_updates(one),
            patience(one.row, one.workload.called, one.workload.target, one.place),
            _links(objects, one),
            *_secrets(one, given),
        ]
        if one.image:
            found.append(Observed(Topic.IMAGE, one.workload.called, one.image_place or one.place, one.image))
        found += [storage_of(objects, one), *_apart(objects, one), *_aliases(one)]
    if containers and all(text(one.pod, "hostNetwork") == "true" for one in containers):
        found.append(Observed(Topic.HOST_NETWORK, containers[0].workload.called, containers[0].place))
    return [*found, *_services(objects), *_versions(objects), *refused(objects)]


def _aliases(container: Container) -> Iterator[Observed]:
    """Go through the names that a pod is given addresses for."""
    for row in rows(container.pod, "hostAliases"):
        for name in texts(row.get("hostnames")):
            place = Place(name.place.file, name.line, "hostAliases")
            yield Observed(Topic.NAME, name.text(), place, text(row, "ip"))


def _services(objects: Sequence[Object]) -> Iterator[Observed]:
    for one in objects:
        if one.kind == "Service":
            yield Observed(Topic.NAME, one.called, one.place)


def _updates(container: Container) -> Iterator[Observed]:
    workload = container.workload
    key = {"Deployment": "strategy", "StatefulSet": "updateStrategy", "DaemonSet": "updateStrategy"}.get(workload.kind)
    if key is None:
        return
    spec = below(workload.parts, "spec")
    part = spec.get(key)
    place = Place(part.place.file, part.line, key) if part is not None else workload.place
    names = (workload.kind, str(container.replicas))
    yield Observed(
        Topic.UPDATE, workload.called, place, text(below(spec, key), "type") or "RollingUpdate", names, workload.target
    )


_PROBES = ("startupProbe", "livenessProbe")


def patience(
    row: Mapping[str, Tree], subject: str, target: str, place: Place, probes: Sequence[str] = _PROBES
) -> Observed:
    """Return how long a pod may take to start: of the startup probe, or else of the liveness probe."""
    for name in probes:
        if probe := below(row, name):
            period = _number(probe, "periodSeconds", _USUAL_PERIOD)
            seconds = _number(probe, "initialDelaySeconds", 0)
            seconds += period * _number(probe, "failureThreshold", _USUAL_FAILURES)
            at = Place(row[name].place.file, row[name].line, name)
            return Observed(Topic.PATIENCE, subject, at, str(seconds), (name, text(row, "name") or "nocobase"), target)
    return Observed(Topic.PATIENCE, subject, place)


def _number(parts: Mapping[str, Tree], key: str, usual: int) -> int:
    value = text(parts, key)
    return int(value) if value.isdecimal() and len(value) < 10 else usual  # noqa: PLR2004 - no time is that long


def _links(objects: Sequence[Object], container: Container) -> Observed:
    part = container.pod.get("enableServiceLinks")
    off = text(container.pod, "enableServiceLinks") == "false"
    free = [name for name in linked_services() if name not in container.variables]
    services = {f"{one.name.upper().replace('-', '_')}{_LINKED}" for one in objects if one.kind == "Service"}
    names = tuple(name for name in free if name in services)
    place = Place(part.place.file, part.line, "enableServiceLinks") if part is not None else container.place
    value = "off" if off else "on" if free else "given"
    return Observed(Topic.SERVICE_LINKS, container.workload.called, place, value, names, container.workload.target)


def linked_services() -> tuple[str, ...]:
    """Return the variables of NocoBase's that Kubernetes would set by a Service's name: `DB_PORT` by one called db."""
    return tuple(sorted(name for name in known_variables() if name in {"APP_PORT", "DB_PORT"}))


def _secrets(container: Container, given: Given) -> Iterator[Observed]:
    for called, names in container.maps.items():
        secret = tuple(
            name
            for name in dict.fromkeys(names)
            if container.variables[name].value and may_be_secret(name, container.variables[name].value)
        )
        place = given.place("ConfigMap", called, container.workload.namespace) if called else container.place
        subject = f"ConfigMap {called}" if called else f"{container.workload.kind} {container.workload.called}"
        yield Observed(Topic.PLAIN_SECRETS, subject, place or container.place, names=secret)


def storage_of(objects: Sequence[Object], container: Container) -> Observed:
    """Return what a container's storage is on."""
    root = storage_root(container.variables)
    place, sharing, called = _mounted(objects, container, root)
    if sharing is not Sharing.NOTHING:
        return Observed(Topic.STORAGE, container.workload.called, place, sharing, (called,))
    every = [text(row, "mountPath") for row in rows(container.row, "volumeMounts")]
    parts = [path for path in every if covers(root, PurePosixPath(path))]
    sharing = Sharing.PARTS if parts else sharing
    return Observed(Topic.STORAGE, container.workload.called, place, sharing, (root, *parts))


def _apart(objects: Sequence[Object], container: Container) -> Iterator[Observed]:
    """Go through the folders for uploads and plug-ins that are none of the storage."""
    for topic, name in FOLDERS_APART.items():
        if folder := folder_apart(container.variables, name):
            place, sharing, _called = _mounted(objects, container, folder)
            yield Observed(topic, container.workload.called, place, sharing, (folder,))


def _mounted(objects: Sequence[Object], container: Container, folder: str) -> tuple[Place, Sharing, str]:
    """Return where a folder is mounted, who shares it, and what it is on; itself where nothing is mounted."""
    mount = mount_at(container.row, PurePosixPath(folder))
    if mount is None:
        return container.place, Sharing.NOTHING, folder
    name = text(mount, "name")
    place = Place(mount["mountPath"].place.file, mount["mountPath"].line, name)
    sharing, called = _volume(objects, container, name)
    if "subPathExpr" in mount and sharing is not Sharing.NOTHING:  # such as $(POD_NAME): a folder for each pod
        sharing = Sharing.ITSELF
    return place, sharing, called or name


def _volume(objects: Sequence[Object], container: Container, name: str) -> tuple[Sharing, str]:
    """Return who shares the volume of that name, and what it is called where that is known."""
    spec = below(container.workload.parts, "spec")
    if any(text(below(row, "metadata"), "name") == name for row in rows(spec, "volumeClaimTemplates")):
        return Sharing.ITSELF, ""
    volume = volume_of(container.pod, name)
    claim = text(below(volume, "persistentVolumeClaim"), "claimName")
    if claim:
        found = named(objects, "PersistentVolumeClaim", claim, container.workload.namespace)
        return (_sharing(found) if found else Sharing.UNKNOWN), claim
    if any(kind in volume for kind in _OWN):
        return Sharing.ITSELF, name
    if "hostPath" in volume:
        return Sharing.MACHINE, text(below(volume, "hostPath"), "path")
    return (Sharing.EVERYBODY if any(kind in volume for kind in _NETWORK) else Sharing.UNKNOWN), name


def _sharing(claim: Object) -> Sharing:
    part = below(claim.parts, "spec").get("accessModes")
    modes = {row.text() for row in part.rows()} if part is not None and part.is_list() else set()
    if "ReadWriteMany" in modes:
        return Sharing.EVERYBODY
    return Sharing.MACHINE if modes else Sharing.UNKNOWN


def _versions(objects: Sequence[Object]) -> Iterator[Observed]:
    seen: dict[tuple[str, str], Object] = {}
    for one in objects:
        seen.setdefault((one.kind, text(one.parts, "apiVersion")), one)
    for (kind, version), one in seen.items():
        if version:
            yield Observed(Topic.API_VERSION, f"{kind} {one.name}".strip(), one.place, version)
