"""Compose files by the rules of its specification, as far as they say what a service's process is given.

Read: `.env` beside the file, interpolation in all its forms, `environment` as mapping and list, `env_file` in both
forms, anchors and merge keys, override files, `extends`, `include`, `deploy.replicas` and `scale`, images, and what is
mounted where. A value that cannot be made out from the files is kept as it stands, with the variable that is missing.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field

from wizard.dataclass import dataclass
from wizard.formats.cluster_file.tree import Tree, compose
from wizard.formats.dotenv.expressions import Expanded, expand, expanded
from wizard.formats.dotenv.grammar import Assignment, parse
from wizard.plan.i18n import tr
from wizard.plan.place import Place

DOT_ENV = ".env"
_OVERRIDES = {
    "compose.yaml": ("compose.override.yaml", "compose.override.yml"),
    "compose.yml": ("compose.override.yml", "compose.override.yaml"),
    "docker-compose.yml": ("docker-compose.override.yml", "docker-compose.override.yaml"),
    "docker-compose.yaml": ("docker-compose.override.yaml", "docker-compose.override.yml"),
}
_DEEPEST = 8
_MOST = 500

Beside = Callable[[str], str | None]
"""Gives the text of a file by its path from the Compose file's folder; None where there is none."""


@dataclass
class Service:
    """What one service's process is given.

    `variables` are those of its environment, the values with Compose's own put in; `expressions` those whose values
    could not be made out. `mounts` are source and target of each volume; `lost` the env files that are not there.
    """

    name: str
    place: Place
    image: str = ""
    image_place: Place | None = None
    replicas: int = 1
    variables: dict[str, Assignment] = field(default_factory=dict)
    expressions: dict[str, Expanded] = field(default_factory=dict)
    mounts: list[tuple[str, str, Place]] = field(default_factory=list)
    lost: list[Place] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Project:
    """All services, and the options of each named volume's driver."""

    services: dict[str, Service]
    volumes: Mapping[str, Mapping[str, str]]


def read(text: str, name: str, file: str, beside: Beside) -> Project:
    """Read the project of a Compose file called `name`, whose file name is `file`; raises SourceError."""
    return _Reader(name, beside).project(text, file)


