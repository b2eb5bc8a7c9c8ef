"""The balancer among the services of a Compose file: its site is a file beside, a config, or stands in its command."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from wizard.formats.compose import Beside, Mount, Project, Service
from wizard.formats.sites.model import SiteError
from wizard.pattern import pattern
from wizard.plan.i18n import mark, tr
from wizard.plan.place import Place
from wizard.plan.plan import Plan, Unreadable
from wizard.plan.sections import BalancerKind
from wizard.sources.contract import OpenedSource
from wizard.sources.shared import shell_texts
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
_FOLDERS = {
    BalancerKind.NGINX: (pattern(r"/etc/nginx(?:/(?:conf|http)\.d|/sites-enabled)?"), ".conf"),
    BalancerKind.HAPROXY: (pattern(r"/usr/local/etc/haproxy"), ".cfg"),
}
"""Folders with it that are mounted as a whole, and how the files in them end."""
_MOST_FILES = 50

Within = Callable[[str, str], Sequence[str]]
"""Returns the paths of the files in a folder beside the Compose file that have an ending, sorted."""
_OWN = {
    BalancerKind.NGINX: pattern(
        r"binary_remote_addr|body_bytes_sent|bytes_sent|connection(?:_requests|_time)?|content_(?:length|type)"
        r"|document_(?:root|uri)|host|http2|http3|https|is_args|limit_rate|msec|proxy_add_x_forwarded_for"
        r"|proxy_protocol_(?:server_)?(?:addr|port)|query_string|realip_remote_(?:addr|port)"
        r"|realpath_root|remote_(?:addr|port|user)|request"
        r"|request_(?:body|body_file|completion|filename|id|length|method|time|uri)|scheme"
        r"|server_(?:addr|protocol)|ssl_(?:alpn_protocol|ciphers?|curves?|early_data|protocol|server_name)"
        r"|ssl_(?:client|session)_[a-z_0-9]+|time_(?:iso8601|local)|uri"
        r"|upstream_(?:addr|bytes_received|bytes_sent|cache_status|connect_time|header_time|response_length)"
        r"|upstream_(?:response_time|status)|(?:arg|cookie|sent_http|upstream_http|upstream_cookie)_[a-z_0-9]+"
        r"|http_(?!proxy$)[a-z_0-9]+"
    )
}
"""Variables that nginx documents for HTTP (nginx.org/en/docs/varindex.html), without what people may call their own."""
_LOST = mark(
    "A shell puts its own variable {name} in here and has none: write “{sign}”, or put the text in single quotes "
    "(<<'EOF')."
)
_TAKEN = mark("Compose puts its own variable {name} in here and has none: write “{sign}”.")


def site_of(project: Project, title: str, folder: Path | None, beside: Beside, within: Within) -> OpenedSource | None:
    """Return what the site of the first balancer among the services says; None where there is none that can be read."""
    for service in project.services.values():
        kind = next((kind for kind, pattern in _KINDS.items() if pattern.search(service.image)), None)
        for site in _sites(service, project, kind, folder, beside, within) if kind else ():
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
    service: Service, project: Project, kind: BalancerKind, folder: Path | None, beside: Beside, within: Within
) -> Iterator[SiteText]:
    for mount in service.mounts.values():
        for file in _mounted(mount, kind, within):
            if (text := beside(file)) is not None:
                yield SiteText(text, kind, file, path=folder and folder / file, mounted_in=service.name)
    for target, name in service.configs.items():
        config = project.configs.get(name)
        if config is None or not _FILES[kind].fullmatch(target):
            continue
        if config.content:
            yield part_of(config.content, kind, config.place, config.begins, service.name)
        elif (text := beside(config.file)) is not None:
            yield SiteText(text, kind, config.file, path=folder and folder / config.file, mounted_in=service.name)
    for one in shell_texts.written(service.command, _FILES[kind]):
        place = service.command_place or service.place
        begins, skipped = service.command_begins, one.line - service.command_before
        begins = begins + skipped if begins and one.line and skipped >= 0 else 0
        site = part_of(one.shown(service), kind, place, begins, service.name)
        yield replace(site, expanded=one.expanded, lost=tuple(_lost(one, service, _OWN.get(kind), place, begins)))


def _mounted(mount: Mount, kind: BalancerKind, within: Within) -> Iterator[str]:
    """Go through the files of a mount that the balancer reads: it is one of them, or a folder with them."""
    if _FILES[kind].fullmatch(mount.target):
        yield mount.source
    folder, ending = _FOLDERS[kind]
    if folder.fullmatch(mount.target) and mount.source.startswith("."):
        for file in within(mount.source, ending)[:_MOST_FILES]:
            if _FILES[kind].fullmatch(f"{mount.target}/{PurePosixPath(file).name}"):
                yield file


def _lost(
    one: shell_texts.ShellText, service: Service, own: re.Pattern[str] | None, place: Place, begins: int
) -> Iterator[Unreadable]:
    """Go through the signs of the balancer's own variables in a text that Compose or a shell takes for theirs.

    Any other variable may be the shell's, the image's, or that of who runs Compose.
    """
    taken = one.taken(service)
    for name, before in one.names.items():
        if own is None or not own.fullmatch(name):
            continue
        if name in taken:
            where = tr("line {number}", number=begins + before if begins else place.line)
            yield Unreadable(f"${name}", "", tr(_LOST, name=f"${name}", sign=f"\\$${name}"), where)
        elif name in service.command_unset:
            where = tr("line {number}", number=place.line)
            yield Unreadable(f"${name}", "", tr(_TAKEN, name=f"${name}", sign=f"$${name}"), where)
