"""Read a configuration of HAProxy: which nodes it passes requests to, and under what terms."""

from __future__ import annotations

from dataclasses import replace

from wizard.formats.allowance import allowance
from wizard.formats.files import SourceError
from wizard.formats.sites.haproxy_health import answers, health
from wizard.formats.sites.haproxy_routes import Asked, Route, met, requests, route, uploads
from wizard.formats.sites.haproxy_servers import listed, server_of
from wizard.formats.sites.haproxy_terms import terms_of
from wizard.formats.sites.haproxy_text import Line, Section, sections
from wizard.formats.sites.model import Bypass, Group, Puzzle, Server, Site, SiteError, Term, Wanted, by_name
from wizard.pattern import pattern
from wizard.plan.i18n import listing, tr, trn
from wizard.plan.web import HEALTH_PATH

_PORTS = pattern(r"(?:^|:)([0-9]+)(?:-([0-9]+))?$")
_AFTER_SENDING = frozenset(
    ("all-retryable-errors", "response-timeout", "empty-response", "junk-response", "500", "502", "503", "504")
)
"""Words of `retry-on` for failures that come after a server had the request."""


def read(text: str, wanted: Wanted) -> Site:
    """Return what the text says; raises SiteError where it cannot be parsed, or has no frontend for the address."""
    try:
        with allowance(""):
            return _read(text, wanted)
    except SourceError as error:
        raise SiteError(tr("its conditions are too many together")) from error


def _read(text: str, wanted: Wanted) -> Site:
    found = sections(text)
    frontend = _frontend(found, wanted)
    backends = {one.name: one for one in found if one.kind in {"backend", "listen"}}
    tls = _over_tls(frontend, wanted)
    page, api, websocket = requests(wanted, tls=tls).values()
    try:
        routes = {path: route(frontend, asked) for path, asked in requests(wanted, tls=tls).items()}
        behind = {path: _known(backends, one.backend, frontend) for path, one in routes.items()}
    except SiteError as error:
        return Site((), terms := terms_of(wanted, frontend, frontend, page), terms, puzzle=Puzzle.of(error))
    _page, behind_api, behind_websocket = behind.values()
    used = tuple({section.name: section for section in behind.values()}.values())
    return Site(
        groups=by_name(
            replace(_group(section), paths=(path,), maybe=_maybe(backends, routes[path]))
            for path, section in behind.items()
        ),
        api=terms_of(wanted, frontend, behind_api, api),
        websocket=terms_of(wanted, frontend, behind_websocket, websocket),
        repeats=tuple(term for section in used if (term := _repeats(frontend, section))),
        bypasses=_bypasses(frontend, backends, wanted),
        health=tuple(health(section) for section in used if listed(section)),
        answers=tuple(answers((frontend, behind_api), replace(api, path=f"{wanted.public_path}{HEALTH_PATH}"))),
        notes=tuple(dict.fromkeys(note for one in routes.values() for note in one.notes)),
    )


def _maybe(backends: dict[str, Section], taken: Route) -> tuple[Server, ...]:
    """Return the servers behind the rules whose conditions cannot be told."""
    rules = {name: line for name, line in reversed(taken.doubtful) if name in backends}
    return tuple(replace(one, text=line) for name, line in rules.items() for one in _group(backends[name]).servers)


def _over_tls(frontend: Section, wanted: Wanted) -> bool | None:
    """Whether users of the public address come over TLS to HAProxy itself; None if that is not known."""
    binds = frontend.all("bind")
    planned = [one for one in binds if _is_planned(one, wanted)]
    if not any("ssl" in one.words for one in binds):
        return False
    over_tls = {"ssl" in one.words for one in planned or binds}
    return over_tls.pop() if len(over_tls) == 1 else (True if wanted.scheme == "https" else None)