class _Reader:
    def __init__(self, name: str, beside: Beside) -> None:
        self._name = name
        self._beside = beside
        self._known = {one.name: one.value for one in _of_env_file(beside(DOT_ENV) or "", {})[0].values()}
        self._visited = 0
        self._folders: dict[str, str] = {}

    def project(self, text: str, file: str) -> Project:
        documents = [*self._documents(text, file, 0)]
        override = next((name for name in _OVERRIDES.get(file, ()) if self._beside(name) is not None), None)
        if override:
            documents += self._documents(self._beside(override) or "", override, 0)
        services: dict[str, Service] = {}
        volumes: dict[str, Mapping[str, str]] = {}
        for name, document in documents:
            for key, tree in _entries(document, "services"):
                service = services.setdefault(key, Service(key, Place(name, tree.line, key)))
                self._fill(service, tree, document, name, 0)
            for key, tree in _entries(document, "volumes"):
                options = dict(_entries(tree, "driver_opts")) if tree.is_mapping() else {}
                external = (
                    {"external": tree.merged()["external"]} if tree.is_mapping() and "external" in tree.merged() else {}
                )
                volumes[key] = {
                    name: self._text(part) for name, part in (options | external).items() if not part.is_mapping()
                }
        return Project(services, volumes)

    def _documents(self, text: str, file: str, depth: int) -> Iterator[tuple[str, Tree]]:
        """Go through a file, and what it includes before it."""
        name = self._name if not depth and file not in sum(_OVERRIDES.values(), ()) else self._title(file)
        self._folders[name] = posixpath.dirname(file)
        document = compose(text, name)
        if depth > _DEEPEST:
            document.fail(tr("it is included by itself."))
        parts = document.merged()
        for row in parts["include"].rows() if "include" in parts and parts["include"].is_list() else []:
            paths = row.merged().get("path", row) if row.is_mapping() else row
            for path in _texts(paths):
                target = posixpath.normpath(
                    posixpath.join(posixpath.dirname(file), expand(path, self._known).value or "")
                )
                included = self._beside(target)
                if included is None:
                    row.fail(tr("{file} is included and is not there.", file=target))
                yield from self._documents(included, target, depth + 1)
        yield name, document

    def _from(self, name: str, path: str) -> str:
        """Return a path, which counts from the folder of the file it stands in, from the project's folder."""
        return posixpath.normpath(posixpath.join(self._folders.get(name, ""), path))

    def _title(self, file: str) -> str:
        return posixpath.join(posixpath.dirname(self._name), file)

    def _fill(self, service: Service, tree: Tree, document: Tree, name: str, depth: int) -> None:
        """Put into a service what one mapping says, what it extends before."""
        self._visited += 1
        if depth > _DEEPEST or self._visited > _MOST:
            tree.fail(tr("it extends itself, or more than this program follows."))
        parts = tree.merged()
        if "extends" in parts:
            self._extend(service, parts["extends"], document, name, depth)
        if "image" in parts:
            service.image, service.image_place = self._text(parts["image"]), Place(name, parts["image"].line, "image")
        for row in _listed(parts.get("env_file")):
            self._env_file(service, row, name)
        if "environment" in parts:
            self._environment(service, parts["environment"], name)
        for row in _listed(parts.get("volumes")):
            self._mount(service, row, name)
        deploy = parts["deploy"].merged() if "deploy" in parts and parts["deploy"].is_mapping() else {}
        for count in (parts.get("scale"), deploy.get("replicas")):
            if count is not None and self._text(count).isdigit():
                service.replicas = min(int(self._text(count)), _MOST)

    def _extend(self, service: Service, tree: Tree, document: Tree, name: str, depth: int) -> None:
        parts = tree.merged() if tree.is_mapping() else {"service": tree}
        other, at = document, name
        if "file" in parts:
            file = self._from(name, self._text(parts["file"]))
            text = self._beside(file)
            if text is None:
                tree.fail(tr("{file} is extended and is not there.", file=file))
            at = self._title(file)
            self._folders[at] = posixpath.dirname(file)
            other = compose(text, at)
        wanted = self._text(parts["service"]) if "service" in parts else ""
        found = dict(_entries(other, "services")).get(wanted)
        if found is None:
            tree.fail(tr("there is no service “{name}” to extend.", name=wanted))
        self._fill(service, found, other, at, depth + 1)

    def _env_file(self, service: Service, row: Tree, name: str) -> None:
        parts = row.merged() if row.is_mapping() else {"path": row}
        path = self._from(name, self._text(parts["path"])) if "path" in parts else ""
        required = "required" not in parts or parts["required"].text() != "false"
        text = self._beside(path)
        if text is None:
            if required:
                service.lost.append(Place(name, row.line, path))
            return
        found, expressions = _of_env_file(text, self._known)
        for key, assignment in found.items():
            self._give(service, _placed(assignment, self._title(path)), expressions.get(key))

    def _environment(self, service: Service, tree: Tree, name: str) -> None:
        if tree.is_list():
            for row in tree.rows():
                key, sign, value = row.text().partition("=")
                self._variable(service, key, value if sign else None, row.line, name)
        else:
            for key, part in tree.merged().items():
                self._variable(service, key, None if part.is_null() else part.text(), part.line, name)

    def _variable(self, service: Service, key: str, text: str | None, line: int, name: str) -> None:
        if text is None:  # from the environment of Compose, or from `.env`
            value = self._known.get(key)
            found = Expanded(value, (key,), () if value is not None else (key,))
        else:
            found = expand(text, self._known)
        self._give(service, Assignment(key, text or "", line, quote="'", file=name), found)

    def _give(self, service: Service, assignment: Assignment, found: Expanded | None) -> None:
        """Give the service a variable, in the place of an earlier one of its name."""
        name = assignment.name
        service.expressions.pop(name, None)
        if found is not None and (found.value is None or found.unset):
            service.variables[name] = assignment
            service.expressions[name] = found
        elif found is not None:
            service.variables[name] = _placed(assignment, assignment.file, found.value or "")
        else:
            service.variables[name] = assignment

    def _mount(self, service: Service, row: Tree, name: str) -> None:
        if row.is_mapping():
            parts = row.merged()
            source, target = (self._text(parts[key]) if key in parts else "" for key in ("source", "target"))
        else:
            source, _colon, target = self._text(row).partition(":")
            target = target.partition(":")[0]
        if target:
            service.mounts.append((source, target.rstrip("/"), Place(name, row.line)))

    def _text(self, tree: Tree) -> str:
        """Return a scalar with Compose's own variables put in; nothing where that cannot be made out."""
        return expand(tree.text(), self._known).value or ""


def _entries(tree: Tree, key: str) -> Iterator[tuple[str, Tree]]:
    """Go through what stands below a key that is a mapping, if it is there."""
    part = tree.merged().get(key)
    if part is not None and part.is_mapping():
        yield from part.merged().items()


def _listed(tree: Tree | None) -> list[Tree]:
    """Return the items of a list, one value being a list of one."""
    if tree is None or tree.is_null():
        return []
    return tree.rows() if tree.is_list() else [tree]


def _texts(tree: Tree) -> list[str]:
    return [row.text() for row in _listed(tree)]


def _of_env_file(text: str, known: Mapping[str, str]) -> tuple[dict[str, Assignment], dict[str, Expanded]]:
    """Return what Compose reads from an env file, and those values that it could not make out."""
    found = parse(text)
    outside = [Assignment(name, value, 0, quote="'") for name, value in known.items() if name not in found]
    made = expanded([*outside, *found.values()])
    lost = {name: one for name, one in made.items() if one.value is None or one.unset}
    values = {
        name: one if name in lost or name not in made else _placed(one, "", made[name].value or "")
        for name, one in found.items()
    }
    return values, lost


def _placed(one: Assignment, file: str, value: str | None = None) -> Assignment:
    return Assignment(one.name, one.value if value is None else value, one.line, quote="'", file=file)
