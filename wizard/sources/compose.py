"""A Compose file: its services that are NocoBase are the nodes, and what they are given is the plan."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.formats.files import SourceError
from wizard.formats.recognise import Form
from wizard.plan.i18n import listing, mark, tr
from wizard.sources.cluster_file import is_env_file
from wizard.sources.contract import Likeness, OpenedSource
from wizard.sources.material import Material

if TYPE_CHECKING:
    from wizard.formats.compose import Service

_FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""The names that Compose looks for in a folder, in its order; the first two are usual."""


class Compose:
    """Reads a Compose file, or a folder with one; `docker compose config` gives a file that is read alike."""

    title = mark("A Compose file")
    description = mark(
        "A Compose file or its folder, or what “docker compose config” prints: the services that are NocoBase with "
        "what they are given, what they mount and what they publish, and the site of a balancer among the services."
    )

    def likeness(self, material: Material) -> Likeness:
        if material.holds_files:
            return Likeness.SURE if _in_folder(material) else Likeness.NO
        if is_env_file(material):
            return Likeness.NO
        return Likeness.SURE if material.form is Form.COMPOSE else Likeness.NO

    def read(self, material: Material) -> OpenedSource:
        return self.read_layers([material])

    def read_layers(self, materials: Sequence[Material]) -> OpenedSource:
        """Read several files as `docker compose -f … -f …` does: each overrides those before it."""
        from wizard.formats import compose
        from wizard.formats.compose import Layer
        from wizard.sources.shared.compose_site import site_of
        from wizard.sources.shared.containers import is_nocobase
        from wizard.sources.shared.profiles import started
        from wizard.sources.shared.services import cluster

        material, *others = materials
        layers = [Layer(other.text, other.title, os.path.relpath(other.path, material.path.parent)) for other in others]
        file = _in_folder(material) if material.holds_files else material.path.name
        title = f"{material.title.rstrip('/')}/{file}" if material.holds_files else material.title
        text = material.text_of(file) if material.holds_files else material.text
        project = compose.read(text or "", title, file, material.near, layers)
        folder = material.path if material.holds_files else material.path.parent
        name = project.name or (material.path.stem if material.archive else folder.resolve().name)
        site = site_of(project, title, None if material.archive else folder, material.near, material.names_within)
        nodes = [service for service in project.services.values() if is_nocobase(service.image, service.variables)]
        nodes, idle = started(nodes, project)
        nodes = [service for service in nodes if service.replicas] or nodes
        if nodes:
            opened = cluster(nodes, project, title, name)
            opened = replace(opened, plan=replace(opened.plan, observed=(*opened.plan.observed, *idle)))
            opened = _with_site(opened, site, nodes) if site else opened
        elif site:
            opened = site
        else:
            names = listing(project.services) or "–"
            raise SourceError(
                tr(
                    "{name}: no service in it is NocoBase, by its image or its variables ({names}).",
                    name=title,
                    names=names,
                )
            )
        return replace(opened, title=listing(one.title for one in materials))


def _in_folder(material: Material) -> str:
    return next((name for name in _FILES if name in material.names), "")


def _with_site(opened: OpenedSource, site: OpenedSource, nodes: Sequence[Service]) -> OpenedSource:
    """Return a cluster with what the balancer among its services says of the way in; its nodes are the services."""
    from wizard.sources.shared.compose_site import reached_beside
    from wizard.sources.shared.containers import said

    plan = opened.plan
    for key, place in site.plan.places.items():
        if not key.startswith("nodes"):
            plan = said(plan, key, site.plan.get(key), place)
    for item in site.plan.unreadable:
        if not item.key.startswith("nodes"):
            plan = plan.with_unreadable(item)
    plan = replace(reached_beside(plan, site.plan, nodes), observed=(*plan.observed, *site.plan.observed))
    return OpenedSource(plan, opened.secrets, opened.title)


SOURCE = Compose()
