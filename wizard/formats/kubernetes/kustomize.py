"""Kustomizations: their resources, what their generators make, their patches, and what they change of names.

The name that a generator gives is the one that resources refer to; hashes are put to both alike, and so change nothing
here. What is not followed is named: transformers, charts, and patches or replacements in forms that are not known.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace

from wizard.dataclass import dataclass
from wizard.formats.allowance import Cost, spend
from wizard.formats.cluster_file.tree import Tree, compose
from wizard.formats.dotenv.grammar import Assignment
from wizard.formats.kubernetes import KUSTOMIZATIONS, objects
from wizard.formats.kubernetes.changing import Image, images_of, with_count, with_images
from wizard.formats.kubernetes.given import held
from wizard.formats.kubernetes.labelling import labelled, unfollowed
from wizard.formats.kubernetes.objects import Object, documents, rows, text, texts
from wizard.formats.kubernetes.patching import applied, patches
from wizard.formats.kubernetes.replacing import Built, in_small_letters, replaced, value_of, with_variables
from wizard.pattern import pattern
from wizard.plan.i18n import tr
from wizard.plan.observed import Observed, Topic, Unfollowed
from wizard.plan.place import Place

_SECRET = "Secret"  # noqa: S105 - a kind of object
_GENERATORS = {"configMapGenerator": "ConfigMap", "secretGenerator": _SECRET}
_VARIABLE = pattern(r"[A-Za-z_]\w{0,99}", re.ASCII)
_RESOURCES = ("resources", "bases")
_UNFOLLOWED = (
    "transformers",
    "generators",
    "validators",
    "helmCharts",
    "helmChartInflationGenerator",
    "configurations",
)
_UNNAMED = ("Namespace", "CustomResourceDefinition", "APIService")
"""Kinds whose names stay as they are."""
_DEEPEST = 8
_MOST = 200
_LONGEST_NAME = 253
"""Characters of a name (RFC 1123): it is put before the name of every object."""

Beside = Callable[[str], str | None]
"""Returns the text of a file by its path from the kustomization's folder; None where there is none."""

Held = dict[str, Assignment]


@dataclass
class Kustomized:
    """What a kustomization comes to.

    `objects` are those of its files, with all that was said of them put in. `generated` is what its generators make, by
    kind and name. `images`, and `counts` (replicas by a workload's name), are those of all levels together: they say
    something of workloads that are not among the files. `observed` is what was not followed.
    """

    objects: list[Object] = field(default_factory=list)
    generated: dict[tuple[str, str], Held] = field(default_factory=dict)
    images: list[Image] = field(default_factory=list)
    counts: dict[str, Tree] = field(default_factory=dict)
    observed: list[Observed] = field(default_factory=list)


def read(content: str, title: str, beside: Beside) -> Kustomized:
    """Read the kustomization of that text, called `title`; raises SourceError."""
    reader = _Reader(title, beside)
    reader.take(content, "", title, 0)
    reader.fill_in()
    return reader.found


