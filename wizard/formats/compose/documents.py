"""The documents of a Compose project in their order: what a file includes before it, what overrides it after it."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field

from wizard.dataclass import dataclass
from wizard.formats.cluster_file.tree import Tree, compose
from wizard.formats.compose import env_file
from wizard.formats.dotenv.expressions import Expanded, expand, surely_named
from wizard.formats.dotenv.grammar import Assignment
from wizard.pattern import pattern
from wizard.plan.i18n import tr
from wizard.plan.place import Place

DOT_ENV = ".env"
RESET = "!reset"
AFRESH = frozenset({RESET, "!override"})
"""Tags by which an override takes the place of what stood before."""
_PROJECT = "COMPOSE_PROJECT_NAME"
_MAIN = frozenset({"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"})
OVERRIDES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)
"""What Compose reads beside a file of a usual name, the first of them that is there (compose-go, cli/options.go)."""
_NOTHING = pattern(r"(?:[ \t\r]*(?:#[^\n]*)?\n?)*+")
"""A file of comments, which Compose takes where another one says something."""
_DEEPEST = 8
_MOST = 100

Beside = Callable[[str], str | None]
"""Returns the text of a file by its path from the Compose file's folder; None where there is none."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One more file of a project, in the order of `-f`: its text, its title, its path from the first one's folder."""

    text: str = field(repr=False)
    title: str
    file: str


@dataclass(frozen=True)
class Document:
    """One file of the project: its title, the folder that its paths count from, and Compose's variables for it."""

    title: str
    folder: str
    tree: Tree
    known: Mapping[str, str] = field(repr=False)

    def path(self, text: str) -> str:
        """Return a path that stands in it, from the project's folder on."""
        return posixpath.normpath(posixpath.join(self.folder, text))


