"""The env file that NocoBase itself reads in a container, where a volume is mounted in its place or above it.

What the container is given wins over it, be it empty (docs/nocobase.md, "Env files").
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from wizard.formats import image
from wizard.formats.cluster_file.tree import Tree
from wizard.formats.dotenv.expressions import Expanded
from wizard.formats.dotenv.grammar import Assignment, parse
from wizard.formats.kubernetes.given import KINDS, Given
from wizard.formats.kubernetes.objects import below, rows, text

if TYPE_CHECKING:
    from wizard.formats.kubernetes.containers import Container

_NAMED = {"configMap": "name", "secret": "secretName"}
"""How a volume of either kind names its object."""


def fill(container: Container, given: Given) -> None:
    """Read that file into a container; where it cannot be, more may be said than is known here."""
    path = PurePosixPath(image.own_env_file(container.variables))
    mounts = [row for row in rows(container.row, "volumeMounts") if _is_above(text(row, "mountPath"), path)]
    if not mounts:
        return
    mount = max(mounts, key=lambda row: len(text(row, "mountPath")))
    file = text(mount, "subPath") if PurePosixPath(text(mount, "mountPath")) == path else _below(mount, path)
    name = text(mount, "name")
    volume = next((row for row in rows(container.pod, "volumes") if text(row, "name") == name), {})
    kind = next((one for one in KINDS if one in volume), "")
    called = text(below(volume, kind), _NAMED[kind]) if kind else name
    held = given.of(KINDS[kind], called, container.workload.namespace) if kind else None
    found = (held or {}).get(_key(below(volume, kind), file)) if kind else None
    if found:
        _take(container, found)
    elif not held:  # an object that is there and lacks the key gives no file
        _lose(container, f"{KINDS.get(kind, 'volume')} {called}", mount["mountPath"])


def _is_above(mounted: str, path: PurePosixPath) -> bool:
    return bool(mounted) and path.is_relative_to(PurePosixPath(mounted))


def _below(mount: Mapping[str, Tree], path: PurePosixPath) -> str:
    """Return where the file lies in a volume that is mounted above it."""
    return str(PurePosixPath(text(mount, "subPath")) / path.relative_to(text(mount, "mountPath")))


def _key(source: Mapping[str, Tree], file: str) -> str:
    """Return the key of an object that becomes a file of its volume."""
    items = rows(source, "items")
    return next((text(row, "key") for row in items if text(row, "path") == file), "" if items else file)


def _take(container: Container, found: Assignment) -> None:
    for name, one in parse(found.value).items():
        if name not in container.variables:
            container.variables[name] = Assignment(name, one.value, found.line, quote="'", file=found.file)


def _lose(container: Container, called: str, part: Tree) -> None:
    container.lacks = True
    container.variables[called] = Assignment(called, "", part.line, quote="'", file=part.place.file)
    container.expressions[called] = Expanded(None, (called,), (called,))
