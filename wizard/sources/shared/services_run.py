"""How a Compose file runs the nodes: what is seen of storage, ports and databases. No opinion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from wizard.formats.compose import Mount, Project, Service
from wizard.formats.image import folder_apart, storage_root
from wizard.pattern import pattern
from wizard.plan.observed import FOLDERS_APART, Observed, Sharing, Topic, Unfollowed
from wizard.plan.plan import Plan

_WITHOUT_NGINX = pattern(r":[^/@]*-no-nginx\b")
_APP_PORT = "13000"
_DATABASE = pattern(r"(?:^|/)(?:postgres|postgresql|postgis|pgvector|timescaledb|mysql|mariadb)[\w.-]*(?::|@|$)")
_CONNECTIONS = pattern(r"max[_-]connections[= ]+['\"]?([0-9]{1,6})\b")
_SHARED = frozenset({"nfs", "nfs4", "cifs", "ceph", "glusterfs"})


def observed(plan: Plan, project: Project, nodes: Sequence[Service]) -> tuple[Observed, ...]:
    """Return what is seen of the services that are NocoBase, and of the database among the others."""
    apart = _apart(project, nodes)
    found = [_storage(service, project, apart=apart) for service in nodes]
    for service in nodes:
        found += _folders(service, project, apart=apart)
        found += _ports(service)
        found += [*unread_ports(service)]
        found += [Observed(Topic.UNFOLLOWED, text, place, Unfollowed.FORM) for text, place in service.unfollowed]
        if service.own_unread:
            path, place = service.own_unread
            found.append(Observed(Topic.UNFOLLOWED, path, place, Unfollowed.MISSING))
        if service.image:
            found.append(Observed(Topic.IMAGE, service.name, service.image_place or service.place, service.image))
        if service.starts_first:
            names = ("service", str(service.replicas))
            found.append(Observed(Topic.UPDATE, service.name, service.starts_first, "start-first", names))
        if service.everywhere:
            found.append(Observed(Topic.UNFOLLOWED, "mode: global", service.everywhere, Unfollowed.FORM))
    found += [one for service in project.services.values() for one in _published(service)]
    roots = [mount.source for service in nodes if (mount := mounted(service, storage_root(service.variables)))]
    for service in project.services.values():
        if _DATABASE.search(service.image):
            found += _database_files(service, roots)
            found += _connections(service, plan)
    if nodes and all(service.on_host_network for service in nodes):
        found.append(Observed(Topic.HOST_NETWORK, nodes[0].name, nodes[0].place))
    if nodes and not apart:
        called = {name for service in nodes for name in service.names}
        found.append(Observed(Topic.TOGETHER, nodes[0].name, nodes[0].place, names=tuple(sorted(called))))
    return (*found, *_names(project, nodes))


def _names(project: Project, nodes: Sequence[Service]) -> Iterator[Observed]:
    """Go through the names that the nodes find: those of all services, and those they are given addresses for."""
    for service in project.services.values():
        for name in sorted(service.names):
            yield Observed(Topic.NAME, name, service.place)
    for service in nodes:
        for name, (address, place) in service.hosts.items():
            yield Observed(Topic.NAME, name, place, address)


def listening(service: Service) -> tuple[str, ...]:
    """Return the ports that the process in the container listens on: the image's own nginx, NocoBase itself."""
    port = service.variables["APP_PORT"].value if "APP_PORT" in service.variables else ""
    own = port if port.isdecimal() else _APP_PORT
    return (own,) if _WITHOUT_NGINX.search(service.image) else ("80", own)


def _apart(project: Project, nodes: Sequence[Service]) -> bool:
    """Whether the nodes are meant for several machines: by Swarm, or as each has profiles of its own."""
    profiles = [service.profiles for service in nodes]
    chosen = len(nodes) > 1 and all(profiles)
    alone = all(not one & other for at, one in enumerate(profiles) for other in profiles[:at])
    return project.swarm or any(service.swarm or service.everywhere for service in nodes) or (chosen and alone)


