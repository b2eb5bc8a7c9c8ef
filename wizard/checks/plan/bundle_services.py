"""The services of a Compose project as a shape that can be compared: its file with what Compose reads beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from posixpath import basename, dirname, join, normpath

from wizard.checks.plan.bundle_shape import Owner, Part, Shape, Value, image
from wizard.formats.cluster_file.tree import Tree
from wizard.formats.compose import Beside
from wizard.formats.compose.documents import AFRESH, RESET, Document, Documents
from wizard.formats.compose.project import short_port
from wizard.formats.dotenv.expressions import expand
from wizard.formats.image import is_nocobase
from wizard.plan.i18n import tr
from wizard.plan.place import Place

COMMON = "../env/cluster.env"
_DEEPEST = 8
_SUMMED = frozenset({"env_file", "profiles", "depends_on", "ports"})
"""Keys of which a later file's values come to those before."""


def shape(path: str, text: str, beside: Beside) -> Shape:
    """Return the services of the file at `path`; `beside` gives texts by their paths from its folder."""
    files = Documents(path, beside)
    found: dict[str, Owner] = {}
    for document in files.all(text, basename(path)):
        services = document.tree.merged().get("services")
        for name, tree in services.merged().items() if services is not None and services.is_mapping() else ():
            if tree.is_mapping():
                called = f"services.{name}"
                before = found.get(called) or Owner(Place(document.title, tree.line))
                found[called] = _over(before, tree, document, files, 0)
    return {name: _whole(owner) for name, owner in found.items()}


def _whole(owner: Owner) -> Owner:
    parts = {"replicas": Part("1", owner.place), **owner.parts}
    from_image, files = parts.get("image"), parts.get("env_file")
    named = from_image.words if from_image else ""
    return replace(owner, parts=parts, runs=is_nocobase(named, given=COMMON in (files.value if files else ())))


def _over(before: Owner, tree: Tree, document: Document, files: Documents, depth: int) -> Owner:
    """Return a service as it is when another mapping is laid over it, and below that what the mapping extends."""
    if depth > _DEEPEST:
        tree.fail(tr("it extends itself, or more than this program follows."))
    given = tree.merged()
    if "extends" in given:
        found, other = files.extended(given["extends"], document)
        if found.is_mapping():
            before = _over(before, found, other, files, depth + 1)
    afresh = "volumes" in given and given["volumes"].tag in AFRESH
    parts = {key: part for key, part in before.parts.items() if not (afresh and key.startswith("volumes "))}
    for key, part in _Read(given, document).parts():
        parts[key] = _joined(parts.get(key), part, given.get(key), key)
    return replace(before, parts=parts)


def _joined(before: Part | None, part: Part, tree: Tree | None, key: str) -> Part:
    if before is None or key not in _SUMMED or (tree is not None and tree.tag in AFRESH):
        return part
    both = dict.fromkeys((*before.value, *part.value))
    return replace(part, value=tuple(sorted(both) if key == "ports" else both))


class _Read:
    """Reads what one mapping says of a service, Compose's own variables put in where they are known."""

    def __init__(self, given: Mapping[str, Tree], document: Document) -> None:
        self._given = given
        self._document = document

    def parts(self) -> Iterator[tuple[str, Part]]:
        """Go through what it says, each part with its place."""
        for key, read in self._readers().items():
            if key in self._given:
                value, shown = ("", None) if self._given[key].tag == RESET else read(self._given[key])
                yield key, Part(value, self._place(self._given[key]), shown)
        for target, source, row in self._mounts(self._given.get("volumes")):
            yield f"volumes {target.rstrip('/')}", Part(source.rstrip("/"), self._place(row))
        deploy = self._given.get("deploy")
        count = deploy.merged().get("replicas") if deploy is not None and deploy.is_mapping() else None
        count = count if count is not None else self._given.get("scale")
        if count is not None:
            yield "replicas", Part(self._text(count), self._place(count))

    def _readers(self) -> Mapping[str, Callable[[Tree], tuple[Value, str | None]]]:
        """Return how each key is compared, and how it is told (`Part.shown`)."""
        return {
            "image": lambda tree: (image(self._text(tree)), self._text(tree)),
            "restart": lambda tree: (self._text(tree), None),
            "command": lambda tree: (self._all_texts(tree) or self._text(tree), ""),
            "entrypoint": lambda tree: (self._all_texts(tree) or self._text(tree), ""),
            "env_file": lambda tree: (tuple(self._files(tree)), None),
            "profiles": lambda tree: (tuple(map(self._text, _rows(tree))), None),
            "depends_on": lambda tree: (
                tuple(tree.merged()) if tree.is_mapping() else tuple(map(self._text, _rows(tree))),
                None,
            ),
            "ports": lambda tree: (tuple(sorted(self._ports(tree))), None),
            "healthcheck": lambda tree: ("off" if self._is_off(tree) else "on", ""),
        }

    def _place(self, tree: Tree) -> Place:
        return Place(self._document.title, tree.line)

    def _text(self, tree: Tree) -> str:
        if not tree.is_scalar():
            return ""
        found = expand(tree.text(), self._document.known)
        return tree.text() if found.value is None or found.unset else found.value

    def _all_texts(self, tree: Tree) -> tuple[str, ...]:
        return tuple(map(self._text, tree.rows())) if tree.is_list() else ()

    def _files(self, tree: Tree) -> Iterator[str]:
        for row in _rows(tree):
            text = self._text(row.merged()["path"]) if row.is_mapping() and "path" in row.merged() else self._text(row)
            yield normpath(join(self._document.folder, text)) if text else text

    def _is_off(self, tree: Tree) -> bool:
        parts = tree.merged() if tree.is_mapping() else {}
        test = self._all_texts(parts["test"]) if "test" in parts else ()
        return ("disable" in parts and self._text(parts["disable"]) == "true") or test[:1] == ("NONE",)

    def _ports(self, tree: Tree) -> Iterator[str]:
        for row in tree.rows() if tree.is_list() else ():
            if not row.is_mapping():
                found = short_port(self._text(row), row.place)
                yield from (_port(one.host, one.published, one.target) for one in found)
                continue
            parts = {key: self._text(value) for key, value in row.merged().items()}
            yield _port(parts.get("host_ip", ""), parts.get("published", ""), parts.get("target", ""))

    def _mounts(self, tree: Tree | None) -> Iterator[tuple[str, str, Tree]]:
        """Go through what is mounted: where, what, and the row."""
        for row in tree.rows() if tree is not None and tree.is_list() else ():
            if row.is_mapping():
                parts = {key: self._text(value) for key, value in row.merged().items()}
                yield parts.get("target", ""), parts.get("source", ""), row
            else:
                source, _sign, rest = self._text(row).partition(":")
                yield rest.partition(":")[0], source, row


def _rows(tree: Tree) -> Sequence[Tree]:
    """Return the items of a list, or the one that stands in its place."""
    return tree.rows() if tree.is_list() else [tree]


def _port(host: str, published: str, target: str) -> str:
    return ":".join(filter(None, (host, published, target)))


def beside(path: str, texts: Mapping[str, str]) -> Beside:
    """Return what gives the texts by their paths from the folder of the file at `path`."""
    return lambda name: texts.get(normpath(join(dirname(path), name)))