class _Reader:
    def __init__(self, title: str, beside: Beside) -> None:
        self._title = title
        self._beside = beside
        self._visited = 0
        self._variables: list[Mapping[str, Tree]] = []
        self.found = Kustomized()

    def take(self, content: str, folder: str, title: str, depth: int, first: int | None = None) -> None:
        """Take in one kustomization, whose folder is `folder`; those that it builds on come first.

        It changes the objects from `first` on: a component those of its parent, another its own.
        """
        tree = compose(content, title)
        self._visited += 1
        if depth > _DEEPEST or self._visited > _MOST:
            tree.fail(tr("it builds on itself, or on more than this program follows."))
        parts = tree.merged()
        _refuse_long(parts)
        first = len(self.found.objects) if first is None else first
        for row in [row for key in _RESOURCES for row in texts(parts.get(key))]:
            self._resource(row, folder, depth)
        for key, kind in _GENERATORS.items():
            for entry in rows(parts, key):
                self._generate(kind, entry, folder)
        for row in texts(parts.get("components")):
            self._resource(row, folder, depth, first)
        self._patch(parts, first, folder)
        self._count(parts, first)
        self._replace(parts, first, folder)
        self._variables += map(in_small_letters, rows(parts, "vars"))
        self._unfollowed(parts)

    def fill_in(self) -> None:
        """Put in the variables of all levels, as kustomize does when the last is built; name those that are nowhere."""
        values: dict[str, Tree] = {}
        built = Built(self.found.objects, self.found.generated)
        for row in self._variables:
            name, value = text(row, "name"), value_of(row, built)
            if value is not None:
                values[name] = value
            elif name:
                place = Place(row["name"].place.file, row["name"].line, "vars")
                self.found.observed.append(Observed(Topic.UNFOLLOWED, f"$({name})", place, Unfollowed.MISSING))
        self.found.objects[:] = [with_variables(one, values) for one in self.found.objects]

    def _unfollowed(self, parts: Mapping[str, Tree]) -> None:
        for tree in unfollowed(parts):
            place = Place(tree.place.file, tree.line, "labels")
            self.found.observed.append(Observed(Topic.UNFOLLOWED, "labels", place, Unfollowed.PATCH))
        for key in _UNFOLLOWED:
            for place, name in _entries(parts, key):
                self.found.observed.append(Observed(Topic.UNFOLLOWED, name, place, Unfollowed.PATCH))

    def _replace(self, parts: Mapping[str, Tree], first: int, folder: str) -> None:
        """Do the replacements, those in files of their own, too, in the objects from `first` on."""
        built = Built(self.found.objects[first:], self.found.generated)
        for place, name, row in self._replacements(parts, folder):
            if row is None or not replaced(row, built):
                reason = Unfollowed.MISSING if row is None else Unfollowed.PATCH
                self.found.observed.append(Observed(Topic.UNFOLLOWED, name, place, reason))
        self.found.objects[first:] = built.objects

    def _replacements(
        self, parts: Mapping[str, Tree], folder: str
    ) -> Iterator[tuple[Place, str, Mapping[str, Tree] | None]]:
        """Go through the replacements, with the place and the name of each; None for a file that is not there."""
        part = parts.get("replacements")
        for tree in part.rows() if part is not None and part.is_list() else []:
            row = tree.merged() if tree.is_mapping() else {}
            place, path = Place(tree.place.file, tree.line, "replacements"), text(row, "path")
            there = self._text(folder, path) if path else None
            if not path:
                yield place, "replacements", row
            elif there is None:
                yield place, path, None
            else:
                for document in documents(there[1], there[0]):
                    for one in document.rows() if document.is_list() else [document]:
                        yield place, path, one.merged() if one.is_mapping() else {}

    def _resource(self, row: Tree, folder: str, depth: int, first: int | None = None) -> None:
        path = posixpath.normpath(posixpath.join(folder, row.text()))
        for name in KUSTOMIZATIONS:
            content = self._beside(posixpath.join(path, name))
            if content is not None:
                self.take(content, path, self._called(posixpath.join(path, name)), depth + 1, first)
                return
        content = self._beside(path)
        if content is None:
            self._missing(row, row.text())
        else:
            self.found.objects += objects.read(content, self._called(path))

    def _patch(self, parts: Mapping[str, Tree], first: int, folder: str) -> None:
        """Let patches and names change the objects from `first` on."""
        built = self.found.objects[first:]
        for patch in patches(parts, lambda path: self._text(folder, path)):
            if reason := applied(patch, built, self.found.generated):
                self.found.observed.append(Observed(Topic.UNFOLLOWED, patch.name, patch.place, reason))
        self.found.objects[first:] = [labelled(_named(one, parts), parts) for one in built]

    def _count(self, parts: Mapping[str, Tree], first: int) -> None:
        """Let replicas and images change the objects from `first` on."""
        known = [entry for entry in rows(parts, "replicas") if text(entry, "count").isdecimal()]
        counts = {text(entry, "name"): entry["count"] for entry in known}
        images = images_of(rows(parts, "images"))
        self.found.counts |= counts
        self.found.images += images
        if counts or images:
            built = [with_count(one, counts) for one in self.found.objects[first:]]
            self.found.objects[first:] = [with_images(one, images) for one in built]

    def _text(self, folder: str, path: str) -> tuple[str, str] | None:
        path = posixpath.normpath(posixpath.join(folder, path))
        content = self._beside(path)
        return None if content is None else (self._called(path), content)

    def _missing(self, row: Tree, name: str) -> None:
        place = Place(row.place.file, row.line, name)
        self.found.observed.append(Observed(Topic.UNFOLLOWED, name, place, Unfollowed.MISSING))

    def _called(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(self._title), path))

    def _odd(self, kind: str, words: str, row: Tree) -> None:
        place = Place(row.place.file, row.line, "literals")
        subject = _shown(kind, words, row.line)
        self.found.observed.append(Observed(Topic.UNFOLLOWED, subject, place, Unfollowed.FORM))

    def _generate(self, kind: str, row: Mapping[str, Tree], folder: str) -> None:
        found: Held = {}
        for key in ("envs", "env"):
            part = row.get(key)
            for name in texts(part) or ([part] if part is not None and key == "env" else []):
                found |= self._of_file(kind, name, folder)
        for literal in texts(row.get("literals")):
            key, sign, value = literal.text().partition("=")
            if not sign:  # kustomize refuses it
                self._odd(kind, key, literal)
                continue
            found[key] = _assigned(key, _unquoted(value), literal.line, literal.place.file)
        for file in texts(row.get("files")):
            found |= self._file(kind, file, folder)
        place = (kind, text(row, "name"))
        if text(row, "behavior") == "merge":
            found = {**self._before(*place), **found}
        self.found.generated[place] = found

    def _before(self, kind: str, name: str) -> Held:
        """Return what a generator merges into: what another made, or an object among the resources."""
        if (kind, name) in self.found.generated:
            return self.found.generated[kind, name]
        there = objects.named(self.found.objects, kind, name, "")
        return held(there) if there else {}

    def _file(self, kind: str, row: Tree, folder: str) -> Held:
        key, sign, path = row.text().partition("=")
        path = path if sign else row.text()
        key = key if sign else posixpath.basename(path)
        content = self._beside(posixpath.normpath(posixpath.join(folder, path)))
        if content is None:
            secret = sign and kind == _SECRET  # a value that was meant for `literals` may stand there
            self._missing(row, _shown("", key, row.line) if secret else path)
            return {}
        return {key: _assigned(key, content, row.line, row.place.file)}

    def _of_file(self, kind: str, row: Tree, folder: str) -> Held:
        """Return the lines `NAME=value` of a file, each as it stands: kustomize takes no quotes off there."""
        path = posixpath.normpath(posixpath.join(folder, row.text()))
        content = self._beside(path)
        if content is None:
            literal = kind == _SECRET and "=" in row.text()
            self._missing(row, f"line {row.line}" if literal else row.text())
            return {}
        found: Held = {}
        for number, line in enumerate(content.splitlines(), start=1):
            name, sign, value = line.lstrip().partition("=")
            if not sign and name.strip() and not name.startswith("#"):  # its value is the one where kustomize runs
                subject = _shown(kind, name.strip(), number)
                place = Place(self._called(path), number, subject)
                self.found.observed.append(Observed(Topic.UNFOLLOWED, subject, place, Unfollowed.MISSING))
            if sign and not name.startswith("#"):
                found[name] = _assigned(name, value, number, self._called(path))
        return found


