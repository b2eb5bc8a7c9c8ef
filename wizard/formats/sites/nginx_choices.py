"""What a variable of an address may be where `map` or `split_clients` of nginx chooses among texts."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.formats.sites.model import SiteError
from wizard.formats.sites.nginx_tree import Statement, matches, variables_in
from wizard.pattern import pattern
from wizard.plan.i18n import tr

_CHOOSING = ("map", "split_clients")
_WORDS = 2
"""What is asked, and the variable that is set."""
_OPTIONS = frozenset({"hostnames", "volatile"})
_MOST = 100
"""Texts that an address may come to; servers behind it are as many."""
_LONGEST = 500
"""Characters of one of them: the name of a host has 253 at most."""
_DEEPEST = 5
"""Maps whose texts name one another's variables."""


_HOST = pattern(r"[^:/]*://(unix:[^:]*|.*?(?=/|\$\{?(?:request_uri|uri|document_uri)\b|$))")


def netloc_of(target: str) -> str:
    """Return host and port of an address, or its socket; a variable that begins with a path ends it."""
    match = _HOST.match(target)
    return match[1] if match else ""


def choices(target: str, http: Statement, known: dict[str, str]) -> list[str]:
    """Return all that a target may come to, each once; itself where no variable of it is chosen.

    `known` are the variables that a planned request has a value for. Raises SiteError where there are too many.
    """
    found = {target: None}
    for _round in range(_DEEPEST):
        if not any(_chooser(text, http) for text in found):
            break
        texts, found = list(found), {}
        for text in texts:
            for one in _once(text, http, known):
                found[one] = None
                if len(found) > _MOST or len(one) > _LONGEST:
                    raise SiteError(tr("its variables come to too many addresses, or to too long ones"), http.line)
    return list(found)


def _once(text: str, http: Statement, known: dict[str, str]) -> Iterator[str]:
    chooser = _chooser(text, http)
    if chooser is None:
        yield text
        return
    name = chooser.words[1].lstrip("$")
    for value in _values(chooser, known):
        if len(value) > _LONGEST:
            raise SiteError(tr("its variables come to too many addresses, or to too long ones"), chooser.line)
        if value:  # with nothing nginx answers 500 itself
            yield text.replace(f"${{{name}}}", value).replace(f"${name}", value)


def _chooser(text: str, http: Statement) -> Statement | None:
    names = {f"${name}" for name in variables_in(text)}
    found = (one for kind in _CHOOSING for one in http.all(kind))
    return next((one for one in found if len(one.words) == _WORDS and one.words[1] in names), None)


def _values(chooser: Statement, known: dict[str, str]) -> list[str]:
    """Return the texts that a request may get: of one whose value is known the one that nginx takes, else all."""
    rows = [one for one in chooser.block if one.name not in _OPTIONS and one.words]
    asked = known.get(chooser.words[0])
    if unread := [one for one in rows if one.name == "include"]:
        raise SiteError(tr("where requests go stands in a file that is not read ({text})", text=unread[0].text))
    if asked is None or len(rows) != len(chooser.block):
        return [one.words[0] for one in rows]
    return [_taken(rows, asked)]


def _taken(rows: list[Statement], asked: str) -> str:
    """Return the text of a value: the row that is it, else the first expression that matches, else the default."""
    for one in rows:
        if not one.name.startswith("~") and one.name.removeprefix("\\").lower() == asked.lower():
            return one.words[0]
    for one in rows:
        if one.name.startswith("~") and matches(one.name[1:], asked):
            return one.words[0]
    return next((one.words[0] for one in rows if one.name == "default"), "")
