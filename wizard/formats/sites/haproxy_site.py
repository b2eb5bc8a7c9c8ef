"""Read a configuration of HAProxy: which nodes it passes requests to, and under what terms."""

from __future__ import annotations

import re
from dataclasses import replace

from wizard.formats.allowance import allowance
from wizard.formats.files import SourceError
from wizard.formats.sites.haproxy_routes import requests, route, uploads
from wizard.formats.sites.haproxy_text import Line, Section, sections
from wizard.formats.sites.model import (
    Bypass,
    Group,
    HealthCheck,
    Puzzle,
    Server,
    Site,
    SiteError,
    Term,
    Terms,
    Wanted,
    by_name,
)
from wizard.pattern import pattern
from wizard.plan.i18n import listing, tr, trn

_PORTS = pattern(r"(?:^|:)([0-9]+)(?:-([0-9]+))?$")
_COUNT = pattern(r"([0-9]{1,6})(?:-([0-9]{1,6}))?")
_BEHIND_COUNT = 3
"""Which word of `server-template PREFIX COUNT ADDRESS` is the address."""
_FAMILY = pattern(r"^(?:ipv4|ipv6|tcp|tcp4|tcp6)@")
_LENGTH = pattern(r"(?:content-length\)?|req\.body_(?:size|len))\s", re.IGNORECASE)
_MORE_THAN = pattern(r"\b(gt|ge)\s+([0-9]+)", re.IGNORECASE)
_AFTER_SENDING = frozenset(
    ("all-retryable-errors", "response-timeout", "empty-response", "junk-response", "500", "502", "503", "504")
)
"""Words of `retry-on` for failures that come after a server had the request."""
_SETTINGS = ("timeout client", "timeout server", "timeout tunnel", "mode")


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
    try:
        routes = {path: route(frontend, asked) for path, asked in requests(wanted).items()}
        behind = {path: _known(backends, one.backend, frontend) for path, one in routes.items()}
    except SiteError as error:
        return Site((), terms := _terms(wanted, frontend, frontend), terms, puzzle=Puzzle.of(error))
    _page, api, websocket = behind.values()
    used = tuple({section.name: section for section in behind.values()}.values())
    return Site(
        groups=by_name(replace(_group(section), paths=(path,)) for path, section in behind.items()),
        api=_terms(wanted, frontend, api),
        websocket=_terms(wanted, frontend, websocket),
        repeats=tuple(term for section in used if (term := _repeats(section))),
        bypasses=_bypasses(frontend, backends, wanted),
        health=tuple(_health(section) for section in used),
        notes=tuple(dict.fromkeys(note for one in routes.values() for note in one.notes)),
    )


def _bypasses(frontend: Section, backends: dict[str, Section], wanted: Wanted) -> tuple[Bypass, ...]:
    """Return the backends of uploaded files none of whose servers is a node, and the caches that keep such files."""
    nodes = {(node.host.lower(), node.port) for node in (*wanted.serving, *wanted.idle)}
    others = {one.backend for one in (route(frontend, asked) for asked in requests(wanted).values())}
    found: dict[int, Bypass] = {}
    for folder, asked in uploads(wanted).items():
        section = backends.get(route(frontend, asked).backend)
        servers = _group(section).servers if section else ()
        ours = any((one.host.lower(), one.port) in nodes or one.vague for one in servers)
        if section is not None and servers and not ours and section.name not in others:
            found[servers[0].line] = Bypass(servers[0].text, servers[0].line, folder=folder)
        for line in (*frontend.lines, *(section.lines if section else ())):
            if line.begins("http-request", "cache-use") and _is_for_files(line):
                found[line.number] = Bypass(line.text, line.number, cached=True)
    return tuple(found.values())


def _is_for_files(line: Line) -> bool:
    """Whether a cache is asked for everything, or for uploaded files; another condition is not followed."""
    conditions = [word for word in line.words if word in {"if", "unless"}]
    return not conditions or any("files" in word or "uploads" in word for word in line.words)


def _repeats(section: Section) -> Term | None:
    """Return what sends a failed request to a server again, a POST too, after the server may have worked on it."""
    line = section.setting("retry-on")
    if line is None or not _AFTER_SENDING & set(line.words):
        return None
    spared = any(rule.begins("http-request", "disable-l7-retry") for rule in section.lines)
    return None if spared else Term(line.words, line.number)


