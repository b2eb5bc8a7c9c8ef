"""Verb open: a plan from what an admin has (`wizard.sources`), or from a saved cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from wizard.app.acceptance import with_accepted_of
from wizard.formats import cluster_file
from wizard.formats.files import SourceError
from wizard.plan.i18n import listing, tr
from wizard.reading import guarded, path_of
from wizard.sources import registry
from wizard.sources.bundle import CLUSTER_FILE
from wizard.sources.contract import OpenedSource

if TYPE_CHECKING:
    from wizard.storage.saved_clusters import SavedCluster, Workspace

__all__ = ["CLUSTER_FILE", "OpenedSource", "open_saved", "open_source", "open_sources"]


def open_sources(sources: Sequence[str], workspace: Workspace | None = None) -> OpenedSource:
    """Read the plan that all `sources` say together, at least one; raises SourceError."""
    opened = [*_each(sources, workspace)]
    found = opened[0] if len(opened) == 1 else _completed(opened)
    accepted = found.plan.accepted
    for source in opened:
        accepted += tuple(one for one in source.plan.accepted if one not in accepted)
    return replace(found, plan=replace(found.plan, accepted=accepted)) if accepted else found


def _each(sources: Sequence[str], workspace: Workspace | None) -> Iterator[OpenedSource]:
    """Open the sources one by one; neighbours that are layers of one project, such as Compose files, together."""
    for layers, group in groupby(sources, _is_layer if len(sources) > 1 else lambda _source: False):
        names = [*group]
        if layers and len(names) > 1:
            yield _opened_layers(names)
        else:
            yield from (open_source(name, workspace) for name in names)


def _completed(opened: Sequence[OpenedSource]) -> OpenedSource:
    from wizard.sources.completing import completed  # with env files, by whose names nodes are called

    return completed(opened)


def _is_layer(source: str) -> bool:
    return bool(source.strip()) and registry.layered(path_of(source), source)


def _opened_layers(names: Sequence[str]) -> OpenedSource:
    try:
        return with_accepted_of(names[0], registry.read_layers([path_of(name) for name in names], names))
    except OSError as error:
        raise SourceError(
            tr("{name} cannot be read: {reason}.", name=names[0], reason=error.strerror or error)
        ) from error


def open_source(source: str, workspace: Workspace | None = None) -> OpenedSource:
    """Read the plan that `source` names: a path, or else the id or the name of a saved cluster; raises SourceError."""
    if not source.strip():  # a shell's variable that is not set; as a path it would be the working folder
        raise SourceError(tr("The source is an empty name."))
    path = path_of(source)
    try:
        if path.exists():
            return with_accepted_of(source, registry.read(path, source))
    except OSError as error:
        raise SourceError(
            tr("{name} cannot be read: {reason}.", name=source, reason=error.strerror or error)
        ) from error
    return _saved(source, workspace)


def _saved(source: str, workspace: Workspace | None) -> OpenedSource:
    from wizard.storage.saved_clusters import Workspace

    workspace = workspace or Workspace()
    clusters = workspace.clusters()
    found = [one for one in clusters if one.id == source] or [one for one in clusters if one.name == source]
    if not found:
        raise SourceError(tr("There is no file and no saved cluster called “{name}”.", name=source))
    if len(found) > 1:
        ids = listing(one.id for one in found)
        raise SourceError(tr("Several saved clusters are called “{name}”; say which: {ids}.", name=source, ids=ids))
    return open_saved(found[0], workspace)


def open_saved(cluster: SavedCluster, workspace: Workspace) -> OpenedSource:
    """Read a saved cluster; what was half typed comes back as unreadable; raises SourceError."""
    from wizard.storage.saved_clusters import WorkspaceError

    if cluster.problem:
        raise SourceError(f"{cluster.path}: {cluster.problem}")
    try:
        text = workspace.load(cluster.id)
    except WorkspaceError as error:
        raise SourceError(str(error)) from error
    try:
        with guarded(cluster.path):
            plan = cluster_file.read(text, str(cluster.path), draft=True)
            return OpenedSource(plan, title=cluster.name, saved_as=cluster.id)
    except OSError as error:
        raise SourceError(
            tr("{name} cannot be read: {reason}.", name=cluster.path, reason=error.strerror or error)
        ) from error
