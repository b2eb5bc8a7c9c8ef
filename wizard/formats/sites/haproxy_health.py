"""How HAProxy asks the servers of a backend whether they live, and which health paths it answers itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from wizard.formats.sites.expected import (
    Question,
    Reply,
    Test,
    negated,
    of_body,
    of_status,
    of_text,
    outcome,
    unknown,
)
from wizard.formats.sites.haproxy_routes import Asked, met
from wizard.formats.sites.haproxy_servers import listed
from wizard.formats.sites.haproxy_text import Line, Section
from wizard.formats.sites.model import HEALTH_LIKE, Answer, HealthCheck, Term
from wizard.pattern import pattern

_USUAL = "/"
_KINDS = frozenset(
    (
        *("external-check", "httpchk", "ldap-check", "mysql-check", "pgsql-check", "redis-check"),
        *("smtpchk", "spop-check", "ssl-hello-chk", "tcp-check"),
    )
)
"""Options of which the last one says how a backend looks after its servers."""
_KEYS = frozenset({"meth", "uri", "uri-lf", "ver", "hdr", "body", "body-lf", "comment"})
_OF_TWO = frozenset({"comment", "min-recv", "ok-status", "error-status", "tout-status", "on-success", "on-error"})
"""Words of `http-check expect` before the test, each with a value."""
_ASKED = pattern(r"(GET|HEAD|OPTIONS)\s+(/\S*)")


def health(section: Section) -> HealthCheck:
    """Return the health check of a backend: what it asks for, and which servers nobody looks after."""
    servers = listed(section)
    asleep = tuple(one.line.number for one in servers if not one.watched)
    kind = _kind(section)
    elsewhere = next((one for one in servers if "healthcheck" in one.line.words or one.asked_elsewhere), None)
    if elsewhere or (kind and "external-check" in kind.words):
        line = elsewhere.line if elsewhere else kind
        return HealthCheck(section.name, None, line.number if line else section.line, asleep)
    if kind is None or kind.words[0] == "no":
        return HealthCheck(section.name, "", section.line, asleep)
    if "httpchk" in kind.words:
        question, line = _of_http(section, kind)
        result = outcome(question, [_test_of(rule) for rule in _rules(section, "http-check", "expect")])
        return HealthCheck(section.name, question.path, line.number, asleep, outcome=result)
    question, line = _of_tcp(section, kind)
    rules = [_test_of(rule, whole=True) for rule in _rules(section, "tcp-check", "expect")]
    taken: Test = (Term(line.words, line.number), lambda _reply: True)  # nobody looks at the answer
    result = outcome(question, rules or [taken])
    return HealthCheck(section.name, question.path, line.number, asleep, outcome=result)


def _kind(section: Section) -> Line | None:
    """Return the line that says which kind of check it is, also one that takes it back: the last of the nearest."""
    for one in (section, *section.defaults):
        lines = [line for line in one.lines if _says_kind(line.words[1:] if line.words[0] == "no" else line.words)]
        if lines:
            return lines[-1]
    return None


def _says_kind(words: Sequence[str]) -> bool:
    return words[:1] == ("option",) and not _KINDS.isdisjoint(words[1:2])


def _rules(section: Section, *words: str) -> list[Line]:
    """Return the rules of a check: those of the nearest section that has any, as they are not inherited one by one."""
    return next((rules for one in (section, *section.defaults) if (rules := one.all(*words))), [])


def _of_http(section: Section, asks: Line) -> tuple[Question, Line]:
    """Return what is asked for: of several paths that are asked for in turn the one that ends as NocoBase's own."""
    method, path, *version = _request_line(asks)
    usual = {"meth": method, "uri": path, "ver": version[0] if version else ""}
    sends = [(_sent(line), line) for line in _rules(section, "http-check", "send")]
    asked = [({**usual, **said}, line if {"uri", "uri-lf"} & said.keys() else asks) for said, line in sends]
    found = [(_question(said, line, asks), line) for said, line in asked or [(usual, asks)]]
    told = [one for one in found if one[0].path and one[0].path.partition("?")[0].endswith("/__health_check")]
    return (told or found)[-1]


