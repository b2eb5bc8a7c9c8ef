"""The objects in files of manifests: several documents, `List`, and what `kubectl get` prints, each with its lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from wizard.dataclass import dataclass
from wizard.formats.cluster_file.tree import Tree, compose
from wizard.formats.files import SourceError
from wizard.formats.kubernetes.templated import refuse_unfilled
from wizard.pattern import pattern
from wizard.plan.i18n import tr
from wizard.plan.place import Place

_BETWEEN = pattern(r"^---(?:[ \t].*)?$|(?<=\n\}\n)(?=\{)", re.MULTILINE)
"""What stands between documents; two of JSON may follow one another without it, as of two calls of kubectl."""
_ENDS = pattern(r"^\.\.\.[ \t]*$", re.MULTILINE)
_PLAIN = pattern(r"[a-z0-9]+/[a-z0-9][a-z0-9.-]*(?: -n [a-z0-9][a-z0-9.-]*)?")
CONTAINERS = ("containers", "initContainers")
"""Where a pod has its containers."""
LARGEST = 1024 * 1024
"""Characters of what `kubectl get` or `docker inspect` prints, some 60 pods with their noise."""
MOST_VALUES = 25_000
_MOST_DOCUMENTS = 500
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Object:
    """One object: its parts, each of which knows its file and line."""

    parts: Mapping[str, Tree]
    before: str = ""
    behind: str = ""
    """What a kustomization puts before and behind its name; those who refer to it keep to the name that it has."""
    space: str = ""
    """The namespace that a kustomization puts it into."""

    @property
    def kind(self) -> str:
        """The kind, such as `Deployment`."""
        return text(self.parts, "kind")

    @property
    def name(self) -> str:
        """The name in its metadata."""
        return text(below(self.parts, "metadata"), "name")

    @property
    def namespace(self) -> str:
        """The namespace, empty where the file names none."""
        return self.space or text(below(self.parts, "metadata"), "namespace")

    @property
    def called(self) -> str:
        """The name that it gets in the cluster."""
        return f"{self.before}{self.name}{self.behind}"

    @property
    def target(self) -> str:
        """The words by which kubectl names it, with its namespace where the file says one."""
        words = f"{self.kind.lower()}/{self.called}"
        more = f" -n {self.namespace}" if self.namespace else ""
        return words + more if _PLAIN.fullmatch(words + more) else ""

    @property
    def place(self) -> Place:
        """Where it begins."""
        first = self.parts.get("kind") or next(iter(self.parts.values()))
        return Place(first.place.file, first.line, f"{self.kind} {self.name}".strip())


def read(content: str, file: str) -> list[Object]:
    """Return all objects of a file called `file`; raises SourceError."""
    refuse_unfilled(content, file)
    return [Object(one) for document in documents(content, file) for one in parts_of(document)]


def documents(content: str, file: str, before: int = 0) -> Iterator[Tree]:
    """Go through the documents of a text; each keeps its lines, of which `before` stand in the file before it."""
    content = _ENDS.sub("", content.replace("\r\n", "\n"))
    start, line = 0, before
    ends = [(match.start(), match.end()) for match in islice(_BETWEEN.finditer(content), _MOST_DOCUMENTS + 1)]
    if len(ends) > _MOST_DOCUMENTS:
        number = before + content.count("\n", 0, ends[-1][0]) + 1
        raise SourceError(
            tr("{name}, line {line}: it has more than {most} documents.", name=file, line=number, most=_MOST_DOCUMENTS)
        )
    for end, after in (*ends, (len(content), len(content))):
        part = content[start:end]
        if any(line.strip() and not line.lstrip().startswith(("#", "%")) for line in part.splitlines()):
            yield compose(part, file, LARGEST, MOST_VALUES, before=line)
        line += content.count("\n", start, after)
        start = after


def parts_of(tree: Tree, depth: int = 0) -> Iterator[dict[str, Tree]]:
    """Go through an object, or those of a `List`."""
    parts = tree.merged() if tree.is_mapping() else {}
    items = parts.get("items")
    if items is not None and items.is_list() and depth < _DEEPEST:
        for row in items.rows():
            yield from parts_of(row, depth + 1)
    elif parts:
        yield parts


def below(parts: Mapping[str, Tree], *keys: str) -> dict[str, Tree]:
    """Return the mapping that stands below these keys; empty where there is none."""
    found = dict(parts)
    for key in keys:
        part = found.get(key)
        found = part.merged() if part is not None and part.is_mapping() else {}
    return found


def text(parts: Mapping[str, Tree], key: str) -> str:
    """Return the text of a value; empty where there is none, or no single one."""
    part = parts.get(key)
    return part.text() if part is not None and part.is_scalar() else ""


def rows(parts: Mapping[str, Tree], key: str) -> list[dict[str, Tree]]:
    """Return the mappings of a list; empty where there is none."""
    part = parts.get(key)
    found = part.rows() if part is not None and part.is_list() else []
    return [row.merged() for row in found if row.is_mapping()]


def texts(part: Tree | None) -> list[Tree]:
    """Return the single values of a list; empty where there is none."""
    found = part.rows() if part is not None and part.is_list() else []
    return [row for row in found if row.is_scalar()]


def named(objects: Iterable[Object], kind: str, name: str, namespace: str) -> Object | None:
    """Return the object of that kind and name, of the same namespace or one that is not said."""
    found = [one for one in objects if one.kind == kind and one.name == name]
    return next((one for one in found if one.namespace == namespace), found[0] if found else None)