def mounted(service: Service, folder: str) -> Mount | None:
    """Return what is mounted as a folder: at its path, or at a folder that holds it."""
    places = [folder, *(str(path) for path in PurePosixPath(folder).parents)]
    return next((service.mounts[path] for path in places if path in service.mounts), None)


def _storage(service: Service, project: Project, *, apart: bool) -> Observed:
    root = storage_root(service.variables)
    mount = mounted(service, root)
    if mount is None:
        parts = [path for path in service.mounts if PurePosixPath(path).is_relative_to(root)]
        unmounted = Sharing.PARTS if parts else Sharing.NOTHING
        sharing = Sharing.UNKNOWN if service.unfollowed else unmounted
        return Observed(Topic.STORAGE, service.name, service.place, sharing, (root, *parts))
    names = (mount.source or mount.target,)
    return Observed(Topic.STORAGE, service.name, mount.place, _sharing(mount, project, apart=apart), names)


def _folders(service: Service, project: Project, *, apart: bool) -> Iterator[Observed]:
    """Go through the folders for uploads and plug-ins that are none of the storage."""
    for topic, name in FOLDERS_APART.items():
        if folder := folder_apart(service.variables, name):
            mount = mounted(service, folder)
            unmounted = Sharing.UNKNOWN if service.unfollowed else Sharing.NOTHING
            sharing = _sharing(mount, project, apart=apart) if mount else unmounted
            yield Observed(topic, service.name, mount.place if mount else service.place, sharing, (folder,))


def _sharing(mount: Mount, project: Project, *, apart: bool) -> Sharing:
    options = project.volumes.get(mount.source)
    if not mount.source or mount.kind == "tmpfs":
        return Sharing.ITSELF
    if options is None or options.get("external", "false") != "false":
        return Sharing.UNKNOWN if apart or options is not None else Sharing.EVERYBODY
    if options.get("type") in _SHARED or options.get("driver", "local") != "local":
        return Sharing.EVERYBODY if options.get("type") in _SHARED else Sharing.UNKNOWN
    return Sharing.MACHINE if apart else Sharing.EVERYBODY


def _ports(service: Service) -> Iterator[Observed]:
    for one in service.ports.values():
        yield Observed(Topic.PORT, service.name, one.place, one.target, listening(service))


def _published(service: Service) -> Iterator[Observed]:
    for one in service.ports.values():
        if one.published and service.replicas:
            at = f"{one.host}:{one.published}" if one.host else one.published
            yield Observed(Topic.PUBLISHED, service.name, one.place, at, tuple(sorted(service.profiles)))


def unread_ports(service: Service) -> Iterator[Observed]:
    """Go through the ports that are not read, and those at an address that no node has as its host."""
    for text, place in service.unread:
        yield Observed(Topic.UNFOLLOWED, text, place, Unfollowed.FORM)
    for one in service.ports.values():
        if ":" in one.host and one.target in listening(service):
            name = f"[{one.host}]:{one.published}:{one.target}"
            yield Observed(Topic.UNFOLLOWED, name, one.place, Unfollowed.IPV6)


def _database_files(service: Service, roots: Sequence[str]) -> Iterator[Observed]:
    """Go through the folders of a database that lie in the nodes' storage."""
    for mount in service.mounts.values():
        folder = PurePosixPath(mount.source)
        if mount.source.startswith((".", "/")) and any(folder.is_relative_to(PurePosixPath(root)) for root in roots):
            yield Observed(Topic.DATABASE_FILES, service.name, mount.place, mount.source)


def _connections(service: Service, plan: Plan) -> Iterator[Observed]:
    match = _CONNECTIONS.search(service.command)
    if match and plan.database.host in service.names:
        yield Observed(Topic.CONNECTIONS, service.name, service.command_place or service.place, match[1])
