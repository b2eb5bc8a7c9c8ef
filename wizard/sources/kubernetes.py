"""Kubernetes manifests: the containers that are NocoBase are the nodes, one for each replica."""

from __future__ import annotations

from dataclasses import replace

from wizard.formats import dotenv, kubernetes
from wizard.formats.files import SourceError
from wizard.formats.kubernetes import Container
from wizard.formats.recognise import Form, recognise
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment, Node
from wizard.plan.sections.storage import StorageKind
from wizard.sources.cluster_file import is_env_file
from wizard.sources.completing import completed
from wizard.sources.containers import is_nocobase, said, with_version
from wizard.sources.contract import Likeness, OpenedSource
from wizard.sources.material import Material


class Kubernetes:
    """Reads a file of manifests, also what `kubectl get … -o yaml` or `-o json` gives; no kustomization, no chart."""

    def likeness(self, material: Material) -> Likeness:
        if material.holds_files or is_env_file(material) or material.path.name.startswith("kustomization."):
            return Likeness.NO
        found = recognise(material.looks, material.path.name)
        return Likeness.SURE if found is Form.KUBERNETES else Likeness.NO

    def read(self, material: Material) -> OpenedSource:
        containers = kubernetes.read(material.text, material.title)
        nodes = [one for one in containers if is_nocobase(one.image, one.variables)]
        if not nodes:
            names = ", ".join(one.workload for one in containers) or "–"
            raise SourceError(
                tr(
                    "{name}: no container in it is NocoBase, by its image or its variables ({names}).",
                    name=material.title,
                    names=names,
                )
            )
        opened = completed([_node(one, material.title) for one in nodes], of_nodes=True)
        plan = replace(opened.plan, name=nodes[0].workload or opened.plan.name)
        return OpenedSource(_replicated(plan, nodes), opened.secrets, material.title)


def _node(container: Container, title: str) -> OpenedSource:
    plan, secrets = dotenv.read_given(dict(container.variables), container.expressions, title)
    node = replace(plan.nodes[0] if plan.nodes else Node(), name=f"{container.workload}-0")
    plan = replace(
        plan,
        nodes=(node,),
        places={**plan.places, "nodes.0.name": container.place},
        unsaid=(plan.unsaid - {"nodes", "application.deployment"}) | {"nodes.0.host", "name"},
    )
    plan = said(plan, "application.deployment", Deployment.KUBERNETES, container.place)
    plan = with_version(plan, container.image, container.image_place)
    if container.own_claims:
        plan = said(plan, "storage.kind", StorageKind.LOCAL, container.place)
    return OpenedSource(plan, secrets, title)


def _replicated(plan: Plan, containers: list[Container]) -> Plan:
    """Return the plan with a node for each replica; they are given the same."""
    more = tuple(
        replace(node, name=f"{one.workload}-{number}")
        for node, one in zip(plan.nodes, containers, strict=False)
        for number in range(1, one.replicas)
    )
    first = len(plan.nodes)
    hosts = {f"nodes.{first + index}.host" for index in range(len(more))}
    return replace(plan, nodes=(*plan.nodes, *more), unsaid=plan.unsaid | hosts)


SOURCE = Kubernetes()