def _request_line(asks: Line) -> tuple[str, ...]:
    """Return method, path and version of `option httpchk`, which has one, two or three words behind it, or none."""
    words = asks.words[2:]
    return ("OPTIONS", *(words or (_USUAL,))) if len(words) < 2 else words  # noqa: PLR2004 - a path alone


def _sent(send: Line) -> dict[str, str]:
    """Return what `http-check send` says by its words; the names of all headers as one text."""
    found: dict[str, str] = {}
    words = send.words
    for at, word in enumerate(words[2:-1], start=2):
        if word == "hdr":
            found["hdr"] = f"{found.get('hdr', '')} {words[at + 1].lower()} "
        elif word in _KEYS and words[at - 1] not in _KEYS:
            found.setdefault(word, words[at + 1])
    return found


def _question(said: Mapping[str, str], line: Line, asks: Line) -> Question:
    """Return the question; its path is None where it is made of variables, or none."""
    path = None if "uri-lf" in said else said["uri"]
    version = said["ver"].lower()
    host = " host " in said.get("hdr", "") or "host:" in version
    lacks = Term((asks if asks.words[4:] else line).words, line.number) if "1.1" in version and not host else None
    return Question(path if path and path.startswith("/") else None, said["meth"].upper(), lacks)


def _test_of(rule: Line, *, whole: bool = False) -> Test:
    """Return the test of a rule about the answer, or about the `whole` of it with its head."""
    words = list(rule.words[2:])
    while words and words[0] in _OF_TWO:
        words = words[2:]
    against = words[:1] == ["!"]
    kind, text = (*words[against:], "", "")[:2]
    test = (_OF_WHOLE if whole else _TESTS).get(kind, _unread)(text) if text else unknown
    return Term(rule.words, rule.number), negated(test) if against else test


def _unread(_text: str) -> Callable[[Reply], bool | None]:
    return unknown


_OF_WHOLE: Mapping[str, Callable[[str], Callable[[Reply], bool | None]]] = {
    "string": lambda text: lambda reply: text in reply.whole,
    "rstring": lambda expression: lambda reply: of_text(expression)(reply.whole),
}
_TESTS: Mapping[str, Callable[[str], Callable[[Reply], bool | None]]] = {
    "status": lambda codes: of_status(codes.split(",")),
    "rstatus": lambda expression: lambda reply: of_text(expression)(str(reply.status)),
    "string": lambda text: of_body(lambda body: text in body),
    "rstring": lambda expression: of_body(of_text(expression)),
}


def _of_tcp(section: Section, asks: Line) -> tuple[Question, Line]:
    """Return the request that is written out; its path is empty where nothing is sent, None where it is another thing.

    Each line is sent as it stands, one after the other.
    """
    sends = [line for line in _rules(section, "tcp-check") if line.words[1:2] and line.words[1].startswith("send")]
    written = "".join(" ".join(line.words[2:]) for line in sends).lower()
    for line in sends:
        if match := _ASKED.search(line.text):
            hostless = "http/1.1" in written and "host:" not in written
            lacks = Term(line.words, line.number) if hostless else None
            return Question(match[2].partition("\\r")[0], match[1], lacks), line
    return Question(None if sends else ""), asks


def answers(sections: Sequence[Section], own: Asked) -> Iterator[Answer]:
    """Return the health paths that HAProxy answers with success itself: NocoBase's `own`, and others of such a name.

    A `monitor-uri` that fails by a condition looks at something, and is none.
    """
    frontend = sections[0]
    monitor = frontend.setting("monitor-uri")
    if monitor and len(monitor.words) > 1 and not frontend.all("monitor", "fail"):
        yield Answer(monitor.words[1], monitor.text, monitor.number)
    for section in dict.fromkeys(sections):
        for line in section.all("http-request", "return"):
            status = line.words[line.words.index("status") + 1] if "status" in line.words[:-1] else "200"
            paths = [own.path, *(word for word in line.words if HEALTH_LIKE.fullmatch(word))]
            path = next((path for path in paths if met(section, line, replace(own, path=path))), None)
            if status.startswith("2") and path and {"if", "unless"} & set(line.words):
                yield Answer(path, line.text, line.number)
