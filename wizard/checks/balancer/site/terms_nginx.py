"""What a site of nginx must say for NocoBase. Pure.

What is not in the file has nginx's own default. Where another file may say it, that is told: of one that the site
includes nobody knows, and the part above a site that is alone in its file seldom says any of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from wizard.checks.balancer.site import health
from wizard.checks.balancer.site.health import Cure
from wizard.checks.balancer.site.lack import PATIENCE, Lack, answered, asks_password, in_variable, own_answers, seconds
from wizard.checks.balancer.target import LARGE_BYTES, bytes_of
from wizard.checks.shared.health import PATH as HEALTH_PATH
from wizard.formats.sites.model import HealthCheck, Site, Term, Terms, Unseen, Wanted
from wizard.pattern import pattern
from wizard.plan.finding import Severity
from wizard.plan.i18n import tr
from wizard.plan.remedy import steps

_DEFAULT_BODY = "1m"
_DEFAULT_PATIENCE = "60s"
_NEXT = "proxy_next_upstream error timeout http_502 http_503 http_504;"
_UPSTREAM = "nocobase_nodes"
_PING = 30.0
"""Seconds between two words of a browser on its WebSocket."""
_FROM_OUTSIDE = "$http_x_forwarded_"
"""What begins the name of a header as it came: browsers send none of these."""
_PORT_TOO = pattern(r"\$(?:http_)?host:(\$server_port|\$proxy_port|[0-9]+)")
_FAIL, _WARN = Severity.FAIL, Severity.WARN


def lacks(wanted: Wanted, site: Site) -> Iterator[Lack]:
    """Return all that is amiss."""
    yield from _bodies(wanted, site)
    if site.api:
        yield from _patience(site.api)
        yield from _host(wanted, site.api)
        yield from _proto(wanted, site.api)
        yield from _password(site.api)
    yield from _paths(site)
    if site.websocket:
        yield from _version(site.websocket)
        yield from _upgrade(site.websocket)
        yield from _silence(site.websocket, site.api)
    elif site.api:
        what = tr("{path}ws is not passed on: no WebSocket opens.", path=wanted.public_path)
        severity = Severity.UNKNOWN if site.notes else _FAIL
        yield Lack(severity, "WebSocket", _location_of_websockets(wanted, site, site.api), what, site.api.server_line)
    if site.api:
        yield from _repeats(wanted, site, site.api.line)
    for check in site.health:
        yield from _health(wanted, check)
    for answer in own_answers(wanted, site):
        group = next((group.name for group in site.groups if f"{wanted.public_path}api/" in group.paths), _UPSTREAM)
        line = tr("{put}  # in the place of line {line}", put=f"proxy_pass http://{group};", line=answer.line)
        yield Lack(_WARN, answer.path, line, answered(answer), answer.line)


def _password(api: Terms) -> Iterator[Lack]:
    """`satisfy any` lets those in whom an address or another server vouches for."""
    term, satisfy = api.settings.get("auth_basic"), api.settings.get("satisfy")
    if term is None or term.text == "off" or (satisfy and satisfy.text == "any"):
        return
    yield in_variable("auth_basic", term) or asks_password("auth_basic", term, "auth_basic off;", api.line)


def _paths(site: Site) -> Iterator[Lack]:
    """A path behind the address of `proxy_pass` takes the place of what the location begins with."""
    for one in site.astray:
        what = tr(
            "Line {line}: who asks for {path} gets what a node has at {asked} ({text}).",
            line=one.line,
            path=one.path,
            asked=one.asked,
            text=one.text,
        )
        put = tr("{put}  # in the place of line {line}", put=f"proxy_pass {one.address};", line=one.line)
        yield Lack(_FAIL, "proxy_pass", put, what, one.line)


def _silence(websocket: Terms, api: Terms | None) -> Iterator[Lack]:
    """A browser says something on its WebSocket every 30 seconds (docs/nocobase.md, "Balancer")."""
    name = "proxy_read_timeout"
    term = websocket.settings.get(name)
    found = seconds(term.text, "s") if term else None
    if term is None or found is None or found > _PING or (api and api.settings.get(name) == term):
        return
    what = tr(
        "Line {line}: {name} is {text} for WebSockets. Browsers say something on them only every {ping} seconds, so "
        "that they are cut off again and again.",
        line=term.line,
        name=name,
        text=term.text,
        ping=f"{_PING:g}",
    )
    put = tr("{put}  # in the place of line {line}", put=f"{name} {PATIENCE:g}s;", line=term.line)
    yield Lack(_WARN, name, put, what, websocket.line)


def _health(wanted: Wanted, check: HealthCheck) -> Iterator[Lack]:
    path = f"{wanted.public_path}{HEALTH_PATH}"
    sends = f'check_http_send "GET {path} HTTP/1.0\\r\\n\\r\\n";'
    first, *more = {
        "health_check": (f"health_check uri={path};",),
        "check_http_send": (sends,),
        "check": ("check interval=3000 rise=2 fall=5 timeout=2000 type=http;", sends),
    }[check.program]
    put = tr("{put}  # in the place of line {line}", put=first, line=check.line)
    of_plus = ("match", 'body ~ "^ok$";')
    expects = (
        of_plus if check.program == "health_check" else ("check_http_expect_alive", "check_http_expect_alive http_2xx;")
    )
    cure = Cure((check.program, "\n".join((put, *more))), expects, check.line)
    yield from health.lacks(wanted, check, f"upstream {check.backend}", cure)


def _location_of_websockets(wanted: Wanted, site: Site, api: Terms) -> str:
    path = f"{wanted.public_path}ws"
    nodes = next((group.name for group in site.groups if f"{wanted.public_path}api/" in group.paths), "NODES")
    scheme = "$scheme" if api.tls else wanted.scheme
    lines = (
        f"proxy_pass http://{nodes};",
        "proxy_http_version 1.1;",
        "proxy_set_header Host $http_host;",
        f"proxy_set_header X-Forwarded-Proto {scheme};",
        "proxy_set_header Upgrade $http_upgrade;",
        'proxy_set_header Connection "upgrade";',
    )
    says = tr("In the place of another location for {path}, where there is one:", path=path)
    return steps(says, f"location = {path} {{", *(f"    {line}" for line in lines), "}").text


def _bodies(wanted: Wanted, site: Site) -> Iterator[Lack]:
    """Return what is wrong with the size of an upload, and of another request where another line says it."""
    told: list[Term | None] = []
    for terms in site.bodies:
        term = terms.settings.get("client_max_body_size")
        if term not in told:
            told.append(term)
            yield from _body(wanted, terms, term)


def _body(wanted: Wanted, terms: Terms, term: Term | None) -> Iterator[Lack]:
    text = term.text if term else _DEFAULT_BODY
    if doubt := in_variable("client_max_body_size", term):
        yield doubt
    size, needed = bytes_of(text), wanted.upload_limit or LARGE_BYTES
    if 0 < size < needed:
        line = f"client_max_body_size {wanted.upload_limit or 0};"
        yield _lack(_FAIL, "client_max_body_size", term, text, line, (terms.line, terms.unseen))


def _patience(api: Terms) -> Iterator[Lack]:
    for name in ("proxy_read_timeout", "proxy_send_timeout"):
        term = api.settings.get(name)
        text = term.text if term else _DEFAULT_PATIENCE
        if doubt := in_variable(name, term):
            yield doubt
        found = seconds(text, "s")
        if found is not None and found < PATIENCE:
            yield _lack(_WARN, name, term, text, f"{name} {PATIENCE:g}s;", (api.line, api.unseen))


def _host(wanted: Wanted, api: Terms) -> Iterator[Lack]:
    """NocoBase believes X-Forwarded-Host before Host; nginx's own Host is the name behind `proxy_pass`."""
    name = "X-Forwarded-Host" if "x-forwarded-host" in api.headers else "Host"
    if name != "Host" and api.headers[name.lower()].text == f"{_FROM_OUTSIDE}host":
        if wanted.behind_proxy:
            return
        name = "Host"  # a header without a value is not passed on
    term = api.headers.get(name.lower())
    text = (_worth(term) if term else "$proxy_host").replace("{", "").replace("}", "")
    if text == "$proxy_host" or _has_another_port(wanted, text) or ("$" not in text and text.lower() != wanted.netloc):
        line = f"proxy_set_header {name} $http_host;"
        yield _lack(_FAIL, name, term, _shown(term) if term else text, line, (api.headers_line, api.headers_unseen))