class Documents:
    """Gathers the documents of a project."""

    def __init__(self, name: str, beside: Beside) -> None:
        """Begin with the project of a file called `name`."""
        self._name = name
        self._visited = 0
        self.beside = beside
        self.torn: dict[str, Place] = {}
        """Variables in env files of Compose itself that it tears at a “$”, and where they stand."""
        self.known = self.variables(DOT_ENV, {})
        self._given = _PROJECT in self.known

    def variables(self, file: str, known: Mapping[str, str]) -> dict[str, str]:
        """Return the variables of an env file for Compose itself; those known already win."""
        found = env_file.read(self.beside(file) or "", known)
        own = {name: one.found.value for name, one in found.items() if one.made is None and not one.refused}
        for name, one in found.items():
            if one.made is not None and tears(one.found.value, one.made):
                self.torn[name] = Place(self.title(file), one.found.line, name)
        return {**own, **known}

    def profiles(self) -> frozenset[str]:
        """Return the profiles that are active for the project, as far as its env file says it."""
        names = (name.strip() for name in self.known.get("COMPOSE_PROFILES", "").split(","))
        return frozenset(name for name in names if name)

    def project(self) -> str:
        """Return the project's name, as far as its files say it: its env file wins, as in Compose."""
        return self.known.get(_PROJECT, "")

    def all(self, text: str, file: str, layers: Sequence[Layer] = ()) -> list[Document]:
        """Return the documents of the project whose file is `file`, with that text.

        With `layers`, as with several `-f`, no file beside it overrides it but they; paths count from the first.
        """
        found = [*self._with_included(text, self._name, file, "", self.known, 0)]
        for layer in layers:
            found += self._with_included(layer.text, layer.title, layer.file, "", self.known, 0)
        if layers:
            return found
        named = [name for name in self.known.get("COMPOSE_FILE", "").split(":") if name]
        if file in named:
            others = named[named.index(file) + 1 :]
        else:
            others = [name for name in OVERRIDES if file in _MAIN and self.beside(name) is not None][:1]
        for name in others:
            more = self.beside(name) or ""
            if _NOTHING.fullmatch(more) is None:
                found += self._with_included(more, self.title(name), name, "", self.known, 0)
        return found

    def extended(self, tree: Tree, document: Document) -> tuple[Tree, Document]:
        """Return the service that `extends` names, and the document it stands in."""
        parts = tree.merged() if tree.is_mapping() else {"service": tree}
        other = document
        if "file" in parts:
            file = document.path(said(parts["file"], document))
            text = self.beside(file)
            if text is None:
                tree.fail(tr("{file} is extended and is not there.", file=file))
            title = self.title(file)
            other = Document(title, posixpath.dirname(file), compose(text, title), document.known)
        wanted = said(parts.get("service"), document)
        services = other.tree.merged().get("services")
        found = services.merged().get(wanted) if services is not None and services.is_mapping() else None
        if found is None:
            tree.fail(tr("there is no service “{name}” to extend.", name=wanted))
        return found, other

    def title(self, file: str) -> str:
        """Return what a file of the project is called in complaints and places."""
        return posixpath.normpath(posixpath.join(posixpath.dirname(self._name), file))

    def _with_included(
        self, text: str, title: str, file: str, folder: str, known: Mapping[str, str], depth: int
    ) -> Iterator[Document]:
        tree = compose(text, title)
        self._visited += 1
        if depth > _DEEPEST or self._visited > _MOST:
            tree.fail(tr("it is included by itself."))
        if depth == 0:
            known = self._named(tree)
        document = Document(title, folder, tree, known)
        include = tree.merged().get("include")
        for row in listed(include):
            yield from self._included(row, document, file, depth)
        yield document

    def _named(self, tree: Tree) -> Mapping[str, str]:
        """Take the project's name from a file that is none of those it includes, and return the variables with it."""
        name = tree.merged().get("name")
        told = expand(name.text(), self.known).value if name and name.is_scalar() else None
        if told and not self._given:
            self.known = {**self.known, _PROJECT: told}
        return self.known

    def _included(self, row: Tree, document: Document, file: str, depth: int) -> Iterator[Document]:
        """Go through the files of one entry; they have a folder and an env file of their own."""
        parts = row.merged() if row.is_mapping() else {"path": row}
        base = posixpath.dirname(file)

        def path_of(tree: Tree) -> str:
            return posixpath.normpath(posixpath.join(base, expand(tree.text(), document.known).value or ""))

        paths = [path_of(one) for one in listed(parts.get("path"))]
        folder = next((path_of(one) for one in listed(parts.get("project_directory"))), "")
        folder = folder or posixpath.dirname(paths[0] if paths else "")
        known: Mapping[str, str] = document.known
        for name in [path_of(one) for one in listed(parts.get("env_file"))] or [posixpath.join(folder, DOT_ENV)]:
            known = self.variables(name, known)
        for path in paths:
            text = self.beside(path)
            if text is None:
                row.fail(tr("{file} is included and is not there.", file=path))
            yield from self._with_included(text, self.title(path), path, folder, known, depth + 1)


def tears(text: str, made: Expanded) -> bool:
    """Whether Compose leaves out a piece of a text that may be no variable at all, but the text's own."""
    return "$" in text and not surely_named(text).issuperset(made.unset)


def said(tree: Tree | None, document: Document) -> str:
    """Return a scalar with Compose's own variables put in; nothing where there is none, or it cannot be made out."""
    return "" if tree is None or tree.tag == RESET else expand(tree.text(), document.known).value or ""


def listed(tree: Tree | None) -> list[Tree]:
    """Return the items of a list, one value being a list of one."""
    if tree is None or tree.is_null():
        return []
    return tree.rows() if tree.is_list() else [tree]


def placed(one: Assignment, file: str, value: str | None = None) -> Assignment:
    """Return an assignment as one that stands in `file`, with another value if one is given."""
    return Assignment(one.name, one.value if value is None else value, one.line, quote="'", file=file)
