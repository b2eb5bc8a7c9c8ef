"""From the objects of Kubernetes to a plan: what manifests, a kustomization and a chart's values share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace

from wizard.dataclass import dataclass
from wizard.formats import dotenv
from wizard.formats.dotenv.grammar import Assignment
from wizard.formats.files import SourceError
from wizard.formats.kubernetes import containers, ingress, observing
from wizard.formats.kubernetes.containers import Container
from wizard.formats.kubernetes.given import Given
from wizard.formats.kubernetes.ingress import Front
from wizard.formats.kubernetes.kustomize import Kustomized
from wizard.formats.kubernetes.objects import Object, below, text
from wizard.plan.i18n import listing, tr
from wizard.plan.observed import Observed, Sharing
from wizard.plan.place import Place
from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment, Node
from wizard.plan.sections.storage import StorageKind
from wizard.sources.completing import completed
from wizard.sources.contract import OpenedSource
from wizard.sources.shared.containers import (
    is_nocobase,
    node_name,
    open_ended,
    replicated,
    said,
    silent,
    tried,
    with_environment,
    with_version,
)

_KINDS = {
    Sharing.MACHINE: StorageKind.LOCAL,
    Sharing.ITSELF: StorageKind.LOCAL,
    Sharing.NOTHING: StorageKind.LOCAL,
    Sharing.PARTS: StorageKind.LOCAL,
}
"""What the storage is, where it is told by who shares it: another one may be anything."""


@dataclass(frozen=True)
class Manifests:
    """All that was read: objects, what containers are given from, and what was seen beside."""

    title: str
    objects: Sequence[Object]
    given: Given
    observed: Sequence[Observed] = field(default=())


def opened(found: Manifests) -> OpenedSource:
    """Return the plan of manifests; raises SourceError where nothing in them is about NocoBase."""
    every = containers.read(found.objects, found.given)
    nodes = [one for one in every if is_nocobase(one.image, one.variables)]
    fronts = ingress.fronts(found.objects, _services(found.objects, nodes))
    if not nodes and not fronts:
        raise SourceError(_of_nobody(every, found.title))
    if nodes:
        result = completed([_node(one, found) for one in nodes], of_nodes=True, whole=True)
        plan = replicated(result.plan, [(f"{one.workload.called}-", one.replicas) for one in nodes], first=0)
        plan = replace(plan, name=nodes[0].workload.called or result.plan.name)
    else:
        result = OpenedSource(silent(fronts[0].name, found.title))
        plan = result.plan
    for front in fronts[:1]:
        plan = with_front(plan, front)
    seen = [*observing.observed(found.objects, found.given, nodes), *found.observed]
    seen += [item for front in fronts for item in ingress.observed(front)]
    return OpenedSource(replace(plan, observed=tuple(seen)), result.secrets, found.title)


def _of_nobody(every: Sequence[Container], title: str) -> str:
    """Say what was found instead of NocoBase's containers."""
    if not every:
        return tr(
            "{name}: no container in it is NocoBase, as there is none in it. Open it together with the manifest of "
            "NocoBase's Deployment or StatefulSet, in one folder or file.",
            name=title,
        )
    names = listing(one.workload.name for one in every)
    return tr(
        "{name}: no container in it is NocoBase, by its image or its variables ({names}).", name=title, names=names
    )


def _services(objects: Sequence[Object], nodes: Sequence[Container]) -> set[str]:
    found: set[str] = set()
    for one in nodes:
        labels = below(one.workload.parts, "spec", "template", "metadata", "labels")
        found |= ingress.services_of(objects, {key: text(labels, key) for key in labels})
    return found


def _node(one: Container, found: Manifests) -> OpenedSource:
    return node_source(one, found.title, observing.storage_of(found.objects, one))


def node_source(one: Container, title: str, storage: Observed) -> OpenedSource:
    """Read what one container is given as a plan with that node in it."""
    plan, secrets = dotenv.read_given(dict(one.variables), one.expressions, title, container=True)
    name = one.workload.called if one.workload.kind == "Pod" else f"{one.workload.called}-0"
    node = replace(plan.nodes[0] if plan.nodes else Node(), name=node_name(name))
    said_so = {"application.deployment", *(["nodes"] if one.counted else [])}
    plan = replace(
        plan,
        nodes=(node,),
        places={**plan.places, "nodes.0.name": one.place},
        unsaid=(plan.unsaid - said_so) | {"nodes.0.host", "name"},
    )
    if one.address:
        plan = said(plan, "nodes.0.host", one.address, one.place)
    plan = said(plan, "application.deployment", Deployment.KUBERNETES, one.place)
    plan = with_version(plan, one.image, one.image_place)
    if kind := _KINDS.get(Sharing(storage.value)):
        plan = said(plan, "storage.kind", kind, storage.place)
    if one.lacks:
        return OpenedSource(open_ended(plan), secrets, title)
    return OpenedSource(with_environment(plan, one.image, one.image_place), secrets, title)


def with_front(plan: Plan, front: Front) -> Plan:
    """Return a plan with what an Ingress says of the way in."""
    scheme = "https" if front.tls is not None else "http"
    for host in front.hosts[:1]:
        place = Place(host.place.file, host.line, "host")
        if not host.text().startswith("*"):
            plan = tried(plan, "application.public_url", f"{scheme}://{host.text()}", place)
    names = " ".join(dict.fromkeys(host.text() for host in front.hosts))
    if names:
        plan = tried(plan, "balancer.server_name", names, Place(front.place.file, front.hosts[0].line, "host"))
    if front.tls is not None:
        plan = said(plan, "balancer.tls", True, Place(front.tls.place.file, front.tls.line, "tls"))
    limit = ingress.body_limit(front)
    if limit is not None and front.is_nginx:
        plan = tried(plan, "balancer.upload_limit", limit.text(), Place(limit.place.file, limit.line, limit.key))
    return plan


def of_generated(found: Kustomized, title: str) -> OpenedSource:
    """Return the plan of what generators make alone: the workloads that get it are not among the files."""
    variables: dict[str, Assignment] = {}
    for held in found.generated.values():
        variables |= held
    plan, secrets = dotenv.read_given(variables, {}, title, container=True)
    counts = [(name, min(int(count.text()[:9]), containers.MOST_REPLICAS)) for name, count in found.counts.items()]
    if counts:
        name, count = counts[0]
        place = found.counts[name].place
        nodes = tuple(Node(name=node_name(f"{name}-{number}")) for number in range(count))
        plan = replace(plan, nodes=nodes, places={**plan.places, "nodes": place}, name=name)
        hosts = {f"nodes.{index}.host" for index in range(count)}
        plan = replace(plan, unsaid=(plan.unsaid - {"nodes"}) | hosts)
    place = Place(title)
    plan = said(plan, "application.deployment", Deployment.KUBERNETES, place)
    for image in found.images:
        if image.tag is not None and is_nocobase(image.name, {}):
            place = Place(image.tag.place.file, image.tag.line, "newTag")
            plan = with_version(plan, f"{image.name}:{image.tag.text()}", place)
    plan = replace(plan, observed=tuple(found.observed))
    return OpenedSource(open_ended(plan) if found.observed else plan, secrets, title)
