"""The balancer among the services of a Compose file: its site is a file beside, a config, or stands in its command."""

from __future__ import annotations

from bisect import bisect_right
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
_HERE = pattern(r"<<-?[ \t]*(['\"]?)(?P<word>\w+)\1")


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
    for text in _here_documents(service.command):
        place = service.command_place or service.place
        yield SiteText(text, kind, place.file, line=place.line)


def _here_documents(command: str) -> Iterator[str]:
    """Return the texts that stand in a command of a shell itself, each up to the line with its word alone."""
    lines = command.split("\n")
    ends: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        ends.setdefault(line.strip(), []).append(number)
    last = -1
    for number, line in enumerate(lines):
        for match in _HERE.finditer(line) if number > last else ():
            known = ends.get(match["word"], [])
            if (at := bisect_right(known, number)) < len(known):
                last = known[at]
                yield "\n".join(lines[number + 1 : last])
                break
