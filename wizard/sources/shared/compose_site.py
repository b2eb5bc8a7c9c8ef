"""The balancer among the services of a Compose file: its site is a file beside, a config, or stands in its command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from wizard.formats.compose import Beside, Project, Service
from wizard.formats.sites.model import SiteError
from wizard.pattern import pattern
from wizard.plan.sections import BalancerKind
from wizard.sources.contract import OpenedSource
from wizard.sources.shared.way_in import SiteText, opened

_KINDS = {
    BalancerKind.NGINX: pattern(r"(?:^|/)(?:nginx|nginx-unprivileged|openresty)(?::|@|$)"),
    BalancerKind.HAPROXY: pattern(r"(?:^|/)haproxy[\w.-]*(?::|@|$)"),
}
_FILES = {
    BalancerKind.NGINX: pattern(r"/etc/nginx/(?:nginx\.conf|conf\.d/[^/]+|sites-enabled/[^/]+|http\.d/[^/]+)"),
    BalancerKind.HAPROXY: pattern(r"/usr/local/etc/haproxy/haproxy\.cfg"),
}
"""Where the images look for their configuration."""
_HERE = pattern(r"<<-?\s*(['\"]?)(?P<word>\w+)\1[^\n]*\n(?P<text>.*?)\n\s*(?P=word)\s*(?:\n|$)", re.DOTALL)


def site_of(project: Project, title: str, folder: Path | None, beside: Beside) -> OpenedSource | None:
    """Return what the site of the first balancer among the services says; None where there is none that can be read."""
    for service in project.services.values():
        kind = next((kind for kind, pattern in _KINDS.items() if pattern.search(service.image)), None)
        for site in _sites(service, project, kind, folder, beside) if kind else ():
            try:
                return opened(replace(site, hosts=tuple(project.services)), title)
            except SiteError:
                continue  # a part of a configuration, such as one for logs
    return None


def _sites(
    service: Service, project: Project, kind: BalancerKind, folder: Path | None, beside: Beside
) -> Iterator[SiteText]:
    for mount in service.mounts.values():
        text = beside(mount.source) if _FILES[kind].fullmatch(mount.target) else None
        if text is not None:
            yield SiteText(text, kind, mount.source, path=folder and folder / mount.source)
    for target, name in service.configs.items():
        config = project.configs.get(name)
        if config is None or not _FILES[kind].fullmatch(target):
            continue
        if config.content:
            yield SiteText(config.content, kind, config.place.file, line=config.place.line)
        elif (text := beside(config.file)) is not None:
            yield SiteText(text, kind, config.file, path=folder and folder / config.file)
    for match in _HERE.finditer(service.command):
        place = service.command_place or service.place
        yield SiteText(match["text"], kind, place.file, line=place.line)
