"""Read a configuration of nginx: which nodes it passes the planned paths to, and under what terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from wizard.formats.allowance import allowance
from wizard.formats.files import SourceError
from wizard.formats.sites import nginx_reading, nginx_tree
from wizard.formats.sites.model import Group, Puzzle, Server, Site, SiteError, Term, Terms, Unseen, Wanted, by_name
from wizard.formats.sites.nginx_choices import choices, netloc_of
from wizard.formats.sites.nginx_health import answers, checks
from wizard.formats.sites.nginx_request import astray, named, refuse_rewritten, resolved
from wizard.formats.sites.nginx_tree import Statement, includes, place_of, proxy_of
from wizard.formats.sites.nginx_uploads import bypasses
from wizard.plan.i18n import tr
from wizard.plan.web import USUAL_PORTS

_SETTINGS = (
    "auth_basic",
    "satisfy",
    "client_max_body_size",
    "proxy_http_version",
    "proxy_read_timeout",
    "proxy_send_timeout",
)
_PROGRAM = ("_by_lua", "upsync")
"""What names of directives have in them by which a program, or a service that is asked, says where requests go."""
_MOST_SPARES = 20
"""Locations that requests which failed go to; each may lead to other servers."""


def read(text: str, wanted: Wanted) -> Site:
    """Return what the text says.

    Raises SiteError where it cannot be parsed, or has no server for the public address.
    """
    http, whole = nginx_reading.http_of(text)
    try:
        with allowance(""):
            return read_tree(http, wanted, whole=whole)
    except SourceError as error:
        raise SiteError(tr("its regular expressions take too long")) from error


def read_tree(http: Statement, wanted: Wanted, *, whole: bool) -> Site:
    """Return what a configuration says, as `nginx_reading.http_of` gives it.

    Raises SiteError where it has no server for the public address, SourceError where its expressions cost too much.
    """
    server = nginx_tree.server_for(http, wanted)
    paths = [f"{wanted.public_path}{path}" for path in ("", "api/app:getInfo", "ws")]
    refuse_rewritten(server, paths)
    places = {path: place_of(server, path) for path in paths}
    _page, api, websocket = (_terms(path, [http, *place], whole=whole) for path, place in places.items())
    proxies = {path: proxy_of(place[-1]) for path, place in places.items()}
    groups, puzzle = _groups(http, places, wanted)
    return Site(
        groups=groups,
        api=named(api, server) if proxies[paths[1]] else None,
        websocket=resolved(websocket, http, _known(paths[2], wanted)) if proxies[paths[2]] else None,
        bodies=tuple(_bodies(http, server, wanted, whole=whole)),
        bypasses=tuple(dict.fromkeys(bypasses(http, server, wanted))),
        astray=tuple(astray(places)),
        health=tuple(checks(http, groups)),
        answers=tuple(answers(server, wanted)),
        repeats=_repeats(http, [*places.values()][1:]),
        puzzle=puzzle,
        notes=tuple(one.text for block in dict.fromkeys([server, *_blocks(places)]) for one in includes(block)),
    )


def _bodies(http: Statement, server: Statement, wanted: Wanted, *, whole: bool) -> Iterator[Terms]:
    """Return what holds where a body comes in: a named location that is tried last does not ask for its length again.

    So it was tried with nginx 1.22.
    """
    for path in ("api/attachments:create", "api/app:getInfo"):
        asked = f"{wanted.public_path}{path}"
        if proxy_of(place_of(server, asked)[-1]):
            yield _terms(asked, [http, *place_of(server, asked, followed=False)], whole=whole)


def _blocks(places: dict[str, list[Statement]]) -> list[Statement]:
    return [block for place in places.values() for block in place]


def _groups(
    http: Statement, places: dict[str, list[Statement]], wanted: Wanted
) -> tuple[tuple[Group, ...], Puzzle | None]:
    """Return the groups behind the paths, and why they cannot be told where they cannot."""
    api = f"{wanted.public_path}api/"
    if not any(proxy_of(place[-1]) for path, place in places.items() if path.startswith(api)):
        server = next(iter(places.values()))[0]
        block = places[f"{api}app:getInfo"][-1]
        if unread := includes(block):
            says = tr("where requests go stands in a file that is not read ({text})", text=unread[0].text)
            return (), Puzzle(says, unread[0].line)
        return (), Puzzle(tr("nothing below {path}api/ is passed on", path=wanted.public_path), server.line)
    upstreams = {one.words[0]: one for one in http.all("upstream") if one.words}
    found = []
    try:
        for path, place in places.items():
            if proxy := proxy_of(place[-1]):
                group = _group_of(proxy, [http, *place], upstreams, wanted, _known(path, wanted))
                spares = _spares(place, upstreams, wanted)
                shown = api if path.startswith(api) else path
                found.append(replace(group, servers=(*group.servers, *spares), paths=(shown,)))
    except SiteError as error:
        return (), Puzzle.of(error)
    return by_name(found), None


def _known(path: str, wanted: Wanted) -> dict[str, str]:
    """Return the variables that a request to a planned path has a value for."""
    websocket = path == f"{wanted.public_path}ws"
    hosts = {name: wanted.names[0] for name in ("$host", "$http_host", "$server_name") if wanted.names}
    return {"$http_upgrade": "websocket" if websocket else "", "$uri": path, "$request_uri": path, **hosts}


def _group_of(
    proxy: Statement,
    chain: list[Statement],
    upstreams: dict[str, Statement],
    wanted: Wanted,
    known: dict[str, str],
) -> Group:
    """Return the servers that a location may pass requests to, where a variable chooses those of all its texts."""
    http, *place = chain
    target = _target(proxy, place)
    if "$" in "".join(proxy.words[:1]):
        _refuse_programs(place)
    found = [_group(proxy, one, upstreams, wanted) for one in choices(target, http, known)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise SiteError(tr("where requests go is in a variable ({text})", text=proxy.text), proxy.line)
    servers = tuple(dict.fromkeys(server for group in found for server in group.servers))
    hidden = tuple(dict.fromkeys(words for group in found for words in group.hidden))
    name = netloc_of(target) or target
    alone = all(group.single for group in found)
    return Group(name, proxy.line, servers, single=alone, hidden=hidden)


def _group(proxy: Statement, target: str, upstreams: dict[str, Statement], wanted: Wanted) -> Group:
    netloc = netloc_of(target)
    if netloc in upstreams:
        block = upstreams[netloc]
        _refuse_programs([block])
        servers = tuple(_server(one) for one in block.all("server"))
        hidden = tuple(one.text for one in (*includes(block), *block.all("state")))
        return Group(netloc, block.line, servers, hidden=hidden)
    if "$" in netloc or not netloc:
        raise SiteError(tr("where requests go is in a variable ({text})", text=proxy.text), proxy.line)
    host, port = _host_and_port(netloc, USUAL_PORTS.get(target.partition(":")[0], 80))
    hosts = {node.host.lower() for node in (*wanted.serving, *wanted.idle)}
    if ":" not in netloc and "." not in netloc and host.lower() not in hosts:
        raise SiteError(tr("“upstream {name}” is not in this file", name=netloc), proxy.line)
    return Group(netloc, proxy.line, (Server(host, port, proxy.text, proxy.line),), single=True)


def _refuse_programs(blocks: list[Statement]) -> None:
    """Raise SiteError where a program may say where requests go."""
    if found := next(
        (one for block in blocks for one in block.block if any(part in one.name for part in _PROGRAM)), None
    ):
        raise SiteError(tr("a program decides where requests go ({name})", name=found.name), found.line)


def _target(proxy: Statement, place: list[Statement]) -> str:
    return nginx_tree.literal(proxy.words[0] if proxy.words else "", place)


def _spares(place: list[Statement], upstreams: dict[str, Statement], wanted: Wanted) -> list[Server]:
    """Return the servers that get a request after it failed: those of the location where an error page leads."""
    pages = {location: page for page, location in reversed(nginx_tree.failures_to(place))}
    if len(pages) > _MOST_SPARES:
        first = min(page.line for page in pages.values())
        raise SiteError(tr("its error pages lead to more than {most} locations", most=_MOST_SPARES), first)
    found: dict[str, list[Server]] = {}
    for location, page in reversed(pages.items()):
        chain = [place[0], location]
        if (proxy := proxy_of(location)) and (target := _target(proxy, chain)) not in found:
            group = _group(proxy, target, upstreams, wanted)
            found[target] = [replace(one, spare=True, line=page.line) for one in group.servers]
    return [one for servers in found.values() for one in servers]


def _repeats(http: Statement, places: list[list[Statement]]) -> tuple[Term, ...]:
    """Return what repeats a request that failed, a POST too: an error page to a named location, `non_idempotent`."""
    found: dict[int, Term] = {}
    for place in places:
        pages = [page for page, location in nginx_tree.failures_to(place) if proxy_of(location)]
        nearest = next((block for block in reversed([http, *place]) if block.all("proxy_next_upstream")), None)
        again = [one for one in nearest.all("proxy_next_upstream") if "non_idempotent" in one.words] if nearest else []
        found |= {one.line: Term((one.name, *one.words), one.line) for one in (*pages, *again)}
    return tuple(found[line] for line in sorted(found))


def _server(one: Statement) -> Server:
    host, port = _host_and_port(one.words[0] if one.words else "", 80)
    off = "down" in one.words[1:] or "drain" in one.words[1:]
    looked_up = any(word.startswith("service=") for word in one.words[1:])  # its addresses and ports come from DNS
    spare = "backup" in one.words[1:]
    return Server(host, port, one.text, one.line, off=off, spare=spare, unread=looked_up)


def _host_and_port(address: str, usual: int) -> tuple[str, int | None]:
    if address.startswith("unix:"):
        return address, None
    try:
        parts = urlsplit(f"//{address}")
        port = parts.port
    except ValueError:
        return address, None
    return parts.hostname or address, port or usual


def _terms(path: str, chain: list[Statement], *, whole: bool) -> Terms:
    """Return what holds at the end of the chain: each level inherits from the one before it."""
    settings: dict[str, Term] = {}
    for block in chain:
        for name in _SETTINGS:
            for one in block.all(name):
                settings[name] = Term(one.words, one.line)
    level = next((block for block in reversed(chain) if block.all("proxy_set_header")), None)
    # A level with a header of its own inherits none.
    headers = level.all("proxy_set_header") if level else []
    return Terms(
        path=path,
        line=chain[-1].line,
        headers_line=(level or chain[-1]).line,
        settings=settings,
        headers={one.words[0].lower(): Term(one.words[1:], one.line) for one in headers if one.words},
        tls=any("ssl" in one.words[1:] for one in chain[1].all("listen")),
        server_line=chain[1].line,
        unseen=_unseen(chain, whole=whole),
        headers_unseen=_unseen(chain[chain.index(level) :] if level else chain, whole=whole or level is not None),
    )


def _unseen(chain: list[Statement], *, whole: bool) -> Unseen | None:
    """Return what may say more: an include of the site, else one above it, else the part above this file."""
    for block in reversed(chain[1:] if chain[0].name == "http" else chain):
        if unread := includes(block):
            return Unseen(tr("line {line}, “{text}”", line=unread[0].line, text=unread[0].text), near=True)
    if not whole:
        return Unseen(tr("the “http” block of nginx.conf"), near=False)
    if chain[0].name == "http" and (unread := includes(chain[0])):
        return Unseen(tr("line {line}, “{text}”", line=unread[0].line, text=unread[0].text), near=False)
    return None
