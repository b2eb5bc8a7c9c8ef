"""From the site of a balancer to a plan: the nodes that it passes requests to, and how users come in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, replace
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from wizard.dataclass import dataclass
from wizard.formats.allowance import Cost, spend
from wizard.formats.sites import haproxy_site, nginx_reading, nginx_site
from wizard.formats.sites.inline import EXPANDED
from wizard.formats.sites.model import LARGEST, Server, Site, SiteError, Wanted
from wizard.formats.sites.model import Node as Reached
from wizard.plan.i18n import tr
from wizard.plan.kinds import NODE_IPV6, BadValueError
from wizard.plan.observed import Observed, Topic, Unfollowed
from wizard.plan.place import Place
from wizard.plan.plan import Plan, Unreadable
from wizard.plan.sections import BalancerKind, Node
from wizard.plan.setting import settings_of
from wizard.sources.contract import OpenedSource
from wizard.sources.shared.containers import node_name, said, silent, tried
from wizard.sources.shared.fronts import Front, of_haproxy, of_nginx

_HTTP, _HTTPS = 80, 443
_MOST_PATHS = 20
"""Locations of a server that are looked at for the one that leads to nodes: each costs a look at all of them."""
_LEAST = 2048
"""Characters that the shortest site counts for: to begin with one takes time, too."""
_MOST_NODES = 500
"""Nodes that the templates of a site stand for."""


@dataclass(frozen=True, slots=True)
class SiteText:
    """The text of a site, and where it is: a file of its own (`path`), or a part of another that begins at `line`.

    `exact`: the lines of the text are those of the file, before which empty ones stand for what is there.
    """

    text: str = field(repr=False)
    kind: BalancerKind
    file: str
    path: Path | None = None
    line: int = 0
    exact: bool = False
    service: str = ""
    """The service of a Compose file that has it in itself."""
    mounted_in: str = ""
    """The service of a Compose file that has it from a file beside."""
    expanded: bool = False
    """Whether a shell puts variables into it: its text is without the backslashes that keep them."""
    lost: tuple[Unreadable, ...] = ()
    """Signs of the balancer's own that are gone when it reads the text."""
    hosts: tuple[str, ...] = ()
    """Names that are known to be hosts, such as those of services beside the balancer."""

    def place(self, line: int, name: str = "") -> Place:
        """Return where a line of it stands; of a part of another file, where that begins."""
        return Place(self.file, line if self.path or self.exact else self.line, name)


def opened(site: SiteText, title: str) -> OpenedSource:
    """Return the plan of a site.

    Raises SourceError where a source has more of them than it may, SiteError where it passes nothing on, or cannot be
    understood.
    """
    spend(Cost.SITES, min(max(len(site.text), _LEAST), LARGEST))
    read: Callable[[Wanted], Site]
    if site.kind is BalancerKind.NGINX:
        http, whole = nginx_reading.http_of(site.text)
        front, read = of_nginx(http), partial(nginx_site.read_tree, http, whole=whole)
    else:
        front, read = of_haproxy(site.text), partial(haproxy_site.read, site.text)
    found, public_path = _read(site, front, read)
    plan = silent(next(iter(front.names), ""), Path(site.file).stem)
    plan = _with_front(plan, site, front)
    if public_path != "/":
        plan = tried(plan, "application.public_path", public_path, site.place(front.line))
    plan = _with_nodes(plan, site, found)
    others = (Observed(Topic.UNFOLLOWED, name, site.place(line), Unfollowed.ANOTHER) for name, line in front.others)
    plan = replace(plan, observed=(*plan.observed, *others))
    for item in site.lost:
        plan = plan.with_unreadable(item)
    if site.mounted_in:
        runs = Observed(Topic.BALANCER_SERVICE, site.kind.value, site.place(front.line), site.mounted_in)
        plan = replace(plan, observed=(*plan.observed, runs))
    if site.path is None:
        plan = replace(plan, observed=(*plan.observed, _kept(site, front)))
    return OpenedSource(plan, {}, title)


def part_of(text: str, kind: BalancerKind, place: Place, begins: int, service: str) -> SiteText:
    """Return a site that is a part of a Compose file: at `place`, in the lines from `begins` on, if that is known."""
    before = "\n" * (begins - 1)
    return SiteText(f"{before}{text}", kind, place.file, line=place.line, exact=begins > 0, service=service)


def _kept(site: SiteText, front: Front) -> Observed:
    """Return the text of a site without a file of its own, for its judges."""
    place = site.place(front.line)
    name = site.file if site.exact or not site.line else place.words
    names = (name, EXPANDED) if site.expanded else (name,)
    return Observed(Topic.SITE, site.kind.value, place, site.text, names, site.service)


def _read(site: SiteText, front: Front, read: Callable[[Wanted], Site]) -> tuple[Site, str]:
    """Read the site for the first path that requests are passed on from."""
    first: Site | None = None
    for path in front.paths[:_MOST_PATHS]:
        found = read(_wanted(site, front, path))
        if any(group.servers for group in found.groups):
            return found, path
        first = first or found
    if len(front.paths) > _MOST_PATHS:
        raise SiteError(
            tr("none of its first {most} locations leads to servers, and more are not looked at", most=_MOST_PATHS),
            front.line,
        )
    words = first.puzzle.words if first and first.puzzle else tr("it passes nothing on")
    raise SiteError(words, first.puzzle.line if first and first.puzzle else front.line)


