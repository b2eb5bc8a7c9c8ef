"""A Compose file: its services that are NocoBase are the nodes, and what they are given is the plan."""

from __future__ import annotations

import re
from dataclasses import replace

from wizard.formats import compose, dotenv
from wizard.formats.compose import Project, Service
from wizard.formats.files import SourceError
from wizard.formats.recognise import Form, recognise
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan, Unreadable
from wizard.plan.sections import Deployment, Node
from wizard.plan.sections.storage import StorageKind
from wizard.sources.cluster_file import is_env_file
from wizard.sources.completing import completed
from wizard.sources.containers import is_nocobase, said, with_version
from wizard.sources.contract import Likeness, OpenedSource
from wizard.sources.material import Material

_FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""The names that Compose looks for in a folder, in its order; the first two are usual."""
_STORAGE = "/app/nocobase/storage"
_NETWORK = {"nfs": StorageKind.NFS, "nfs4": StorageKind.NFS, "cifs": StorageKind.CLOUD}


class Compose:
    """Reads a Compose file, or a folder with one; `docker compose config` gives a file that is read alike."""

    def likeness(self, material: Material) -> Likeness:
        if material.holds_files:
            return Likeness.SURE if not material.archive and _in_folder(material) else Likeness.NO
        if is_env_file(material):
            return Likeness.NO
        found = recognise(material.looks, material.path.name)
        return Likeness.SURE if found is Form.COMPOSE else Likeness.NO

    def read(self, material: Material) -> OpenedSource:
        file = _in_folder(material) if material.holds_files else material.path.name
        title = f"{material.title.rstrip('/')}/{file}" if material.holds_files else material.title
        text = material.text_of(file) if material.holds_files else material.text
        beside = _from_folder(material) if material.holds_files else material.beside
        project = compose.read(text or "", title, file, beside)
        nodes = [service for service in project.services.values() if is_nocobase(service.image, service.variables)]
        if not nodes:
            names = ", ".join(project.services) or "–"
            raise SourceError(
                tr(
                    "{name}: no service in it is NocoBase, by its image or its variables ({names}).",
                    name=title,
                    names=names,
                )
            )
        opened = completed([_node(service, project, title) for service in nodes], of_nodes=True)
        folder = material.path if material.holds_files else material.path.parent
        plan = replace(opened.plan, name=folder.resolve().name, unsaid=opened.plan.unsaid | {"name"})
        return OpenedSource(_replicated(plan, nodes), opened.secrets, material.title)


def _in_folder(material: Material) -> str:
    return next((name for name in _FILES if name in material.names), "")


def _from_folder(material: Material) -> compose.Beside:
    def read(name: str) -> str | None:
        data = material.file(name)
        return None if data is None else data.decode("utf-8-sig", "replace")

    return read


def _node(service: Service, project: Project, title: str) -> OpenedSource:
    """Read what one service is given as a plan with that node in it."""
    plan, secrets = dotenv.read_given(dict(service.variables), service.expressions, title)
    node = replace(plan.nodes[0] if plan.nodes else Node(), name=_name(service.name))
    plan = replace(
        plan,
        nodes=(node,),
        places={**plan.places, "nodes.0.name": service.place},
        unsaid=(plan.unsaid - {"nodes", "application.deployment"}) | {"nodes.0.host"},
    )
    plan = said(plan, "application.deployment", Deployment.DOCKER, service.place)
    plan = with_version(plan, service.image, service.image_place)
    for place in service.lost:
        problem = tr("Compose needs this env file, and it is not there.")
        plan = plan.with_unreadable(Unreadable(place.name, "", problem, tr("line {number}", number=place.line)))
    return OpenedSource(_with_storage(plan, service, project), secrets, title)


def _with_storage(plan: Plan, service: Service, project: Project) -> Plan:
    """Say what carries the storage, where the mount tells it: a folder of the host may be anything."""
    for source, target, place in service.mounts:
        if target != _STORAGE:
            continue
        if source.startswith("/"):
            return said(plan, "storage.path", source, place)
        if source in project.volumes and project.volumes[source].get("external", "false") == "false":
            kind = _NETWORK.get(project.volumes[source].get("type", ""), StorageKind.LOCAL)
            return said(plan, "storage.kind", kind, place)
    return plan


def _replicated(plan: Plan, services: list[Service]) -> Plan:
    """Return the plan with a node for each replica; they are given the same."""
    more = tuple(
        replace(node, name=f"{node.name}-{number}")
        for node, service in zip(plan.nodes, services, strict=False)
        for number in range(2, service.replicas + 1)
    )
    first = len(plan.nodes)
    hosts = {f"nodes.{first + index}.host" for index in range(len(more))}
    return replace(plan, nodes=(*plan.nodes, *more), unsaid=plan.unsaid | hosts)


def _name(service: str) -> str:
    """Return a service's name as that of a node."""
    return re.sub(r"[^a-z0-9-]+", "-", service.lower()).strip("-")[:60] or "node"


SOURCE = Compose()
