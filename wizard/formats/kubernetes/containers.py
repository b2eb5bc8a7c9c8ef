"""The containers of workloads: what the process in each is given, and how many pods there are.

Read: Deployment, StatefulSet, DaemonSet, ReplicaSet, Argo's Rollout and pods with their replicas, each where what owns
it is not among the objects; `env` with `value` and `valueFrom`,
`envFrom` with prefix and optional, `$(NAME)`; images.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import field

from wizard.dataclass import dataclass
from wizard.formats.allowance import Cost, spend
from wizard.formats.cluster_file.tree import Tree
from wizard.formats.dotenv.expressions import LONGEST, Expanded
from wizard.formats.dotenv.grammar import Assignment
from wizard.formats.kubernetes import own_file
from wizard.formats.kubernetes.given import KINDS, Given
from wizard.formats.kubernetes.objects import Object, below, rows, text
from wizard.formats.kubernetes.templated import is_templated
from wizard.pattern import pattern
from wizard.plan.place import Place

_REFERENCE = pattern(r"\$(?:\$|\((?P<name>[A-Za-z_][A-Za-z0-9_.-]*)\))")
MOST_REPLICAS = 500
_WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Rollout", "ReplicaSet", "ReplicationController", "Pod")
_ENDED = ("Failed", "Succeeded")
_RUN_ONCE = ("Job", "CronJob")
_HASH = pattern(r"-[a-z0-9]{1,16}$")
"""What a Deployment puts behind its name for a ReplicaSet of its own."""
_OF_THE_POD = ("fieldRef", "resourceFieldRef", "fileKeyRef")


@dataclass
class Container:
    """One container of a workload, `replicas` times; what it is given as in a Compose file.

    `maps` are the ConfigMaps that it is given variables from, and `row` and `pod` what stands there of it and its pod.
    """

    workload: Object
    place: Place
    row: Mapping[str, Tree] = field(repr=False)
    pod: Mapping[str, Tree] = field(repr=False)
    image: str = ""
    image_place: Place | None = None
    replicas: int = 1
    address: str = ""
    """The address of its pod, where what was read is a running one."""
    variables: dict[str, Assignment] = field(default_factory=dict)
    expressions: dict[str, Expanded] = field(default_factory=dict)
    maps: dict[str, list[str]] = field(default_factory=dict)
    """Names of variables by the ConfigMap they come from; those that stand in the workload itself by no name."""
    counted: bool = True
    """Whether the number of its pods is said: a template's is not."""
    lacks: bool = False
    """Whether an object with more variables is not among the files."""


def read(objects: Sequence[Object], given: Given) -> list[Container]:
    """Return the containers of all workloads that nothing else among the objects owns, and none of a job's pods.

    What is scaled to nothing is left out where something else is not.
    """
    there = {(one.kind, one.name, one.namespace) for one in objects}
    free = [one for one in objects if one.kind in _WORKLOADS and not _is_owned(one, there)]
    found = [one for item in free for one in _containers(item, given)]
    return [one for one in found if one.replicas] or found


def _is_owned(one: Object, there: AbstractSet[tuple[str, str, str]]) -> bool:
    """Whether what keeps it is among the objects, or keeps it for a job that ends."""
    for owner in rows(below(one.parts, "metadata"), "ownerReferences"):
        kind, name = text(owner, "kind"), text(owner, "name")
        above = ("Deployment", _HASH.sub("", name), one.namespace)
        if kind in _RUN_ONCE or (kind, name, one.namespace) in there or (kind == "ReplicaSet" and above in there):
            return True
    return False


def _is_gone(workload: Object) -> bool:
    """Whether a pod has ended, such as one that was evicted, or is ending."""
    ending = "deletionTimestamp" in below(workload.parts, "metadata")
    return workload.kind == "Pod" and (ending or text(below(workload.parts, "status"), "phase") in _ENDED)


def _containers(workload: Object, given: Given) -> Iterator[Container]:
    spec = below(workload.parts, "spec")
    pod = spec if workload.kind == "Pod" else below(spec, "template", "spec")
    replicas = text(spec, "replicas")
    for row in rows(pod, "containers"):
        place = row["name"].place if "name" in row else workload.place
        container = Container(workload, Place(place.file, place.line, workload.called), row, pod)
        container.replicas = min(int(replicas[:9]), MOST_REPLICAS) if replicas.isdecimal() else 1
        container.counted = not is_templated(replicas)
        container.replicas = 0 if _is_gone(workload) else container.replicas
        container.address = text(below(workload.parts, "status"), "podIP") if workload.kind == "Pod" else ""
        if image := text(row, "image"):
            container.image = image
            set_by = "newTag" if row["image"].key.endswith(".newTag") else "image"
            container.image_place = Place(row["image"].place.file, row["image"].line, set_by)
        _Filling(container, given).fill()
        yield container


