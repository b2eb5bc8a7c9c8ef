"""From the services of a project to a plan: what a Compose file and running containers share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wizard.formats import dotenv
from wizard.formats.compose import Port, Project, Service
from wizard.formats.image import storage_root
from wizard.pattern import pattern
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan, Unreadable
from wizard.plan.sections import BalancerKind, Deployment, Node
from wizard.plan.sections.storage import StorageKind
from wizard.sources.completing import completed
from wizard.sources.contract import OpenedSource
from wizard.sources.shared.applications import of_one_application
from wizard.sources.shared.containers import (
    node_name,
    open_ended,
    replicated,
    said,
    tried,
    with_environment,
    with_version,
)
from wizard.sources.shared.profiles import MACHINE
from wizard.sources.shared.services_redis import refusing
from wizard.sources.shared.services_run import listening, observed

_NETWORK = {"nfs": StorageKind.NFS, "nfs4": StorageKind.NFS, "cifs": StorageKind.CLOUD}
_ROUTER = pattern(r"traefik\.http\.routers\.[^.]+\.rule")
_HOST = pattern(r"\bHost\(\s*[`'\"]([A-Za-z0-9.-]+)[`'\"]\s*\)")
_REFUSED = mark(
    "Compose starts nothing because of it: a line must be NAME=value, and a “${” that begins no variable is written "
    "“$${”."
)


def cluster(nodes: Sequence[Service], project: Project, title: str, name: str) -> OpenedSource:
    """Return the plan of the services that are NocoBase, at least one."""
    nodes, others = of_one_application(nodes)
    opened = completed([_node(service, project, title) for service in nodes], of_nodes=True, whole=True)
    plan = replicated(opened.plan, [(f"{node_name(one.name)}-", one.replicas) for one in nodes], first=1)
    unsaid = (plan.unsaid | {"name"}) - {key for key in plan.places if key.startswith("nodes.")}
    plan = replace(plan, name=name or plan.name, unsaid=unsaid, observed=(*observed(plan, project, nodes), *others))
    plan = replace(plan, disagreements=(*plan.disagreements, *refusing(plan, opened.secrets, project)))
    return OpenedSource(plan, opened.secrets, title)


def _node(service: Service, project: Project, title: str) -> OpenedSource:
    """Read what one service is given as a plan with that node in it."""
    plan, secrets = dotenv.read_given(dict(service.variables), service.expressions, title, container=True)
    node = replace(plan.nodes[0] if plan.nodes else Node(), name=node_name(service.name))
    plan = replace(
        plan,
        nodes=(node,),
        places={**plan.places, "nodes.0.name": service.place},
        unsaid=(plan.unsaid - {"nodes", "application.deployment"}) | {"nodes.0.host"},
    )
    plan = said(plan, "application.deployment", Deployment.DOCKER, service.place)
    plan = with_version(plan, service.image, service.image_place)
    plan = _with_host(with_address(plan, service), service)
    for place in service.lost:
        problem = tr("This env file is needed, and it is not there.")
        plan = plan.with_unreadable(Unreadable(place.name, "", problem, tr("line {number}", number=place.line)))
        plan = replace(plan, places={**plan.places, place.name: place})
    for place in service.refused:
        key, line = dotenv.key_of(place.name), tr("line {number}", number=place.line)
        plan = plan.with_unreadable(Unreadable(key, "", tr(_REFUSED), line))
        plan = replace(plan, places={**plan.places, key: place})
    plan = _with_storage(plan, service, project)
    if service.lost or service.own_unread:
        return OpenedSource(open_ended(plan), secrets, title)
    return OpenedSource(with_environment(plan, service.image, service.image_place), secrets, title)


def with_address(plan: Plan, service: Service) -> Plan:
    """Say where the node is reached: the port that is published for one it listens on, and the address if one is."""
    found = _reached(service)
    if found is None or service.replicas > 1:
        return plan
    plan = tried(plan, "nodes.0.port", found.published, found.place)
    machine = next((name.removeprefix(MACHINE) for name in service.profiles if name.startswith(MACHINE)), "")
    if found.host or machine:
        plan = tried(plan, "nodes.0.host", found.host or machine, found.place)
    return plan


def _with_host(plan: Plan, service: Service) -> Plan:
    """Say the public address, where labels for Traefik name one host of the service."""
    routers = [(name, *found) for name, found in service.labels.items() if _ROUTER.fullmatch(name)]
    hosts = [(name, match[1], place) for name, rule, place in routers if (match := _HOST.search(rule))]
    for name, host, place in hosts[:1]:
        router = name.rpartition(".")[0]
        tls = any(one.startswith(f"{router}.tls") and value != "false" for one, (value, _) in service.labels.items())
        plan = tried(plan, "application.public_url", f"{'https' if tls else 'http'}://{host}", place)
        plan = tried(plan, "balancer.kind", BalancerKind.OTHER.value, place)
    return plan


def _reached(service: Service) -> Port | None:
    listens = listening(service)
    return next((one for one in service.ports.values() if one.target in listens and one.published), None)


def _with_storage(plan: Plan, service: Service, project: Project) -> Plan:
    """Say what carries the storage, where the mount tells it: a folder of the host may be anything."""
    mount = service.mounts.get(storage_root(service.variables))
    if mount is None:
        return plan
    if mount.source.startswith("/"):
        return said(plan, "storage.path", mount.source, mount.place)
    if mount.source in project.volumes and project.volumes[mount.source].get("external", "false") == "false":
        kind = _NETWORK.get(project.volumes[mount.source].get("type", ""), StorageKind.LOCAL)
        return said(plan, "storage.kind", kind, mount.place)
    return plan