def _bypasses(frontend: Section, backends: dict[str, Section], wanted: Wanted) -> tuple[Bypass, ...]:
    """Return the backends of uploaded files none of whose servers is a node, and what lets caches keep such files."""
    nodes = {(node.host.lower(), node.port) for node in (*wanted.serving, *wanted.idle)}
    tls = _over_tls(frontend, wanted)
    others = {one.backend for one in (route(frontend, asked) for asked in requests(wanted, tls=tls).values())}
    found: dict[tuple[int, str], Bypass] = {}
    for folder, asked in uploads(wanted, tls=tls).items():
        section = backends.get(route(frontend, asked).backend)
        servers = _group(section).servers if section else ()
        ours = any((one.host.lower(), one.port) in nodes or one.vague for one in servers)
        if section is not None and servers and not ours and section.name not in others:
            found[servers[0].line, folder] = Bypass(servers[0].text, servers[0].line, folder=folder)
        for one in dict.fromkeys((frontend, *([section] if section else []))):
            for line in one.lines:
                if _is_kept(one, line, asked):
                    found[line.number, ""] = Bypass(line.text, line.number, cached=True)
    return tuple(found.values())


def _is_kept(section: Section, line: Line, asked: Asked) -> bool:
    """Whether a line lets a cache keep an answer: HAProxy's own, or others on its word; a doubtful one does not."""
    words = line.words
    if line.begins("http-request", "cache-use"):
        holds = met(section, line, asked)
        return holds or (holds is None and any("files" in word or "uploads" in word for word in words))
    says = words[:1] == ("http-response",) and words[1:2] in {("set-header",), ("add-header",)}
    public = words[2:3] and words[2].lower() == "cache-control" and "public" in " ".join(words[3:]).lower()
    return bool(says and public and met(section, line, asked))


def _repeats(frontend: Section, section: Section) -> Term | None:
    """Return what sends a failed request to a server again, a POST too, after the server may have worked on it."""
    line = section.setting("retry-on")
    if line is None or not _AFTER_SENDING & set(line.words):
        return None
    every = (rule for one in (frontend, section, *section.defaults) for rule in one.lines)
    spared = any(rule.begins("http-request", "disable-l7-retry") for rule in every)
    return None if spared else Term(line.words, line.number)


def _known(backends: dict[str, Section], name: str, frontend: Section) -> Section:
    if name not in backends:
        raise SiteError(tr("“backend {name}” is not in this file", name=name), frontend.line)
    return backends[name]


def _frontend(found: list[Section], wanted: Wanted) -> Section:
    """Return the frontend that passes requests on, on the planned port if there are several."""
    passing = [
        one
        for one in found
        if one.kind in {"frontend", "listen"}
        and (one.all("default_backend") or one.all("use_backend") or (one.kind == "listen" and one.all("server")))
    ]
    if not passing:
        raise SiteError(tr("there is no “frontend” that passes requests on"))
    on_port = [one for one in passing if any(_is_planned(bind, wanted) for bind in one.all("bind"))]
    if on_port:
        return _behind(found, on_port[0])
    if len(passing) > 1:
        listed = listing(str(port) for port in wanted.ports)
        raise SiteError(
            trn(
                "its one frontend is not on port {ports}",
                "none of its {count} frontends is on port {ports}",
                count=len(passing),
                ports=listed,
            )
        )
    return passing[0]


def _behind(found: list[Section], frontend: Section) -> Section:
    """Return the frontend of this file that another one passes its connections to, if it does."""
    mode = frontend.setting("mode")
    backend = frontend.setting("default_backend")
    if (mode and "tcp" not in mode.words) or backend is None or backend.words[1:2] == ():
        return frontend
    servers = [
        line for one in found if one.kind == "backend" and one.name == backend.words[1] for line in one.all("server")
    ]
    addresses = {line.words[2] for line in servers if len(line.words) > 2}  # noqa: PLR2004 - a name and an address
    inner = (one for one in found if one is not frontend and one.kind in {"frontend", "listen"})
    return next((one for one in inner if any(addresses & set(line.words[1:2]) for line in one.all("bind"))), frontend)


def _is_planned(bind: Line, wanted: Wanted) -> bool:
    return any(low <= port <= high for low, high in _ports(bind) for port in wanted.ports)


def _ports(bind: Line) -> list[tuple[int, int]]:
    addresses = (bind.words[1:2] or ("",))[0].split(",")
    found = [match for address in addresses if (match := _PORTS.search(address))]
    return [(int(match[1][:9]), int((match[2] or match[1])[:9])) for match in found]


def _group(section: Section) -> Group:
    return Group(section.name, section.line, tuple(server_of(one) for one in listed(section)))