class _Filling:
    """Puts in what a container is given: `envFrom` first, `env` in its place."""

    def __init__(self, container: Container, given: Given) -> None:
        self._container = container
        self._given = given
        self._namespace = container.workload.namespace
        self._runs = "uid" in below(container.workload.parts, "metadata")
        """Whether the cluster printed it: no program fills it in any more."""

    def fill(self) -> None:
        for source in rows(self._container.row, "envFrom"):
            self._all_of(source)
        for entry in rows(self._container.row, "env"):
            if name := text(entry, "name"):
                self._container.expressions.pop(name, None)
                self._variable(name, entry)
        self._own_file()

    def _own_file(self) -> None:
        one = self._container
        found = own_file.read(one.row, one.pod, one.variables, self._given, self._namespace)
        one.variables = {**found.variables, **one.variables}
        if found.lost is not None:
            self._lost(found.called, found.called, found.lost)
            one.lacks = True

    def _all_of(self, source: Mapping[str, Tree]) -> None:
        prefix = text(source, "prefix")
        for start, kind in KINDS.items():
            reference = source.get(f"{start}Ref")
            if reference is None:
                continue
            asked = below(source, f"{start}Ref")
            name = text(asked, "name")
            found = self._given.of(kind, name, self._namespace)
            if found is None:  # also an optional one: whether the cluster has it is not known from the files
                self._lost(f"{kind} {name}", f"{kind} {name}", reference)
                self._container.lacks = True
            for key, one in (found or {}).items():
                self._put(prefix + key, one.value, one.line, one.file)
                if kind == "ConfigMap":
                    self._container.maps.setdefault(name, []).append(prefix + key)

    def _variable(self, name: str, entry: Mapping[str, Tree]) -> None:
        part = entry["name"]
        if "valueFrom" not in entry:
            self._container.maps.setdefault("", []).append(name)
            value, unset = _referred(text(entry, "value"), self._container)
            self._put(name, value, part.line, part.place.file)
            if unset and name not in self._container.expressions:
                self._container.expressions[name] = Expanded(None, unset, unset)
            return
        origin = below(entry, "valueFrom")
        for start, kind in KINDS.items():
            if f"{start}KeyRef" in origin:
                self._one_of(name, part, kind, below(origin, f"{start}KeyRef"))
                return
        field_of = next((one for one in _OF_THE_POD if one in origin), "")
        path = text(below(origin, field_of), "fieldPath") or text(below(origin, field_of), "resource") or field_of
        self._lost(name, path or "valueFrom", part)

    def _one_of(self, name: str, part: Tree, kind: str, asked: Mapping[str, Tree]) -> None:
        """Put in one key of an object; an optional one that an object among the files lacks is no variable at all."""
        called = text(asked, "name")
        held = self._given.of(kind, called, self._namespace)
        found = (held or {}).get(text(asked, "key"))
        if found is not None:
            self._put(name, found.value, found.line, found.file)
            if kind == "ConfigMap":
                self._container.maps.setdefault(called, []).append(name)
        elif held is None or text(asked, "optional") != "true":
            self._lost(name, f"{kind} {called}", part)

    def _put(self, name: str, value: str, line: int, file: str) -> None:
        self._container.expressions.pop(name, None)
        self._container.variables[name] = Assignment(name, value, line, quote="'", file=file)
        if is_templated(value) and not self._runs:
            self._container.expressions[name] = Expanded(None, (name,), (name,), templated=True)

    def _lost(self, name: str, called: str, part: Tree) -> None:
        """Keep a variable whose value is not in the files, with what it would come from."""
        self._put(name, "", part.line, part.place.file)
        self._container.expressions[name] = Expanded(None, (called,), (called,))


def _referred(value: str, container: Container) -> tuple[str, tuple[str, ...]]:
    """Put in the variables that `$(NAME)` names, and say which of them are not known.

    A name that no variable has stays as it is, as in Kubernetes.
    """
    unset: dict[str, None] = {}
    length = len(value)

    def put(match: re.Match[str]) -> str:
        nonlocal length
        if match["name"] is None or length > LONGEST:
            return "$"
        if match["name"] in container.expressions:
            unset.update(dict.fromkeys(container.expressions[match["name"]].unset))
        found = container.variables.get(match["name"])
        length += len(found.value) if found else 0
        return found.value if found else match[0]

    filled = _REFERENCE.sub(put, value)
    spend(Cost.EXPANDED, length)
    return filled, tuple(unset)
