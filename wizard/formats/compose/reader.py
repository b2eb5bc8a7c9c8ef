"""Compose files by the rules of its specification, as far as they say what a service's process is given.

Read: `.env` beside the file, interpolation in all its forms, `environment` as mapping and list, `env_file` in all
forms, anchors and merge keys, `!reset` and `!override`, override files, `extends`, `include`, `profiles`,
`deploy.replicas` and `scale`, images, commands, what is mounted where, published ports, and configs. A value that
cannot be made out from the files is kept as it stands, with the variable that is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from wizard.formats.cluster_file.tree import Tree
from wizard.formats.compose import env_files, own_file
from wizard.formats.compose.documents import (
    AFRESH,
    RESET,
    Beside,
    Document,
    Documents,
    Layer,
    listed,
    placed,
    said,
    tears,
)
from wizard.formats.compose.env_files import EnvFile
from wizard.formats.compose.project import (
    Config,
    Mount,
    Port,
    Project,
    Service,
    is_port,
    named_address,
    port,
    short_port,
    without_brackets,
)
from wizard.formats.compose.scalars import given
from wizard.formats.dotenv.expressions import Expanded, expand
from wizard.formats.dotenv.grammar import Assignment
from wizard.formats.kubernetes.objects import below
from wizard.plan.i18n import tr
from wizard.plan.place import Place
from wizard.plan.variables import may_be_secret

_DEEPEST = 8
_MOST = 500
_SHOWN = 60
_REACHED = {"volumes": "mounts", "ports": "ports", "configs": "configs", "extra_hosts": "hosts"}
"""Keys of a service that say what it reaches and how it is reached, and where a service keeps them."""


def read(text: str, name: str, file: str, beside: Beside, layers: Sequence[Layer] = ()) -> Project:
    """Read the project of a Compose file called `name`, whose file name is `file`; raises SourceError.

    `layers` are files that override it, as with several `-f`.
    """
    return _Reader(name, beside).project(text, file, layers)


class _Reader:
    def __init__(self, name: str, beside: Beside) -> None:
        self.files = Documents(name, beside)
        self._visited = 0
        self._env_files: dict[str, list[EnvFile]] = {}

    def project(self, text: str, file: str, layers: Sequence[Layer]) -> Project:
        documents = self.files.all(text, file, layers)
        services: dict[str, Service] = {}
        volumes: dict[str, Mapping[str, str]] = {}
        configs: dict[str, Config] = {}
        swarm = False
        for document in documents:
            for key, tree in _entries(document.tree, "services"):
                service = services.setdefault(key, Service(key, Place(document.title, tree.line, key), names={key}))
                _Filling(service, document, self).fill(tree, 0)
            for key, tree in _entries(document.tree, "volumes"):
                volumes[key] = _options(tree, document)
            for key, tree in _entries(document.tree, "configs"):
                configs[key] = _config(tree, document)
            networks = [tree for _key, tree in _entries(document.tree, "networks") if tree.is_mapping()]
            swarm = swarm or any(said(tree.merged().get("driver"), document) == "overlay" for tree in networks)
        for service in services.values():
            _mount_as_others(service, services, 0)
        for service in services.values():  # last, as what stands in `environment` is put into them, too
            env_files.fill(service, self.env_files(service), self.files)
            own_file.fill(service, configs, self.files.beside, self.files.title)
        return Project(services, volumes, configs, swarm, self.files.profiles(), self.files.project())

    def env_files(self, service: Service) -> list[EnvFile]:
        """Return what a service names as its env files, to which more may be added."""
        return self._env_files.setdefault(service.name, [])

    def visit(self, tree: Tree, depth: int) -> None:
        """Refuse what has no end."""
        self._visited += 1
        if depth > _DEEPEST or self._visited > _MOST:
            tree.fail(tr("it extends itself, or more than this program follows."))


class _Filling:
    """Puts into a service what one mapping says, what it extends before."""

    def __init__(self, service: Service, document: Document, reader: _Reader) -> None:
        self._service = service
        self._document = document
        self._reader = reader

    def fill(self, tree: Tree, depth: int) -> None:
        self._reader.visit(tree, depth)
        parts = tree.merged()
        if "extends" in parts:
            found, other = self._reader.files.extended(parts["extends"], self._document)
            _Filling(self._service, other, self._reader).fill(found, depth + 1)
        self._process(parts)
        self._given(parts)
        self._reached(parts)
        self._copies(parts)

    def _process(self, parts: Mapping[str, Tree]) -> None:
        service = self._service
        if "image" in parts:
            service.image, service.image_place = self._text(parts["image"]), self._place(parts["image"], "image")
        if "network_mode" in parts:
            service.on_host_network = self._text(parts["network_mode"]) == "host"
        for key in ("entrypoint", "command"):
            if key in parts:
                self._command(key, parts[key])
        if _afresh(parts.get("profiles")):
            service.profiles = frozenset()
        service.profiles |= {self._text(row) for row in _rows(parts.get("profiles"))}

    def _command(self, key: str, tree: Tree) -> None:
        service, rows = self._service, listed(tree)
        known = self._document.known
        service.unset[key] = tuple(name for row in rows for name in expand(row.text(), known).unset)
        kept = {**{name: f"${name}" for name in service.unset[key]}, **known}
        *before, last = [expand(row.text(), kept).value or "" for row in rows] or [""]
        words = " ".join((*before, last))
        if key == "command":
            service.arguments = words
        else:
            service.entrypoint = words
        service.command_place = self._place(tree, key)
        service.command_begins = rows[-1].begins if rows else 0
        service.command_before = service.command.count("\n") - last.rstrip().count("\n")

    def _given(self, parts: Mapping[str, Tree]) -> None:
        service = self._service
        env_files = self._reader.env_files(service)
        if _afresh(parts.get("env_file")):
            env_files.clear()
        if _afresh(parts.get("environment")):
            service.from_environment, service.made_of_environment = {}, {}
        env_files += [EnvFile(row, self._document) for row in _rows(parts.get("env_file"))]
        if "environment" in parts and parts["environment"].tag != RESET:
            self._environment(parts["environment"])

    def _reached(self, parts: Mapping[str, Tree]) -> None:
        service = self._service
        for key, kept in _REACHED.items():
            if _afresh(parts.get(key)):
                getattr(service, kept).clear()
                service.unread = [] if key == "ports" else service.unread
        for row in _rows(parts.get("volumes")):
            if mount := self._mount(row):
                service.mounts[mount.target] = mount
        service.mounts_of += [(self._text(row), self._place(row)) for row in _rows(parts.get("volumes_from"))]
        for row in _rows(parts.get("ports")):
            for one in self._ports(row):
                service.ports[one.host, one.published, one.target] = one
        for row in _rows(parts.get("configs")):
            self._config(row)
        self._hosts(parts.get("extra_hosts"))
        self._called(parts)

    def _hosts(self, tree: Tree | None) -> None:
        """Take names with their addresses: `NAME:ADDRESS` or `NAME=ADDRESS`, or a mapping to one or several."""
        if tree is not None and tree.is_mapping():
            found = [(name, self._text(row), row.line) for name, part in _entries_of(tree) for row in listed(part)[:1]]
        else:
            found = [(*named_address(self._text(row)), row.line) for row in _rows(tree)]
        for name, address, line in found:
            if name and address:
                place = Place(self._document.title, line, "extra_hosts")
                self._service.hosts[name] = without_brackets(address), place

    def _called(self, parts: Mapping[str, Tree]) -> None:
        for key in ("container_name", "hostname"):
            if key in parts:
                self._service.names.add(self._text(parts[key]))
        for _name, tree in _entries_of(parts.get("networks")):
            aliases = tree.merged().get("aliases") if tree.is_mapping() else None
            self._service.names |= {self._text(row) for row in listed(aliases)}

    def _copies(self, parts: Mapping[str, Tree]) -> None:
        deploy = below(parts, "deploy")
        if _afresh(parts.get("deploy")):
            self._service.replicas, self._service.everywhere, self._service.swarm = 1, None, False
            self._service.starts_first = None
        if _afresh(parts.get("labels")):
            self._service.labels = {}
        for count in (parts.get("scale"), deploy.get("replicas")):
            if count is not None and self._text(count).isdecimal():
                self._service.replicas = min(int(self._text(count)[:9]), _MOST)
        placement = deploy.get("placement")  # `docker compose config` writes an empty one where nobody asked for it
        told = placement is not None and placement.is_mapping() and bool(placement.merged())
        self._service.swarm = self._service.swarm or told
        if "mode" in deploy:
            everywhere = self._text(deploy["mode"]).startswith("global")
            self._service.everywhere = self._place(deploy["mode"], "mode") if everywhere else None
        order = below(deploy, "update_config").get("order")
        if order is not None:
            first = self._text(order) == "start-first"
            self._service.starts_first = self._place(order, "order") if first else None
        for tree in (parts.get("labels"), deploy.get("labels")):
            self._labels(tree)

    def _labels(self, tree: Tree | None) -> None:
        if tree is not None and tree.is_mapping():
            found = [(name, self._text(part), part.line) for name, part in tree.merged().items()]
        else:
            rows = [(self._text(row), row.line) for row in listed(tree)]
            found = [(text.partition("=")[0], text.partition("=")[2], line) for text, line in rows]
        for name, value, line in found:
            self._service.labels[name] = value, Place(self._document.title, line, name)

    def _environment(self, tree: Tree) -> None:
        if tree.is_list():
            for row in tree.rows():
                key, sign, value = row.text().partition("=")
                self._variable(key, value if sign else None, row.line)
        else:
            for key, part in tree.merged().items():
                if part.tag == RESET:
                    self._service.made_of_environment.pop(key, None)
                    self._service.from_environment.pop(key, None)
                    continue
                self._variable(key, None if part.is_null() else given(part), part.line)

    def _variable(self, key: str, text: str | None, line: int) -> None:
        known, service = self._document.known, self._service
        service.made_of_environment.pop(key, None)
        service.from_environment.pop(key, None)
        if text is None:  # from the environment of Compose, or from `.env`
            value = known.get(key)
            found = Expanded(value, (key,), () if value is not None else (key,))
        else:
            found = expand(text, known)
        taken = Assignment(key, text or "", line, quote="'", file=self._document.title)
        if found.value is None and not found.unset:
            self._refuse(Place(self._document.title, line, key))
        elif found.value is None or found.unset:
            service.made_of_environment[key] = replace(found, torn=self._torn(key, text or "", found, line))
            service.from_environment[key] = taken
        else:
            service.from_environment[key] = placed(taken, taken.file, found.value)

    def _torn(self, key: str, text: str, found: Expanded, line: int) -> tuple[Place, ...]:
        """Return where a secret stands that Compose tears at a “$”: here, or in an env file of its own."""
        if not may_be_secret(key, text):
            return ()
        here = [Place(self._document.title, line, key)] if tears(text, found) else []
        torn = self._reader.files.torn
        return (*here, *(torn[name] for name in found.unset if name in torn))

    def _refuse(self, place: Place) -> None:
        self._service.refuse(place)

    def _mount(self, row: Tree) -> Mount | None:
        kind = ""
        if row.is_mapping():
            parts = row.merged()
            keys = ("source", "target", "type")
            source, target, kind = (self._text(parts[key]) if key in parts else "" for key in keys)
        else:
            first, colon, rest = self._text(row).partition(":")
            source, target = (first, rest.partition(":")[0]) if colon else ("", first)
        if source.startswith("."):
            source = f"./{self._document.path(source)}"
        return Mount(source, target.rstrip("/"), self._place(row), kind) if target else None

    def _ports(self, row: Tree) -> list[Port]:
        if not row.is_mapping():
            text, place = self._text(row), self._place(row, "ports")
            self._service.unread += [] if is_port(text) else [((text or row.text() or "ports")[:_SHOWN], place)]
            return short_port(text, place)
        parts = row.merged()
        host, published, target, protocol = (
            self._text(parts[key]) if key in parts else "" for key in ("host_ip", "published", "target", "protocol")
        )
        return [port(host, published, target, self._place(row, "ports"))] if protocol in {"", "tcp"} else []

    def _config(self, row: Tree) -> None:
        parts = row.merged() if row.is_mapping() else {"source": row}
        source = said(parts.get("source"), self._document)
        self._service.configs[said(parts.get("target"), self._document) or f"/{source}"] = source

    def _place(self, tree: Tree, name: str = "") -> Place:
        return Place(self._document.title, tree.line, name)

    def _text(self, tree: Tree) -> str:
        return said(tree, self._document)


def _mount_as_others(service: Service, services: Mapping[str, Service], depth: int) -> None:
    """Add to a service the mounts of those it takes them from; a container of another project may have any."""
    asked, service.mounts_of = service.mounts_of, []
    for text, place in asked if depth < _DEEPEST else ():
        name = text.partition(":")[0]
        if name in services:
            _mount_as_others(services[name], services, depth + 1)
            service.mounts = {**services[name].mounts, **service.mounts}
        else:
            service.unfollowed.append((f"volumes_from: {text}", place))


def _afresh(tree: Tree | None) -> bool:
    return tree is not None and tree.tag in AFRESH


def _rows(tree: Tree | None) -> list[Tree]:
    return [] if tree is None or tree.tag == RESET else listed(tree)


def _entries(tree: Tree, key: str) -> Iterator[tuple[str, Tree]]:
    """Go through what stands below a key that is a mapping, if it is there."""
    yield from _entries_of(tree.merged().get(key))


def _entries_of(part: Tree | None) -> Iterator[tuple[str, Tree]]:
    if part is not None and part.is_mapping():
        yield from part.merged().items()


def _options(tree: Tree, document: Document) -> dict[str, str]:
    """Return the options of a volume's driver, and whether it is made elsewhere (`external`)."""
    parts = tree.merged() if tree.is_mapping() else {}
    found = dict(_entries_of(parts.get("driver_opts")))
    found |= {key: parts[key] for key in ("external", "driver") if key in parts}
    return {name: said(part, document) for name, part in found.items() if not part.is_mapping()}


def _config(tree: Tree, document: Document) -> Config:
    parts = tree.merged() if tree.is_mapping() else {}
    content, file = (said(parts.get(key), document) for key in ("content", "file"))
    line = parts["content"].line if content else tree.line
    begins = parts["content"].begins if content else 0
    return Config(content, document.path(file) if file else "", Place(document.title, line, "content"), begins)
