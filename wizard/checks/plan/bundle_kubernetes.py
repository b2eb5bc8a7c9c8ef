"""The objects of a bundle's manifests beside those of the plan: what pods are made of, and who sends them requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from posixpath import basename, dirname, join, normpath

from wizard.checks.plan import bundle_pods
from wizard.checks.plan.bundle_pods import LABELS, POD, amount, at, canonical, port_part
from wizard.checks.plan.bundle_shape import Meaning, Owner, Part, Shape, Value, differences, finding, further, gone
from wizard.formats.cluster_file.tree import Tree
from wizard.formats.image import is_nocobase
from wizard.formats.kubernetes import KUSTOMIZATIONS, kustomize
from wizard.formats.kubernetes.ingress import services_of
from wizard.formats.kubernetes.objects import Object, below, read, rows, text
from wizard.plan.finding import Finding
from wizard.plan.i18n import mark, tr

_WORKLOADS = {"Deployment", "StatefulSet", "DaemonSet"}
_SCALERS = {"HorizontalPodAutoscaler", "ScaledObject"}
_MEMORY, _CORES = 2e9, 1.0
"""Bytes and cores that NocoBase needs at least (docs/nocobase.md, “Deployment”)."""
_PATIENCE = 600
"""Seconds in which a node that answers 503, as while a plug-in is enabled, is not taken for dead, as exported."""
_GRACE = 60
"""Seconds that running work has to end, as exported."""
_OTHER_PODS = mark("Requests come to other pods than by the plan, or to none.")
_AS_ROOT = mark("NocoBase's image starts as root and writes beside its storage: it may not start so.")
_MEANINGS = {
    "replicas": Meaning(mark("Each pod is a node: worker IDs, connections and the plan's checks count them.")),
    "image": Meaning(mark("Nodes of two versions on one database harm it, and what was checked is the plan's.")),
    "command": Meaning(mark("The image's own start installs, upgrades and fetches plug-ins; another one may do none.")),
    "enableServiceLinks": Meaning(
        mark("A Service called “app” or “db” then sets APP_PORT or DB_PORT to an address, and no pod starts.")
    ),
    "env": Meaning(
        mark("The node is given other variables than the plan's."),
        lambda value: value is None,  # one that is not given any more is judged as that
        may_be_more=True,
    ),
    "envFrom": Meaning(mark("The node is given other variables than the plan's."), may_be_more=True),
    "limits.memory": Meaning(
        mark("NocoBase needs 2 GB at least: with less the kernel ends it in the midst of its work."),
        lambda value: _is_enough(value, _MEMORY),
    ),
    "limits.cpu": Meaning(
        mark("NocoBase needs one core at least: with less it may start too slowly for its probes."),
        lambda value: _is_enough(value, _CORES),
    ),
    "livenessProbe.seconds": Meaning(
        mark("A node answers 503 while a plug-in is enabled, and is ended for that."),
        lambda value: value is None or int(str(value)) >= _PATIENCE,
    ),
    "livenessProbe": Meaning(
        mark("A node that does not answer there is ended, although it works."), lambda value: value is None
    ),
    "startupProbe": Meaning(
        mark("What answers there does not say that the node has started."), lambda value: value is None
    ),
    "terminationGracePeriodSeconds": Meaning(
        mark("Requests and tasks that still run are cut off when a pod ends."),
        lambda value: amount(str(value)) >= _GRACE,
    ),
    "preStop": Meaning(mark("A pod that ends is still sent requests, which fail."), lambda value: value is not None),
    "runAsNonRoot": Meaning(mark("NocoBase's image starts as root: no pod starts so.")),
    "runAsUser": Meaning(_AS_ROOT),
    "readOnlyRootFilesystem": Meaning(_AS_ROOT),
    "namespace": Meaning(mark("What it refers to by name is looked for there, and by the plan stands elsewhere.")),
    "volumeMounts": Meaning(mark("The pods then have other files than those of the plan."), may_be_more=True),
    "volumes": Meaning(mark("The pods then have other files than those of the plan."), may_be_more=True),
    "initContainers": Meaning(
        mark("Nothing then waits for the pods that start first, and two migrate one database."), may_be_more=True
    ),
    "readinessProbe": Meaning(mark("Requests then come to pods that are not ready.")),
    "labels": Meaning(_OTHER_PODS, may_be_more=True),
    "selector": Meaning(_OTHER_PODS),
    "spec.selector": Meaning(
        mark("kubectl refuses one that does not match the labels of the pods, or that is changed on what is there.")
    ),
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
    yield from further(shape, _shape(wanted))
    yield from gone(shape, plan, tr("kubectl makes no such object of it, and leaves a former one as it is."))
    yield from _scaled(has, plan)
    yield from _twice(has, plan)
    lost = list(_without_pods(has, wanted))
    yield from lost
    told = {one.facts["setting"] for one in lost}
    yield from (one for one in differences(shape, plan, _MEANINGS) if one.facts["setting"] not in told)


def _objects(texts: Mapping[str, str]) -> list[Object]:
    """Return the objects of all files, or those that a kustomization among them makes of its own."""
    path = next((path for path in sorted(texts) if basename(path) in KUSTOMIZATIONS and path.count("/") == 1), "")
    if path:
        return kustomize.read(texts[path], path, lambda name: texts.get(normpath(join(dirname(path), name)))).objects
    return [one for path in sorted(texts) for one in read(texts[path], path)]


def _twice(now: Sequence[Object], plan: Shape) -> Iterator[Finding]:
    """Go through objects of the plan that stand there a second time: kubectl makes the later one of them."""
    seen: set[tuple[str, str]] = set()
    for one in now:
        name = _name(one)
        if (name, one.namespace) in seen and name in plan:
            says = tr("{path} has {name}, which stands in another file, too.", path=one.place.file, name=name)
            yield finding(
                f"{name} again", says, at(one, None), tr("kubectl applies one after the other: the later one counts.")
            )
        seen.add((name, one.namespace))


def _shape(objects: Sequence[Object]) -> Shape:
    spaces = Counter(one.namespace for one in objects if one.kind)
    usual = next((name for name, _count in spaces.most_common(1)), "")
    return {
        _name(one): Owner(at(one, None), {**dict(_parts(one)), **_apart(one, usual)}, _runs(one))
        for one in objects
        if one.kind
    }


def _apart(one: Object, usual: str) -> dict[str, Part]:
    """Return the namespace of an object that most others are not in."""
    if one.namespace == usual:
        return {}
    return {"namespace": Part(one.namespace or "default", at(one, below(one.parts, "metadata").get("namespace")))}


def _name(one: Object) -> str:
    return f"{one.kind}.{one.name}"


def _parts(one: Object) -> Iterator[tuple[str, Part]]:
    spec = below(one.parts, "spec")
    match one.kind:
        case "Service":
            yield from _each(one, spec, "selector")
            for port in rows(spec, "ports"):
                yield port_part(one, port, text(port, "port"), text(port, "targetPort") or text(port, "port"))
        case "PersistentVolumeClaim":
            modes = spec.get("accessModes")
            if modes is not None and modes.is_list():
                yield "accessModes", Part(tuple(row.text() for row in modes.rows()), at(one, modes))
        case "Ingress":
            yield from _each(one, spec, "rules")
        case kind if kind in _WORKLOADS:
            yield from bundle_pods.parts(one, spec)


def _each(one: Object, spec: Mapping[str, Tree], key: str) -> Iterator[tuple[str, Part]]:
    if key in spec:
        yield key, Part(canonical(spec[key]), at(one, spec[key]), "")


def _scaled(now: Sequence[Object], plan: Shape) -> Iterator[Finding]:
    """Go through what makes more or fewer pods of a workload of the plan by itself."""
    for one in now:
        target = below(one.parts, "spec", "scaleTargetRef")
        owner = f"{text(target, 'kind') or 'Deployment'}.{text(target, 'name')}"
        if one.kind in _SCALERS and owner in plan:
            file, name = one.place.file, _name(one)
            says = tr("{path}: {name} changes how many pods {owner} has.", path=file, name=name, owner=owner)
            yield finding(name, says, at(one, None), tr(_MEANINGS["replicas"].effect))


def _is_enough(value: Value | None, least: float) -> bool:
    return value is None or amount(str(value)) >= least


def _without_pods(now: Sequence[Object], planned: Sequence[Object]) -> Iterator[Finding]:
    """Go through the Services of the plan that no pod of the manifests answers for any more."""
    pods = [{key: value.text() for key, value in below(one.parts, *LABELS).items()} for one in now if _runs(one)]
    served = {name for labels in pods for name in services_of(now, labels)}
    wanted = {one.name for one in planned if one.kind == "Service"}
    for one in now:
        if one.kind == "Service" and one.name in wanted - served:
            file, name = one.place.file, _name(one)
            says = tr("{path}: the selector of {name} matches no pod of these manifests.", path=file, name=name)
            selector = below(one.parts, "spec").get("selector")
            yield finding(f"{name}.selector", says, at(one, selector), tr("Every request to it fails."))


def _runs(one: Object) -> bool:
    images = [text(container, "image") for container in rows(below(one.parts, *POD), "containers")]
    return one.kind in _WORKLOADS and any(is_nocobase(image, given=False) for image in images)
