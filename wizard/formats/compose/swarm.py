"""A service of Swarm, as `docker service inspect` prints it, in the form of a project's services.

What stands where: https://docs.docker.com/reference/api/engine/ (ServiceInspect).
"""

from __future__ import annotations

from collections.abc import Mapping

from wizard.formats.cluster_file.tree import Tree
from wizard.formats.compose.project import Mount, Service, port, without_brackets
from wizard.formats.dotenv.grammar import Assignment
from wizard.formats.kubernetes.objects import below, text
from wizard.plan.place import Place

NAMESPACE = "com.docker.stack.namespace"
"""The label with the name of the stack that a service is of."""
_MOST = 500
"""Replicas that are counted."""


def is_service(parts: Mapping[str, Tree]) -> bool:
    """Whether a row is a service of Swarm, and no container."""
    return bool(below(parts, "Spec", "TaskTemplate"))


def service(row: Tree, parts: Mapping[str, Tree]) -> Service:
    """Return what the tasks of a service are given, mount and publish."""
    spec = below(parts, "Spec")
    container = below(spec, "TaskTemplate", "ContainerSpec")
    name = text(spec, "Name") or "node"
    file, line = row.place.file, spec["Name"].line if "Name" in spec else row.line
    image = container.get("Image")
    found = Service(name, Place(file, line, name), names={name}, swarm=True)
    found.image = text(container, "Image").partition("@")[0]
    found.image_place = Place(file, image.line, "Image") if image is not None else None
    found.entrypoint = " ".join(one.text() for one in listed(container.get("Command")))
    found.arguments = " ".join(one.text() for one in listed(container.get("Args")))
    for one in listed(container.get("Env")):
        key, sign, value = one.text().partition("=")
        if sign:
            found.from_environment[key] = Assignment(key, value, one.line, quote="'", file=file)
    _place(found, spec, file)
    for one in listed(container.get("Mounts")):
        entry = one.merged()
        target = text(entry, "Target").rstrip("/")
        found.mounts[target] = Mount(
            text(entry, "Source"), target, Place(file, one.line, "Mounts"), text(entry, "Type")
        )
    for one in listed(container.get("Hosts")):
        address, *names = one.text().split() or [""]
        found.hosts |= {called: (without_brackets(address), Place(file, one.line, "Hosts")) for called in names}
    for network in listed(below(spec, "TaskTemplate").get("Networks")):
        found.names |= {one.text() for one in listed(network.merged().get("Aliases"))}
    _publish(found, parts, file)
    update = below(spec, "UpdateConfig")
    if text(update, "Order") == "start-first":
        found.starts_first = Place(file, update["Order"].line, "Order")
    labels = {**below(container, "Labels"), **below(spec, "Labels")}
    found.labels = {key: (tree.text(), Place(file, tree.line, key)) for key, tree in labels.items()}
    return found


def volumes(parts: Mapping[str, Tree]) -> dict[str, dict[str, str]]:
    """Return the drivers of the volumes that a service mounts and brings with it, with their options, by their names.

    Of a volume that was there before a service says nothing.
    """
    found = {}
    for one in listed(below(parts, "Spec", "TaskTemplate", "ContainerSpec").get("Mounts")):
        entry = one.merged()
        if "VolumeOptions" in entry:
            driver = below(entry, "VolumeOptions", "DriverConfig")
            options = {key: tree.text() for key, tree in below(driver, "Options").items()}
            found[text(entry, "Source")] = {"driver": text(driver, "Name") or "local", **options}
    return found


def _place(found: Service, spec: Mapping[str, Tree], file: str) -> None:
    """Say how many tasks there are: so many, or one on each machine."""
    mode = below(spec, "Mode")
    count = text(below(mode, "Replicated"), "Replicas")
    if count.isdecimal():
        found.replicas = min(int(count[:9]), _MOST)
    if "Global" in mode:
        found.everywhere = Place(file, mode["Global"].line, "Mode")


def _publish(found: Service, parts: Mapping[str, Tree], file: str) -> None:
    asked = listed(below(parts, "Spec", "EndpointSpec").get("Ports"))  # without the numbers that Swarm chose
    for one in listed(below(parts, "Endpoint").get("Ports")) or asked:
        entry = one.merged()
        if text(entry, "Protocol") in {"", "tcp"}:
            place = Place(file, one.line, "Ports")
            bound = port("", text(entry, "PublishedPort"), text(entry, "TargetPort"), place)
            found.ports[bound.host, bound.published, bound.target] = bound


def listed(tree: Tree | None) -> list[Tree]:
    """Return the rows of a list; none where there is no list."""
    return tree.rows() if tree is not None and tree.is_list() else []
