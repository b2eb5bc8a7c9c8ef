"""Running containers, as `docker inspect` and `podman inspect` print them, in the form of a project's services.

Beside them services of Swarm, as `docker service inspect` prints them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wizard.formats.cluster_file.tree import Tree, compose
from wizard.formats.compose import own_file, swarm
from wizard.formats.compose.project import Mount, Project, Service, named_address, port, without_brackets
from wizard.formats.compose.swarm import listed
from wizard.formats.dotenv.grammar import Assignment
from wizard.formats.kubernetes.objects import LARGEST, MOST_VALUES, below, text
from wizard.pattern import pattern
from wizard.plan.place import Place

_OF_THE_IMAGE = frozenset({"PATH", "NODE_VERSION", "YARN_VERSION", "HOSTNAME", "HOME", "TERM", "container"})
"""Variables that the image and Docker bring themselves."""
_PROJECT = "com.docker.compose.project"
_TARGET = pattern(r"(?P<port>[0-9]+)(?:/tcp)?")


def read(content: str, title: str) -> tuple[Project, str]:
    """Return the containers by their names, and the name of their project if they have one; raises SourceError."""
    tree = compose(content, title, LARGEST, MOST_VALUES)
    services: dict[str, Service] = {}
    volumes: dict[str, dict[str, str]] = {}
    project = ""
    for row in tree.rows() if tree.is_list() else [tree]:
        parts = row.merged()
        of_swarm = swarm.is_service(parts)
        service = swarm.service(row, parts) if of_swarm else _service(row, parts)
        volumes |= swarm.volumes(parts) if of_swarm else {}
        own_file.fill(service, {}, _nowhere, str)
        services[service.name] = service
        project = project or text(below(parts, "Config", "Labels"), _PROJECT)
        project = project or text(below(parts, "Spec", "Labels"), swarm.NAMESPACE)
    return Project(services, volumes), project


def _nowhere(_path: str) -> None:
    """Files of the machine that runs the containers are not looked for: it may be another one."""


def _service(row: Tree, parts: Mapping[str, Tree]) -> Service:
    config = below(parts, "Config")
    name = text(parts, "Name").lstrip("/") or text(config, "Hostname") or "node"
    place = parts["Name"].place if "Name" in parts else row.place
    image = config.get("Image")
    service = Service(name, Place(place.file, place.line, name), names={name})
    service.image = text(parts, "ImageName") or text(config, "Image")
    service.replicas = 0 if text(below(parts, "State"), "Running") == "false" else 1
    service.image_place = Place(place.file, image.line, "Image") if image is not None else None
    service.arguments = " ".join(one.text() for key in ("Entrypoint", "Cmd") for one in listed(config.get(key)))
    for one in listed(config.get("Env")):
        key, sign, value = one.text().partition("=")
        if sign and key not in _OF_THE_IMAGE:
            service.from_environment[key] = Assignment(key, value, one.line, quote="'", file=place.file)
    service.mounts = {mount.target: mount for mount in _mounts(parts)}
    _publish(service, parts)
    service.on_host_network = text(below(parts, "HostConfig"), "NetworkMode") == "host"
    for one in listed(below(parts, "HostConfig").get("ExtraHosts")):
        called, address = named_address(one.text())
        service.hosts[called] = without_brackets(address), Place(place.file, one.line, "ExtraHosts")
    for network in below(parts, "NetworkSettings", "Networks").values():
        aliases = network.merged().get("Aliases") if network.is_mapping() else None
        service.names |= {one.text() for one in listed(aliases)}
    return service


def _mounts(parts: Mapping[str, Tree]) -> Iterator[Mount]:
    for row in listed(parts.get("Mounts")):
        entry = row.merged()
        source = text(entry, "Source") if text(entry, "Type") == "bind" else text(entry, "Name")
        target = text(entry, "Destination").rstrip("/")
        yield Mount(source, target, Place(row.place.file, row.line, "Mounts"), text(entry, "Type"))


def _publish(service: Service, parts: Mapping[str, Tree]) -> None:
    """Put in the ports that the container publishes: as it is told to, or else as they are."""
    bound = below(parts, "HostConfig", "PortBindings") or below(parts, "NetworkSettings", "Ports")
    for key, tree in bound.items():
        target = _TARGET.fullmatch(key)
        for row in listed(tree) if target else ():
            entry = row.merged()
            place = Place(row.place.file, tree.line, "PortBindings")
            one = port(text(entry, "HostIp"), text(entry, "HostPort"), target["port"] if target else "", place)
            service.ports[one.host, one.published, one.target] = one
