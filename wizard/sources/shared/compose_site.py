"""The balancer among the services of a Compose file: its site is a file beside, a config, or stands in its command."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from wizard.formats.compose import Beside, Project, Service
from wizard.formats.sites.model import SiteError
from wizard.pattern import pattern
from wizard.plan.plan import Plan
from wizard.plan.sections import BalancerKind
from wizard.sources.contract import OpenedSource
from wizard.sources.shared.containers import node_name, tried
from wizard.sources.shared.way_in import SiteText, opened, part_of

_KINDS = {
    BalancerKind.NGINX: pattern(r"(?:^|/)(?:nginx|nginx-unprivileged|openresty)(?::|@|$)"),
    BalancerKind.HAPROXY: pattern(r"(?:^|/)haproxy[\w.-]*(?::|@|$)"),
}
_FILES = {
    BalancerKind.NGINX: pattern(r"/etc/nginx/(?:nginx\.conf|conf\.d/[^/]+|sites-enabled/[^/]+|http\.d/[^/]+)"),
    BalancerKind.HAPROXY: pattern(r"/usr/local/etc/haproxy/haproxy\.cfg"),
}
"""Where the images look for their configuration."""
_HERE = pattern(r"<<-?[ \t]*(?P<quote>['\"\\]?)(?P<word>\w+)")
_ESCAPED = pattern(r"\\([$`\\])")
"""Signs that a shell leaves alone in a here-document whose word has no quotes."""


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


def reached_beside(plan: Plan, site: Plan, services: Sequence[Service]) -> Plan:
    """Return a plan in which nodes that publish no port are where the balancer beside them reaches them: by name.

    A node that it does not know would be there, too, at the port of the others.
    """
    known = {node.host: (node.port, site.place_of(f"nodes.{at}.host")) for at, node in enumerate(site.nodes)}
    of_nodes = {node_name(service.name): service for service in services if service.replicas == 1}
    usual = next((known[name][0] for service in of_nodes.values() for name in service.names if name in known), None)
    for index, node in enumerate(plan.nodes):
        service = of_nodes.get(node.name)
        if usual is None or service is None or service.ports or f"nodes.{index}.host" in plan.places:
            continue
        host = next((name for name in sorted(service.names) if name in known), service.name)
        port, place = known.get(host, (usual, service.place))
        for key, value in (("host", host), ("port", str(port))):
            plan = tried(plan, f"nodes.{index}.{key}", value, place or service.place)
    return replace(plan, unsaid=plan.unsaid - plan.places.keys())


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
            yield part_of(config.content, kind, config.place, config.begins, service.name)
        elif (text := beside(config.file)) is not None:
            yield SiteText(text, kind, config.file, path=folder and folder / config.file)
    for number, text, expanded in _here_documents(service.command):
        place = service.command_place or service.place
        begins, skipped = service.command_begins, number - service.command_before
        site = part_of(text, kind, place, begins + skipped if begins and skipped >= 0 else 0, service.name)
        yield replace(site, text=_ESCAPED.sub(r"\1", site.text), expanded=True) if expanded else site


def _here_documents(command: str) -> Iterator[tuple[int, str, bool]]:
    """Return the texts that stand in a command of a shell itself, each up to the line with its word alone.

    The number is how many lines stand before the text; then whether the shell puts variables into it.
    """
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
                yield number + 1, "\n".join(lines[number + 1 : last]), not match["quote"]
                break
