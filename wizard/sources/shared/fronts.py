"""Which server of nginx or frontend of HAProxy is the one for NocoBase, and what it says of the way in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from wizard.dataclass import dataclass
from wizard.formats.sites import nginx_tree
from wizard.formats.sites.haproxy_routes import Asked, hosts_of, route
from wizard.formats.sites.haproxy_text import Section, sections
from wizard.formats.sites.model import SiteError
from wizard.formats.sites.nginx_tree import Statement
from wizard.pattern import pattern
from wizard.plan.i18n import listing, tr

_SPECIAL = ("_", "*", "~", "$")
_CERTIFICATES = ("ssl_certificate", "ssl_certificate_key")
_MOST_HOSTS = 20
"""Hosts in a frontend's conditions that are asked for: each costs a look at all of its rules."""
_SIGNS = (
    pattern(r"nocobase|__health_check", re.IGNORECASE),
    pattern(r":130[0-9]{2}\b"),
    pattern(r"(?:^|\s)(?:/\S*)?/ws\b", re.MULTILINE),
)
"""Words of a site that is NocoBase's, those that tell most first: its name, its usual ports, its WebSocket."""


@dataclass(frozen=True, slots=True)
class Front:
    """What a server or frontend says of the way in: hosts, ports, whether with TLS, and its line.

    `others` are those that lead elsewhere and may be NocoBase's as well, with their lines.
    """

    names: tuple[str, ...]
    ports: tuple[int, ...]
    tls_ports: tuple[int, ...]
    line: int
    paths: tuple[str, ...] = ("/",)
    certificate: str = ""
    certificate_key: str = ""
    others: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A front, where it leads, and how much in it is as NocoBase's are."""

    front: Front
    target: tuple[str, ...]
    likeness: tuple[bool, ...]


def _chosen(found: Sequence[_Candidate]) -> Front:
    """Return the likest one with those that lead elsewhere; of several alike one with TLS or a name, then the first."""
    first = max(found, key=lambda one: (one.likeness, bool(one.front.tls_ports), bool(one.front.names)))
    others = [one for one in found if one.likeness == first.likeness and one.target != first.target]
    named = {" ".join(one.front.names[:1]) or listing(one.target): one.front.line for one in others}
    return replace(first.front, others=tuple(named.items()))


def _likeness(text: str) -> tuple[bool, ...]:
    return tuple(sign.search(text) is not None for sign in _SIGNS)


def of_nginx(http: Statement) -> Front:
    """Return the server for NocoBase; raises SiteError where none passes requests on."""
    upstreams = {one.words[0]: one for one in http.all("upstream") if one.words}
    found = [_nginx(one, proxies, upstreams) for one in http.all("server") if (proxies := _proxies(one))]
    if not found:
        raise SiteError(tr("there is no “server” that passes requests on"))
    chosen = _chosen(found)
    plain = [port for one in http.all("server") for port in _listens(one, tls=False)]
    return replace(chosen, ports=tuple(dict.fromkeys((*chosen.ports, *plain))))


def _nginx(server: Statement, proxies: list[Statement], upstreams: dict[str, Statement]) -> _Candidate:
    targets = dict.fromkeys(" ".join(one.words[:1]) for one in proxies)
    groups = [upstreams[name] for one in targets if (name := one.partition("://")[2].partition("/")[0]) in upstreams]
    words = [one.text for block in (server, *groups) for one in (block, *nginx_tree.everything_in(block))]
    return _Candidate(_of_server(server), tuple(targets), _likeness("\n".join(words)))


def _proxies(server: Statement) -> list[Statement]:
    return [one for one in nginx_tree.everything_in(server) if one.name == "proxy_pass"]


def _of_server(server: Statement) -> Front:
    names = [word for one in server.all("server_name") for word in one.words if not word.startswith(_SPECIAL)]
    locations = [one.words[-1] for one in server.all("location") if one.words and _proxies(one)]
    paths = [path if path.endswith("/") else f"{path}/" for path in locations if path.startswith("/")]
    first = {key: next((one.words[0] for one in server.all(key) if one.words), "") for key in _CERTIFICATES}
    return Front(
        names=tuple(names),
        ports=tuple(_listens(server, tls=False)),
        tls_ports=tuple(_listens(server, tls=True)),
        line=server.line,
        paths=tuple(dict.fromkeys(("/", *paths))),
        certificate=first["ssl_certificate"],
        certificate_key=first["ssl_certificate_key"],
    )


def _listens(server: Statement, *, tls: bool) -> Iterator[int]:
    listens = server.all("listen") or ([] if tls else [Statement("listen", ("80",), server.line)])
    for one in listens:
        if ("ssl" in one.words[1:]) is tls:
            yield from nginx_tree.ports(Statement("server", (), one.line, (one,)))


def of_haproxy(text: str) -> Front:
    """Return the frontend for NocoBase; raises SiteError where none passes requests on."""
    read = sections(text)
    fronts = [one for one in read if one.kind in {"frontend", "listen"} and one.all("bind")]
    passing = [one for one in fronts if one.setting("default_backend") or one.all("use_backend") or _has_servers(one)]
    if not passing:
        raise SiteError(tr("there is no “frontend” that passes requests on"))
    backends = {one.name: one for one in read if one.kind in {"backend", "listen"}}
    found = [one for front in passing for one in _haproxy(front, backends)]
    if found:
        return _chosen(found)
    return _of_frontend(
        next((one for one in passing if any("ssl" in line.words for line in one.all("bind"))), passing[0])
    )


def _has_servers(section: Section) -> bool:
    return bool(section.all("server") or section.all("server-template"))


def _haproxy(frontend: Section, backends: dict[str, Section]) -> Iterator[_Candidate]:
    """Go through where a frontend leads: any request, and those for each host that its conditions send elsewhere."""
    led: set[str] = set()
    for host in ("", *hosts_of(frontend)[:_MOST_HOSTS]):
        try:
            name = route(frontend, Asked("/", host)).backend
        except SiteError:
            continue
        backend = backends.get(name)
        if name in led or backend is None or not _has_servers(backend):
            continue
        led.add(name)
        front = replace(_of_frontend(frontend), names=(host,) if host else ())
        words = "\n".join((name, *(line.text for line in backend.lines)))
        yield _Candidate(front, (name,), _likeness(words))


def _of_frontend(chosen: Section) -> Front:
    binds = [(line, port) for line in chosen.all("bind") for port in _bound(line.words[1:2])]
    return Front(
        names=(),
        ports=tuple(port for line, port in binds if "ssl" not in line.words),
        tls_ports=tuple(port for line, port in binds if "ssl" in line.words),
        line=chosen.line,
    )


def _bound(words: Iterable[str]) -> Iterator[int]:
    for word in words:
        for address in word.split(","):
            port = address.rpartition(":")[2]
            if port.isdecimal():
                yield int(port[:9])