def _has_another_port(wanted: Wanted, text: str) -> bool:
    """Whether a host has a port that browsers do not have in theirs, or lacks one that they have."""
    named = wanted.netloc.rpartition("]")[2].partition(":")[2]
    if text == "$host":
        return bool(named)
    match = _PORT_TOO.fullmatch(text)
    return match is not None and (match[1] != named if match[1].isdecimal() else not named)


def _proto(wanted: Wanted, api: Terms) -> Iterator[Lack]:
    if wanted.scheme != "https":
        return
    term = api.headers.get("x-forwarded-proto")
    if term is None and wanted.behind_proxy:
        return  # nginx passes on what the other proxy says
    text = term.text if term else tr("not set")
    plain = text == "$scheme" and not api.tls
    plain = plain or (text == f"{_FROM_OUTSIDE}proto" and api.tls and not wanted.behind_proxy)
    if term is None or plain or ("$" not in text and text.lower() != wanted.scheme):
        shown = tr("{text}, which browsers do not send", text=text) if text.startswith(_FROM_OUTSIDE) else text
        value = "https" if not api.tls else "$scheme"
        line = f"proxy_set_header X-Forwarded-Proto {value};"
        yield _lack(_FAIL, "X-Forwarded-Proto", term, shown, line, (api.headers_line, api.headers_unseen))