def _health(section: Section) -> HealthCheck:
    """Return how the servers of a backend are asked whether they live."""
    asks, sends = section.setting("option", "httpchk"), section.setting("http-check", "send")
    path, line = "", section.line
    if asks:
        uris = [word for word in asks.words[2:] if word.startswith("/")]
        path, line = (uris[0] if uris else "/"), asks.number
    if asks and sends and "uri" in sends.words[:-1]:
        path, line = sends.words[sends.words.index("uri") + 1], sends.number
    usual = section.setting("default-server")
    watched = usual is not None and "check" in usual.words
    servers = section.all("server") + section.all("server-template")
    asleep = tuple(
        one.number for one in servers if "no-check" in one.words or ("check" not in one.words and not watched)
    )
    return HealthCheck(section.name, path, line, asleep)


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
    on_port = [one for one in passing if any(low <= port <= high for low, high in _ports(one) for port in wanted.ports)]
    if on_port:
        return on_port[0]
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


def _ports(section: Section) -> list[tuple[int, int]]:
    addresses = [word for line in section.all("bind") for word in (line.words[1:2] or ("",))[0].split(",")]
    found = [match for address in addresses if (match := _PORTS.search(address))]
    return [(int(match[1][:9]), int((match[2] or match[1])[:9])) for match in found]


def _group(section: Section) -> Group:
    servers = [_server(line, place=2) for line in section.all("server")]
    templates = [_server(line, place=_BEHIND_COUNT) for line in section.all("server-template")]
    return Group(section.name, section.line, (*servers, *templates))


def _server(line: Line, *, place: int) -> Server:
    """Read `server NAME ADDRESS …` or `server-template NAME COUNT ADDRESS …`."""
    words = line.words
    address = _FAMILY.sub("", words[place]) if len(words) > place else ""
    template = place == _BEHIND_COUNT
    numbers = _numbers(words[2]) if template and address else range(0)
    more = words[place + 1 :]
    weight = more[more.index("weight") + 1 :][:1] if "weight" in more else ()
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or address.startswith(("/", "unix@", "abns@")):
        host, port = address, ""
    off = "disabled" in more or weight == ("0",)
    return Server(
        host.strip("[]") or line.text,
        int(port[:9]) if port else None,
        line.text,
        line.number,
        off=off,
        spare="backup" in more,
        prefix=words[1] if template and address else "",
        first=numbers.start,
        count=numbers.stop - numbers.start,
        unread=not address or (template and not numbers),
    )


def _numbers(text: str) -> range:
    """Return the numbers of a template's servers: `3` is 1 to 3, `2-4` is 2 to 4; none where they cannot be read."""
    match = _COUNT.fullmatch(text)
    if match is None:
        return range(0)
    first, last = (1, int(match[1])) if match[2] is None else (int(match[1]), int(match[2]))
    return range(first, max(first, last + 1))


def _terms(wanted: Wanted, frontend: Section, backend: Section) -> Terms:
    """Return what holds for every path. The rules of the frontend come before those of the backend."""
    settings: dict[str, Term] = {}
    for name in _SETTINGS:
        section = frontend if name in {"timeout client", "mode"} else backend
        if line := section.setting(*name.split()):
            settings[name] = Term(line.words[len(name.split()) :], line.number)
    rules = [line for section in dict.fromkeys((frontend, backend)) for line in section.lines]
    if limit := _limit(rules):
        settings["limit"] = limit
    headers: dict[str, Term] = {}
    for line in rules:
        if line.begins("http-request", "del-header", "Upgrade") and len(line.words) == 3:  # noqa: PLR2004 - no condition
            settings["del-header"] = Term(line.words[2:], line.number)
        if line.words[:2] in {("http-request", "set-header"), ("http-request", "add-header")} and len(line.words) > 3:  # noqa: PLR2004
            headers.setdefault(line.words[2].lower(), Term(line.words[3:], line.number))
    tls = any("ssl" in line.words for line in frontend.all("bind"))
    place = frontend.line
    return Terms(path=wanted.public_path, line=place, headers_line=place, settings=settings, headers=headers, tls=tls)


def _limit(rules: list[Line]) -> Term | None:
    """Return the largest body that a rule lets through, in bytes: those that compare the length of a request."""
    found = []
    for line in rules:
        told = line.words[0] == "acl" or "413" in line.words or line.begins("http-request", "deny")
        length = _LENGTH.search(line.text) if told else None
        if length and (match := _MORE_THAN.search(line.text, length.end())):
            size = int(match[2][:18])
            least = size if match[1].lower() == "gt" else size - 1
            found.append((least, line.number))
    return Term((str(min(found)[0]),), min(found)[1]) if found else None