def _refuse_long(parts: Mapping[str, Tree]) -> None:
    for key in ("namePrefix", "nameSuffix"):
        if len(text(parts, key)) > _LONGEST_NAME:
            parts[key].fail(tr("a name has at most {most} characters.", most=_LONGEST_NAME))


def _named(one: Object, parts: Mapping[str, Tree]) -> Object:
    """Return an object with the namespace and the parts of its name that a kustomization gives it."""
    if one.kind in _UNNAMED:
        return one
    before, behind = text(parts, "namePrefix") + one.before, one.behind + text(parts, "nameSuffix")
    return replace(one, before=before, behind=behind, space=text(parts, "namespace") or one.space)


def _entries(parts: Mapping[str, Tree], key: str) -> Iterator[tuple[Place, str]]:
    part = parts.get(key)
    for row in part.rows() if part is not None and part.is_list() else []:
        entry = row.merged() if row.is_mapping() else {}
        inline = row.text() if row.is_scalar() else ""
        name = text(entry, "path") or ("" if "\n" in inline else inline) or key
        yield Place(row.place.file, row.line, key), name


def _shown(kind: str, words: str, line: int) -> str:
    """Return how a line of a generator without a value is called: any other text may be a part of a secret."""
    return words if kind != _SECRET and _VARIABLE.fullmatch(words) else f"line {line}"


def _assigned(name: str, value: str, line: int, file: str) -> Assignment:
    spend(Cost.VARIABLES, 1)
    return Assignment(name, value, line, quote="'", file=file)


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value
