"""Health checks in a site of nginx: those of nginx Plus and Tengine, and health paths that nginx answers itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from wizard.formats.sites.expected import (
    Question,
    Reply,
    Test,
    negated,
    of_body,
    of_class,
    of_status,
    of_text,
    outcome,
    unknown,
)
from wizard.formats.sites.model import HEALTH_LIKE, Answer, Group, HealthCheck, Term, Wanted
from wizard.formats.sites.nginx_choices import netloc_of
from wizard.formats.sites.nginx_tree import Statement, everything_in, literal, place_of, proxy_of
from wizard.pattern import pattern
from wizard.plan.web import HEALTH_PATH

_USUAL = "/"
_ASKED = pattern(r"([A-Z]+) +(/\S*) +HTTP/([0-9.]+)\s*\n")
_PLUS, _TENGINE, _SENDS, _EXPECTS = "health_check", "check", "check_http_send", "check_http_expect_alive"


def checks(http: Statement, groups: Sequence[Group]) -> Iterator[HealthCheck]:
    """Return how the groups are asked whether they live, where they are: open-source nginx itself asks nobody."""
    upstreams = {one.words[0]: one for one in http.all("upstream") if one.words}
    matches = {one.words[0]: one for one in http.all("match") if one.words}
    asked = list(_asked(http))
    for group in groups:
        ports = {str(server.port) for server in group.servers}
        if of_plus := [one for name, one in asked if name == group.name]:
            found = [_of_plus(matches, group, ports, one) for one in of_plus]
            yield next((one for one in found if one.path and one.path.endswith(HEALTH_PATH)), found[0])
        elif group.name in upstreams:
            upstream = upstreams[group.name]
            yield from (_of_tengine(group, ports, upstream, one) for one in upstream.all(_TENGINE)[:1])


def _of_plus(matches: Mapping[str, Statement], group: Group, ports: set[str], one: Statement) -> HealthCheck:
    """Return what a check of nginx Plus asks for, and what its `match` makes of the answer."""
    if _value(one, "type") not in {"", "http"} or _is_elsewhere(ports, one):
        return HealthCheck(group.name, None, one.line, program=_PLUS)
    path, name = _value(one, "uri") or _USUAL, _value(one, "match")
    tests = _tests(matches.get(name), one) if name else []
    return HealthCheck(group.name, path, one.line, program=_PLUS, outcome=outcome(Question(path), tests))


def _is_elsewhere(ports: set[str], one: Statement) -> bool:
    """Whether another port is asked than the one that requests go to."""
    port = _value(one, "port")
    return port not in {"", "0"} and ports != {port}


def _tests(block: Statement | None, check: Statement) -> list[Test]:
    """Return the tests of a `match`, all of which an answer must satisfy; one that takes anything where it has none."""
    if block is None:
        return [(Term((check.name, *check.words), check.line), unknown)]
    found = [(Term((one.name, *one.words), one.line), _test(one)) for one in block.block]
    return found or [(Term((block.name, *block.words, "{}"), block.line), lambda _reply: True)]


def _test(one: Statement) -> Callable[[Reply], bool | None]:
    words = one.words
    if one.name == "status":
        against = words[:1] == ("!",)
        test = of_status(words[against:])
        return negated(test) if against else test
    if one.name == "body" and len(words) > 1 and words[0] in {"~", "!~"}:
        test = of_body(of_text(words[1]))
        return negated(test) if words[0] == "!~" else test
    return unknown


def _asked(http: Statement) -> Iterator[tuple[str, Statement]]:
    """Return the checks of nginx Plus, each with the group that its location passes requests to."""
    for server in http.all("server"):
        for location in (one for one in everything_in(server) if one.name == "location" and one.all(_PLUS)):
            proxy = proxy_of(location)
            if proxy and proxy.words:
                name = netloc_of(literal(proxy.words[0], [server, location]))
                yield from ((name, one) for one in location.all(_PLUS))


def _of_tengine(group: Group, ports: set[str], upstream: Statement, check: Statement) -> HealthCheck:
    """Return what the module of Tengine asks for; a connection alone is its default."""
    kind = _value(check, "type") or "tcp"
    if kind not in {"http", "tcp", "ssl_hello"} or _is_elsewhere(ports, check):
        return HealthCheck(group.name, None, check.line, program=_TENGINE)
    if kind != "http":
        return HealthCheck(group.name, "", check.line, program=_TENGINE)
    sends = next(iter(upstream.all(_SENDS)), None)
    question = _sent(sends) if sends else Question(_USUAL)
    alive = [(Term((one.name, *one.words), one.line), of_class(one.words)) for one in upstream.all(_EXPECTS)[-1:]]
    line, program = (sends.line, _SENDS) if sends else (check.line, _TENGINE)
    return HealthCheck(group.name, question.path, line, program=program, outcome=outcome(question, alive))


def _sent(sends: Statement) -> Question:
    """Return what a written request asks for; nothing that is known where it is not written as requests are."""
    text = " ".join(sends.words).replace("\\r", "\r").replace("\\n", "\n")
    match = _ASKED.match(text)
    if match is None:
        return Question(None)
    hostless = match[3] == "1.1" and "\nhost:" not in text.lower()
    return Question(match[2], match[1], Term((sends.name, *sends.words), sends.line) if hostless else None)


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
