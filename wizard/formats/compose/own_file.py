"""The env file that NocoBase itself reads in a container, where a mount or a config lies in its place.

What the container is given wins over it, be it empty (docs/nocobase.md, "Env files").
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from wizard.formats import image
from wizard.formats.compose.project import Config, Mount, Service
from wizard.formats.dotenv.grammar import parse
from wizard.plan.place import Place

_Read = Callable[[str], str | None]


def fill(service: Service, configs: Mapping[str, Config], beside: _Read, title: Callable[[str], str]) -> None:
    """Read that file into a service; one that is not at hand is kept as unread.

    `beside` reads a file by its path from the project's folder, which `title` says in full.
    """
    path = image.own_env_file(service.variables)
    config = configs.get(service.configs.get(path, ""))
    if config and config.content:
        _take(service, config.content, config.place.file, max(config.begins - 1, 0))
    elif config and config.file:
        _read(service, config.file, config.place, beside, title)
    elif mount := _mounted(service.mounts, PurePosixPath(path)):
        if mount.source.startswith((".", "/")):
            _read(service, mount.source, mount.place, beside, title)
        else:  # a volume's files are nowhere that is known
            service.own_unread = mount.source, mount.place


def _mounted(mounts: Mapping[str, Mount], path: PurePosixPath) -> Mount | None:
    """Return what is mounted at a path, or what of a mount above it lies there; the source of a volume is no path."""
    for above in (path, *path.parents):
        if mount := mounts.get(str(above)):
            return (
                mount if above == path else replace(mount, source=posixpath.join(mount.source, path.relative_to(above)))
            )
    return None


def _read(service: Service, source: str, place: Place, beside: _Read, title: Callable[[str], str]) -> None:
    text = beside(posixpath.normpath(source))
    if text is None:
        service.own_unread = source, place
    else:
        _take(service, text, title(source), 0)


def _take(service: Service, text: str, file: str, before: int) -> None:
    found = parse(text)
    service.from_own_file = {name: replace(one, file=file, line=one.line + before) for name, one in found.items()}