def _wanted(site: SiteText, front: Front, path: str) -> Wanted:
    scheme = "https" if front.tls_ports else "http"
    ports = front.tls_ports or front.ports
    known = tuple(Reached(name, name, 0) for name in site.hosts)
    return Wanted(site.kind, scheme, front.names[:1], next(iter(front.names), ""), ports, path, known, (), 0)


def _with_front(plan: Plan, site: SiteText, front: Front) -> Plan:
    place = site.place(front.line)
    plan = said(plan, "balancer.kind", site.kind, place)
    plan = said(plan, "balancer.tls", bool(front.tls_ports), place)
    values: dict[str, Any] = {
        "balancer.port": next(iter(front.ports), None),
        "balancer.tls_port": next(iter(front.tls_ports), None),
        "balancer.server_name": " ".join(front.names),
        "balancer.certificate": front.certificate,
        "balancer.certificate_key": front.certificate_key,
        "balancer.site_file": str(site.path.resolve()) if site.path else "",
    }
    for key, value in values.items():
        if value:
            plan = tried(plan, key, str(value), place)
    for name in front.names[:1]:
        plan = tried(plan, "application.public_url", _address(name, front), place)
    return plan


def _address(name: str, front: Front) -> str:
    scheme, usual = ("https", _HTTPS) if front.tls_ports else ("http", _HTTP)
    port = next(iter(front.tls_ports or front.ports), usual)
    return f"{scheme}://{name}" + (f":{port}" if port != usual else "")


def _with_nodes(plan: Plan, site: SiteText, found: Site) -> Plan:
    servers: dict[tuple[str, int | None], Server] = {}
    for group in found.groups:
        for server in group.servers:
            servers.setdefault((server.text, None) if server.unread else (server.host, server.port), server)
    nodes: list[Node] = []
    names: set[str] = set()
    places = dict(plan.places)
    unread: list[Unreadable] = []
    reason = Unfollowed.INCLUDE if site.kind is BalancerKind.NGINX else Unfollowed.FORM
    lost = [Observed(Topic.UNFOLLOWED, words, site.place(_line_of(site, words)), reason) for words in found.notes]
    for server in servers.values():
        more = _nodes_of(server, names, len(nodes) + 1)
        if not more:
            lost.append(Observed(Topic.UNFOLLOWED, server.text, site.place(server.line), Unfollowed.FORM))
        place = site.place(server.line, server.host)
        for node in more:
            said_of = ["name", *(["port"] if server.port else [])]  # without one HAProxy keeps the one that is asked
            said_of += ["host"] if node.host or _is_address(server.host) else []
            if _is_address(server.host) and not node.host:
                where = tr("line {number}", number=server.line)
                unread.append(Unreadable(f"nodes.{len(nodes)}.host", server.host, tr(NODE_IPV6), where))
            places |= {f"nodes.{len(nodes)}.{name}": place for name in said_of}
            nodes.append(node)
            names.add(node.name)
    silent_of = {name for name in settings_of(Node()) if name not in {"name", "host", "port"}}
    unsaid = {f"nodes.{index}.{name}" for index in range(len(nodes)) for name in silent_of}
    asked = {f"nodes.{index}.{name}" for index in range(len(nodes)) for name in ("host", "port")}
    unsaid |= asked - places.keys()
    return replace(
        plan,
        nodes=tuple(nodes),
        unreadable=(*plan.unreadable, *unread),
        places=places,
        unsaid=(plan.unsaid - ({"nodes"} if nodes else set())) | unsaid,
        observed=tuple(lost),
    )


def _line_of(site: SiteText, words: str) -> int:
    """Return the first line with all of these words; 0 where they are spread over several."""
    lines = site.text.splitlines()
    return next((at for at, line in enumerate(lines, start=1) if words in " ".join(line.split())), 0)


def _nodes_of(server: Server, taken: set[str], number: int) -> list[Node]:
    """Return what a line stands for: one node, or those of a template; none where its address is no host, or unread.

    An IPv6 address is one that plans do not take: the node has none then. So have those of a template, whose names and
    addresses DNS gives.
    """
    if server.unread:
        return []
    if not _is_address(server.host) or "." in server.host:
        try:
            host = str(settings_of(Node())["host"].parse(server.host))
        except BadValueError:
            return []
    else:
        host = ""
    if server.numbers and number > _MOST_NODES:
        return []
    numbers = server.numbers[: _MOST_NODES - number + 1]
    names = [f"{server.prefix}{at}" for at in numbers] or [_name(server)]
    host = "" if len(server.numbers) > 1 else host
    found: dict[str, Node] = {}
    for name in map(node_name, names):
        called = f"node{number + len(found)}" if name == "node" or name in taken or name in found else name
        found[called] = Node(name=called, host=host, port=server.port or 13000)
    return [*found.values()]


def _name(server: Server) -> str:
    words = server.text.split()
    called = words[1] if words[0] == "server" and len(words) > 2 and words[1] != server.host else ""  # noqa: PLR2004
    return called if called and ":" not in called else "" if _is_address(server.host) else server.host


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
