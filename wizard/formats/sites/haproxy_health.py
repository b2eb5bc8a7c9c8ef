"""How HAProxy asks the servers of a backend whether they live, and which health paths it answers itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

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
_DEAD = 503
"""What NocoBase answers where the application is dead (docs/nocobase.md, "Health")."""
_SPAN = pattern(r"([0-9]{3})(?:-([0-9]{3}))?")
_OF_STATUS = pattern(r"[0-9^$.|()\[\]?:{},-]{1,60}")
"""Expressions with no repetition that goes on for ever."""
_ASKED = pattern(r"(?:GET|HEAD|OPTIONS)\s+(/\S*)")


def health(section: Section) -> HealthCheck:
    """Return the health check of a backend: what it asks for, and which servers nobody looks after."""
    servers = listed(section)
    asleep = tuple(one.line.number for one in servers if not one.watched)
    kind = _kind(section)
    if any("healthcheck" in one.line.words for one in servers) or (kind and "external-check" in kind.words):
        return HealthCheck(section.name, None, section.line, asleep)
    if kind is None or kind.words[0] == "no":
        return HealthCheck(section.name, "", section.line, asleep)
    if "httpchk" in kind.words:
        path, line = _of_http(section, kind)
        return HealthCheck(section.name, path, line.number, asleep, lenient=_lenient(section))
    path, line = _of_tcp(section, kind)
    return HealthCheck(section.name, path, line.number, asleep)


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


def _of_http(section: Section, asks: Line) -> tuple[str | None, Line]:
    """Return the path: of several that are asked for in turn the one that ends as NocoBase's own."""
    sends = [line for line in _rules(section, "http-check", "send") if {"uri", "uri-lf"} & set(line.words[2:-1])]
    found = [(_uri(line), line) for line in sends]
    words = asks.words[2:]
    found = found or [((words[0] if len(words) == 1 else words[1]) if words else _USUAL, asks)]
    found = [(path if path and path.startswith("/") else None, line) for path, line in found]
    told = [one for one in found if one[0] and one[0].partition("?")[0].endswith("/__health_check")]
    return (told or found)[-1]


def _uri(send: Line) -> str | None:
    """Return the path that is asked for; None where it is made of variables."""
    words = send.words
    return words[words.index("uri") + 1] if "uri" in words[:-1] else None


def _lenient(section: Section) -> Term | None:
    """Return the first rule by which an answer of 503 is a good one; None where a rule refuses it, or may."""
    rules = _rules(section, "http-check", "expect")
    return Term(rules[0].words, rules[0].number) if rules and all(_takes_dead(rule.words) for rule in rules) else None


def _takes_dead(words: Sequence[str]) -> bool:
    """Whether a rule about the status takes that of a dead application for a good one."""
    at = next((at for at, word in enumerate(words[:-1]) if word in {"status", "rstatus"}), 0)
    fits = _FITS[words[at]](words[at + 1]) if at else None
    return fits is not None and fits is not (words[at - 1] == "!")


def _is_listed(codes: str) -> bool | None:
    """Whether 503 is one of `200,500-599`; None where that cannot be read."""
    spans = [_SPAN.fullmatch(code) for code in codes.split(",")]
    if not all(spans):
        return None
    return any(int(span[1]) <= _DEAD <= int(span[2] or span[1]) for span in spans if span)


def _is_matched(expression: str) -> bool | None:
    """Whether an expression for a status matches 503; None for one that is not as those are written."""
    if not _OF_STATUS.fullmatch(expression):
        return None
    with suppress(re.error):
        return re.search(expression, str(_DEAD)) is not None
    return None


_FITS: Mapping[str, Callable[[str], bool | None]] = {"status": _is_listed, "rstatus": _is_matched}


def _of_tcp(section: Section, asks: Line) -> tuple[str | None, Line]:
    """Return the path of a request that is written out; empty where nothing is sent, None where it is another thing."""
    sends = [line for line in _rules(section, "tcp-check") if line.words[1:2] and line.words[1].startswith("send")]
    for line in sends:
        if match := _ASKED.search(line.text):
            return match[1].partition("\\r")[0], line
    return (None if sends else ""), asks


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
