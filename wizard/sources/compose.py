"""A Compose file: its services that are NocoBase are the nodes, and what they are given is the plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from wizard.formats import compose, dotenv
from wizard.formats.compose import Port, Project, Service
from wizard.formats.files import SourceError
from wizard.formats.recognise import Form, recognise
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan, Unreadable
from wizard.plan.sections import Deployment, Node
from wizard.plan.sections.storage import StorageKind
from wizard.sources.cluster_file import is_env_file
from wizard.sources.completing import completed
from wizard.sources.compose_run import STORAGE, listening, observed
from wizard.sources.compose_site import site_of
from wizard.sources.containers import is_nocobase, node_name, replicated, said, tried, with_version
from wizard.sources.contract import Likeness, OpenedSource
from wizard.sources.material import Material

_FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""The names that Compose looks for in a folder, in its order; the first two are usual."""
_NETWORK = {"nfs": StorageKind.NFS, "nfs4": StorageKind.NFS, "cifs": StorageKind.CLOUD}
_MACHINE = "machine-"
"""How the profile of a machine begins in a bundle's Compose file; its host follows."""


class Compose:
    """Reads a Compose file, or a folder with one; `docker compose config` gives a file that is read alike."""

    title = mark("A Compose file")
    description = mark(
        "A Compose file or its folder, or what “docker compose config” prints: the services that are NocoBase with "
        "what they are given, what they mount and what they publish, and the site of a balancer among the services."
    )

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
        project = compose.read(text or "", title, file, material.near)
        folder = material.path if material.holds_files else material.path.parent
        site = site_of(project, title, folder, material.near)
        nodes = [service for service in project.services.values() if is_nocobase(service.image, service.variables)]
        nodes = [service for service in nodes if service.replicas] or nodes
        if nodes:
            opened = _cluster(nodes, project, title, folder)
            opened = _with_site(opened, site) if site else opened
        elif site:
            opened = site
        else:
            names = ", ".join(project.services) or "–"
            raise SourceError(
                tr(
                    "{name}: no service in it is NocoBase, by its image or its variables ({names}).",
                    name=title,
                    names=names,
                )
            )
        return replace(opened, title=material.title)


def _in_folder(material: Material) -> str:
    return next((name for name in _FILES if name in material.names), "")


def _cluster(nodes: list[Service], project: Project, title: str, folder: Path) -> OpenedSource:
    opened = completed([_node(service, project, title) for service in nodes], of_nodes=True)
    plan = replicated(opened.plan, [(f"{node_name(one.name)}-", one.replicas) for one in nodes], first=1)
    unsaid = (plan.unsaid | {"name"}) - {key for key in plan.places if key.startswith("nodes.")}
    plan = replace(
        plan, name=folder.resolve().name or plan.name, unsaid=unsaid, observed=observed(plan, project, nodes)
    )
    return OpenedSource(plan, opened.secrets, title)


def _with_site(opened: OpenedSource, site: OpenedSource) -> OpenedSource:
    """Return a cluster with what the balancer among its services says of the way in; its nodes are the services."""
    plan = opened.plan
    for key, place in site.plan.places.items():
        if not key.startswith("nodes"):
            plan = said(plan, key, site.plan.get(key), place)
    return OpenedSource(plan, opened.secrets, opened.title)


def _node(service: Service, project: Project, title: str) -> OpenedSource:
    """Read what one service is given as a plan with that node in it."""
    plan, secrets = dotenv.read_given(dict(service.variables), service.expressions, title)
    node = replace(plan.nodes[0] if plan.nodes else Node(), name=node_name(service.name))
    plan = replace(
        plan,
        nodes=(node,),
        places={**plan.places, "nodes.0.name": service.place},
        unsaid=(plan.unsaid - {"nodes", "application.deployment"}) | {"nodes.0.host"},
    )
    plan = said(plan, "application.deployment", Deployment.DOCKER, service.place)
    plan = with_version(plan, service.image, service.image_place)
    plan = _with_address(plan, service)
    for place in service.lost:
        problem = tr("Compose needs this env file, and it is not there.")
        plan = plan.with_unreadable(Unreadable(place.name, "", problem, tr("line {number}", number=place.line)))
    return OpenedSource(_with_storage(plan, service, project), secrets, title)


def _with_address(plan: Plan, service: Service) -> Plan:
    """Say where the node is reached: the port that is published for one it listens on, and the address if one is."""
    found = _reached(service)
    if found is None or service.replicas > 1:
        return plan
    plan = tried(plan, "nodes.0.port", found.published, found.place)
    machine = next((name.removeprefix(_MACHINE) for name in service.profiles if name.startswith(_MACHINE)), "")
    if found.host or machine:
        plan = tried(plan, "nodes.0.host", found.host or machine, found.place)
    return plan


def _reached(service: Service) -> Port | None:
    listens = listening(service)
    return next((one for one in service.ports.values() if one.target in listens and one.published), None)


def _with_storage(plan: Plan, service: Service, project: Project) -> Plan:
    """Say what carries the storage, where the mount tells it: a folder of the host may be anything."""
    mount = service.mounts.get(STORAGE)
    if mount is None:
        return plan
    if mount.source.startswith("/"):
        return said(plan, "storage.path", mount.source, mount.place)
    if mount.source in project.volumes and project.volumes[mount.source].get("external", "false") == "false":
        kind = _NETWORK.get(project.volumes[mount.source].get("type", ""), StorageKind.LOCAL)
        return said(plan, "storage.kind", kind, mount.place)
    return plan


SOURCE = Compose()