def _repeats(wanted: Wanted, site: Site, place: int) -> Iterator[Lack]:
    """An error page hands every request on, also a POST; an upstream tries the next node only where that harms not."""
    repeats, next_there = site.repeats, _has_a_next_node(site)
    for term in repeats:
        if term.words[0] == "error_page" and next_there:
            out = tr("Line {line} goes out; this tries the next node only where that harms nothing:", line=term.line)
            lines = steps(out, _NEXT).text
        elif term.words[0] == "error_page":
            out = tr("Line {line} goes out, and “proxy_pass” of its block becomes:", line=term.line)
            lines = steps(out, f"proxy_pass http://{_UPSTREAM};").text
        else:
            lines = tr("{put}  # in the place of line {line}", put=_NEXT, line=term.line)
        yield Lack(_WARN, term.words[0], lines, _repeated(term), place)
    pages = [term for term in repeats if term.words[0] == "error_page"]
    if pages and not next_there:
        servers = (f"    server {node.host}:{node.port} max_fails=3 fail_timeout=10s;" for node in wanted.serving)
        beside = steps(tr("Beside the “server” blocks:"), f"upstream {_UPSTREAM} {{", *servers, "}")
        yield Lack(_WARN, "error_page", beside.text, _repeated(pages[-1]), place)


def _has_a_next_node(site: Site) -> bool:
    """Whether every group is an upstream of two servers or more that get requests at any time."""
    several = [sum(not server.spare and not server.off for server in group.servers) > 1 for group in site.groups]
    return all(several) and not any(group.single for group in site.groups)


def _repeated(term: Term) -> str:
    return tr(
        "Line {line} sends a request whose node failed to another one, a POST too ({text}): what the first had begun "
        "is done twice.",
        line=term.line,
        text=term.text,
    )


def _version(websocket: Terms) -> Iterator[Lack]:
    term = websocket.settings.get("proxy_http_version")
    line = "proxy_http_version 1.1;"
    if term is None:
        text = tr("1.0, before nginx 1.29.7")
        yield _lack(_WARN, "proxy_http_version", term, text, line, (websocket.line, websocket.unseen))
    elif term.text == "1.0":
        yield _lack(_FAIL, "proxy_http_version", term, term.text, line, (websocket.line, websocket.unseen))


def _upgrade(websocket: Terms) -> Iterator[Lack]:
    upgrade, connection = websocket.headers.get("upgrade"), websocket.headers.get("connection")
    if upgrade is None or not ("$" in _worth(upgrade) or _worth(upgrade).lower() == "websocket"):
        text = _shown(upgrade)
        line = "proxy_set_header Upgrade $http_upgrade;"
        yield _lack(_FAIL, "Upgrade", upgrade, text, line, (websocket.headers_line, websocket.headers_unseen))
    if connection is None or not ("$" in _worth(connection) or "upgrade" in _worth(connection).lower()):
        text = _shown(connection)
        line = 'proxy_set_header Connection "upgrade";'
        yield _lack(_FAIL, "Connection", connection, text, line, (websocket.headers_line, websocket.headers_unseen))


def _worth(term: Term) -> str:
    return term.text if term.value is None else term.value


def _shown(term: Term | None) -> str:
    """Return what a header is, and what its variable comes to for a WebSocket."""
    unset = tr("not set")
    text = (term.text if term else "") or unset
    return text if term is None or term.value is None else f"{text} ({term.value or unset})"


def _lack(
    severity: Severity, name: str, term: Term | None, text: str, line: str, where: tuple[int, Unseen | None]
) -> Lack:
    """Word what is amiss: what stands there, or what does not. `where`: a line to put it at, what may say it unseen."""
    place, unseen = where
    if term:
        what = tr("Line {line}: {name} is {text}.", line=term.line, name=name, text=text)
        return Lack(severity, name, tr("{put}  # in the place of line {line}", put=line, line=term.line), what, place)
    if unseen is None:
        return Lack(severity, name, line, place=place, usual=text)
    doubt = Severity.UNKNOWN if unseen.near else _WARN
    return Lack(doubt, name, line, place=place, usual=text, unless=unseen.what)
