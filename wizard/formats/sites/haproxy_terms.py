"""Under what terms HAProxy passes requests on: times, headers, and how large a body it lets through."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from wizard.formats.sites.expressions import found_in
from wizard.formats.sites.haproxy_routes import Asked, met, upload
from wizard.formats.sites.haproxy_text import Line, Section
from wizard.formats.sites.model import AS_IT_CAME, SiteError, Term, Terms, Wanted
from wizard.pattern import pattern
from wizard.plan.i18n import tr

_LENGTH = pattern(r"(?:content-length\)?|req\.body_(?:size|len))\s", re.IGNORECASE)
_MORE_THAN = pattern(r"\b(gt|ge)\s+([0-9]+)", re.IGNORECASE)
_REFUSALS = frozenset({"deny", "reject", "silent-drop", "tarpit"})
_SETTINGS = ("timeout client", "timeout server", "timeout tunnel", "mode")
_MOST_VALUES = 50
"""Values that rules under conditions may leave to one header; all are looked at again for each further rule."""
_BEHIND_NAME = 3
"""Which word of `http-request set-header NAME VALUE` is the value."""

_TOLD_OF = frozenset({"host", "x-forwarded-host", "x-forwarded-proto", "connection", "upgrade"})
"""Headers on which it depends whether NocoBase works: what browsers send, or what it believes of them."""

Rule = tuple[Section, Line]


def terms_of(wanted: Wanted, frontend: Section, backend: Section, asked: Asked) -> Terms:
    """Return what holds for a request. The rules of the frontend come before those of the backend."""
    settings: dict[str, Term] = {}
    for name in _SETTINGS:
        section = frontend if name in {"timeout client", "mode"} else backend
        if line := section.setting(*name.split()):
            settings[name] = Term(line.words[len(name.split()) :], line.number)
    rules = list(_rules(frontend, backend))
    if limit := _limit(rules, (asked, upload(wanted, tls=asked.tls))):
        settings["limit"] = limit
    asks = (line for section, line in rules if line.begins("http-request", "auth") and met(section, line, asked))
    if password := next(asks, None):
        settings["auth"] = Term(password.words, password.number)
    return Terms(
        path=wanted.public_path,
        line=frontend.line,
        headers_line=frontend.line,
        settings=settings,
        tls=any("ssl" in line.words for line in frontend.all("bind")),
        may_be=_headers(rules, asked),
    )


def _rules(*sections: Section) -> Iterator[Rule]:
    for section in dict.fromkeys(sections):
        yield from ((one, line) for one in (*reversed(section.defaults), section) for line in one.lines)


def _headers(rules: Sequence[Rule], asked: Asked) -> dict[str, tuple[Term, ...]]:
    """Return what each header may be, the last rule last: where conditions cannot be told all that they leave."""
    found = {name: [AS_IT_CAME] for name in _TOLD_OF}
    for section, line in rules:
        name = line.words[2].lower() if len(line.words) > _BEHIND_NAME - 1 else ""
        if name in found and line.words[0] == "http-request":
            values, holds = found[name], met(section, line, asked)
            change = _changed(line, values, asked) if holds is not False else values
            found[name] = list(dict.fromkeys(change if holds else (*values, *change)))
            if len(found[name]) > _MOST_VALUES:
                raise SiteError(tr("its conditions are too many together"), line.number)
    return {name: tuple(values) for name, values in found.items()}


def _changed(line: Line, values: list[Term], asked: Asked) -> list[Term]:
    """Return what a header may be after a rule that holds. Of two of a name NocoBase believes the first."""
    kind, set_to = line.words[1], Term(line.words[_BEHIND_NAME:], line.number)
    if kind == "del-header":
        return [Term((), line.number)]
    if kind == "set-header" and set_to.words:
        return [set_to]
    if kind in {"replace-header", "replace-value"} and len(set_to.words) > 1:
        return [*values, *([Term(set_to.words[1:], line.number)] if _may_match(set_to.words[0], values, asked) else [])]
    if kind == "add-header" and set_to.words:
        came = asked.forwarded or not line.words[2].lower().startswith("x-forwarded-")
        return [one if one.words or (came and one == AS_IT_CAME) else set_to for one in values]
    return values


def _may_match(expression: str, values: Sequence[Term], asked: Asked) -> bool:
    """Whether an expression may match one of the values of a header, of which a variable may be anything."""
    texts = [one.words[0] if one.words else asked.host for one in values]
    try:
        return any("%" in text or found_in(text, expression, re.IGNORECASE) is not False for text in texts)
    except SiteError:
        return True


def _limit(rules: Sequence[Rule], asked: Sequence[Asked]) -> Term | None:
    """Return the largest body that a rule lets through, in bytes: those that compare the length of a request."""
    named: dict[tuple[Section, str], tuple[int, int]] = {}
    found: list[tuple[int, int]] = []
    for section, line in rules:
        least = _least(line)
        if line.words[0] == "acl" and least is not None:
            named[section, line.words[1]] = (least, line.number)
        elif _refuses(line) and any(met(section, line, one) is not False for one in asked):
            found += [(least, line.number)] if least is not None else []
            found += [named[section, word] for word in line.words if (section, word) in named]
    return Term((str(min(found)[0]),), min(found)[1]) if found else None


def _refuses(line: Line) -> bool:
    rule = line.words[0] in {"http-request", "block", "reqdeny"}
    return rule and (not _REFUSALS.isdisjoint(line.words[1:2]) or "413" in line.words)


def _least(line: Line) -> int | None:
    """Return the most bytes that are not yet too many for a comparison in a line."""
    length = _LENGTH.search(line.text)
    match = _MORE_THAN.search(line.text, length.end()) if length else None
    if match is None:
        return None
    size = int(match[2][:18])
    return size if match[1].lower() == "gt" else size - 1
