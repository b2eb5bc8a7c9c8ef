"""Health checks in a site of nginx: those of nginx Plus and Tengine, and health paths that nginx answers itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wizard.formats.sites.model import HEALTH_LIKE, Answer, Group, HealthCheck, Wanted
from wizard.formats.sites.nginx_choices import netloc_of
from wizard.formats.sites.nginx_tree import Statement, everything_in, literal, place_of, proxy_of
from wizard.pattern import pattern
from wizard.plan.web import HEALTH_PATH

_USUAL = "/"
_ASKED = pattern(r"^[A-Z]+\s+(/\S*)")
_PLUS, _TENGINE, _SENDS = "health_check", "check", "check_http_send"


def checks(http: Statement, groups: Sequence[Group]) -> Iterator[HealthCheck]:
    """Return how the groups are asked whether they live, where they are: open-source nginx itself asks nobody."""
    upstreams = {one.words[0]: one for one in http.all("upstream") if one.words}
    asked = list(_asked(http))
    for group in groups:
        of_plus = [one for name, one in asked if name == group.name]
        paths = [(one, _value(one, "uri") or _USUAL) for one in of_plus if _value(one, "type") in {"", "http"}]
        if paths:
            one, path = next((each for each in paths if each[1].endswith(HEALTH_PATH)), paths[0])
            yield HealthCheck(group.name, path, one.line, program=_PLUS)
        elif not of_plus and group.name in upstreams:
            upstream = upstreams[group.name]
            yield from (_of_tengine(group.name, upstream, one) for one in upstream.all(_TENGINE)[:1])


def _asked(http: Statement) -> Iterator[tuple[str, Statement]]:
    """Return the checks of nginx Plus, each with the group that its location passes requests to."""
    for server in http.all("server"):
        for location in (one for one in everything_in(server) if one.name == "location" and one.all(_PLUS)):
            proxy = proxy_of(location)
            if proxy and proxy.words:
                name = netloc_of(literal(proxy.words[0], [server, location]))
                yield from ((name, one) for one in location.all(_PLUS))


def _of_tengine(name: str, upstream: Statement, check: Statement) -> HealthCheck:
    """Return what the module of Tengine asks for; a connection alone is its default."""
    kind = _value(check, "type") or "tcp"
    if kind not in {"http", "tcp"}:
        return HealthCheck(name, None, check.line, program=_TENGINE)
    if kind == "tcp":
        return HealthCheck(name, "", check.line, program=_TENGINE)
    sends = next(iter(upstream.all(_SENDS)), None)
    match = _ASKED.match(" ".join(sends.words)) if sends else None
    if sends is None:
        return HealthCheck(name, _USUAL, check.line, program=_TENGINE)
    return HealthCheck(name, match[1].partition("\\r")[0] if match else None, sends.line, program=_SENDS)


def _value(one: Statement, name: str) -> str:
    return next((word.partition("=")[2] for word in one.words if word.startswith(f"{name}=")), "")


def answers(server: Statement, wanted: Wanted) -> Iterator[Answer]:
    """Return the health paths that nginx answers with success itself: NocoBase's own, and others of such a name."""
    own = f"{wanted.public_path}{HEALTH_PATH}"
    place = place_of(server, own)[-1]
    for location in server.all("location"):
        path = location.words[-1].lstrip("=^~") if location.words else ""
        says = next((one for one in location.all("return") if _is_success(one)), None)
        if says and not proxy_of(location):
            if location is place:
                yield Answer(own, says.text, says.line)
            elif HEALTH_LIKE.fullmatch(path):
                yield Answer(path, says.text, says.line)


def _is_success(one: Statement) -> bool:
    """Whether a `return` answers with success: a code of 2xx, as an address alone leads elsewhere."""
    return bool(one.words) and one.words[0].isdecimal() and one.words[0].startswith("2")
