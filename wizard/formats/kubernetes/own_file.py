"""The env file that NocoBase itself reads in a container, where a volume is mounted in its place or above it.

What the container is given wins over it, be it empty (docs/nocobase.md, "Env files").
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from wizard.dataclass import dataclass
from wizard.formats import image
from wizard.formats.cluster_file.tree import Tree
from wizard.formats.dotenv.grammar import Assignment, parse
from wizard.formats.kubernetes.given import KINDS, Given
from wizard.formats.kubernetes.mounts import mount_at, volume_of
from wizard.formats.kubernetes.objects import below, rows, text

_NAMED = {"configMap": "name", "secret": "secretName"}
"""How a volume of either kind names its object."""


@dataclass(frozen=True, slots=True)
class OwnFile:
    """What the file gives; one that is not among the objects is `lost`, and said by what it is `called`."""

    variables: dict[str, Assignment]
    called: str = ""
    lost: Tree | None = None


def read(
    row: Mapping[str, Tree], pod: Mapping[str, Tree], variables: Mapping[str, Assignment], given: Given, namespace: str
) -> OwnFile:
    """Return that file of a container, whose `row` stands in a `pod` and which is given `variables`."""
    path = PurePosixPath(image.own_env_file(variables))
    mount = mount_at(row, path)
    if mount is None:
        return OwnFile({})
    name = text(mount, "name")
    volume = volume_of(pod, name)
    kind = next((one for one in KINDS if one in volume), "")
    if not kind:
        return OwnFile({}, f"volume {name}", mount["mountPath"])
    source = below(volume, kind)
    called = text(source, _NAMED[kind])
    held = given.of(KINDS[kind], called, namespace)
    if held is None:
        return OwnFile({}, f"{KINDS[kind]} {called}", mount["mountPath"])
    found = held.get(_key(source, _file(mount, path)))  # an object that is there and lacks the key gives no file
    return OwnFile(_variables(found) if found else {})


def _file(mount: Mapping[str, Tree], path: PurePosixPath) -> str:
    """Return where the file lies in its volume."""
    return str(PurePosixPath(text(mount, "subPath")) / path.relative_to(text(mount, "mountPath")))


def _key(source: Mapping[str, Tree], file: str) -> str:
    """Return the key of an object that becomes a file of its volume."""
    items = rows(source, "items")
    return next((text(row, "key") for row in items if text(row, "path") == file), "" if items else file)


def _variables(found: Assignment) -> dict[str, Assignment]:
    return {
        name: Assignment(name, one.value, found.line, quote="'", file=found.file)
        for name, one in parse(found.value).items()
    }
