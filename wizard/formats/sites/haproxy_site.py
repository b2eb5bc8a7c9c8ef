"""Read a configuration of HAProxy: which nodes it passes requests to, and under what terms."""

from __future__ import annotations

import re

from wizard.formats.sites.haproxy_text import Line, Section, sections
from wizard.formats.sites.model import Group, Server, Site, SiteError, Term, Terms, Wanted
from wizard.plan.i18n import tr

_PORTS = re.compile(r"(?:^|:)([0-9]+)(?:-([0-9]+))?$")
_FAMILY = re.compile(r"^(?:ipv4|ipv6|tcp|tcp4|tcp6)@")
_TOO_LARGE = re.compile(r"(?:content-length\)?|req\.body_(?:size|len))\s.*?\b(gt|ge)\s+([0-9]+)", re.IGNORECASE)
_SETTINGS = ("timeout client", "timeout server", "timeout tunnel", "mode")


def read(text: str, wanted: Wanted) -> Site:
    """Return what the text says; raises SiteError where it cannot be parsed, or has no frontend for the address."""
    found = sections(text)
    frontend = _frontend(found, wanted)
    names, puzzle, notes = _names(frontend)
    backends = {one.name: one for one in found if one.kind in {"backend", "listen"}}
    try:
        if puzzle:
            raise puzzle
        behind = [_known(backends, name, frontend) for name in names]
    except SiteError as error:
        return Site((), terms := _terms(wanted, frontend, frontend), terms, error, notes)
    terms = _terms(wanted, frontend, behind[0])
    return Site(tuple(_group(one) for one in behind), terms, terms, None, notes)


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
        listed = ", ".join(str(port) for port in wanted.ports)
        raise SiteError(tr("none of its {count} frontends is on port {ports}", count=len(passing), ports=listed))
    return passing[0]


def _ports(section: Section) -> list[tuple[int, int]]:
    addresses = [word for line in section.all("bind") for word in (line.words[1:2] or ("",))[0].split(",")]
    found = [match for address in addresses if (match := _PORTS.search(address))]
    return [(int(match[1]), int(match[2] or match[1])) for match in found]


def _names(frontend: Section) -> tuple[list[str], SiteError | None, tuple[str, ...]]:
    """Return the backends that requests go to, why they cannot be told, and the lines that were not followed."""
    usual, chosen = frontend.setting("default_backend"), frontend.all("use_backend")
    plain = [line for line in chosen if len(line.words) == 2]  # noqa: PLR2004 - without a condition
    if usual or plain:
        taken = plain[0] if plain else usual
        notes = tuple(line.text for line in chosen if line is not taken)
        name = taken.words[-1] if taken else ""
    elif len({line.words[1] for line in chosen if len(line.words) > 1}) == 1:
        taken, notes, name = chosen[0], (), chosen[0].words[1]
    elif chosen:
        listed = ", ".join(line.text for line in chosen)
        return [], SiteError(tr("conditions decide where requests go ({lines})", lines=listed), chosen[0].number), ()
    else:
        return [frontend.name], None, ()
    if "%" in name:
        number = taken.number if taken else frontend.line
        return [], SiteError(tr("where requests go is in a variable ({text})", text=name), number), notes
    return [name], None, notes


def _group(section: Section) -> Group:
    servers = [_server(line, place=2) for line in section.all("server")]
    templates = [_server(line, place=3) for line in section.all("server-template")]
    return Group(section.name, section.line, (*servers, *templates))


def _server(line: Line, *, place: int) -> Server:
    """Read `server NAME ADDRESS …` or `server-template NAME COUNT ADDRESS …`."""
    words = line.words
    address = _FAMILY.sub("", words[place]) if len(words) > place else ""
    more = words[place + 1 :]
    weight = more[more.index("weight") + 1 :][:1] if "weight" in more else ()
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit() or address.startswith(("/", "unix@", "abns@")):
        host, port = address, ""
    off = "disabled" in more or weight == ("0",)
    return Server(
        host.strip("[]"), int(port) if port else None, line.text, line.number, off=off, spare="backup" in more
    )


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
        if told and (match := _TOO_LARGE.search(line.text)):
            least = int(match[2]) if match[1].lower() == "gt" else int(match[2]) - 1
            found.append((least, line.number))
    return Term((str(min(found)[0]),), min(found)[1]) if found else None
