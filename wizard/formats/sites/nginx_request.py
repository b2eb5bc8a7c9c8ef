"""What nginx makes of a request on its way to a node: its path, and headers that a `map` of the file chooses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from wizard.formats.sites.model import Astray, SiteError, Terms
from wizard.formats.sites.nginx_choices import choices, netloc_of
from wizard.formats.sites.nginx_tree import Statement, literal, matches, proxy_of
from wizard.plan.i18n import tr

_LEADS_AWAY = {"redirect", "permanent"}
_ADDRESSES = ("http://", "https://", "$scheme")
"""What the target of a `rewrite` begins with that leads away without a flag."""
_AS_IT_CAME = ("$request_uri", "$uri", "$document_uri")
_HOSTS = ("host", "x-forwarded-host")
_SERVER_NAME = ("$server_name", "${server_name}")
_RESOLVED = ("connection", "upgrade")
_PATTERN, _TARGET, _FLAG = 0, 1, 2
"""The words of `rewrite`."""


def refuse_rewritten(server: Statement, paths: Sequence[str]) -> None:
    """Raise SiteError where a planned path is rewritten before a location is chosen: that is not followed."""
    for one in server.all("rewrite"):
        away = _LEADS_AWAY & set(one.words[_FLAG:]) or any(word.startswith(_ADDRESSES) for word in one.words[_TARGET:])
        if one.words and not away and any(matches(one.words[_PATTERN], path) for path in paths):
            raise SiteError(tr("“{word}” decides what holds, and is not followed", word=one.text), one.line)


def astray(places: Mapping[str, Sequence[Statement]]) -> Iterator[Astray]:
    """Return the planned paths for which a node is asked for another one."""
    for path, place in places.items():
        proxy = proxy_of(place[-1])
        asked = _asked(proxy, place, path) if proxy else path
        if proxy and asked is not None and re.sub("/+", "/", asked) != path:
            yield Astray(path, asked, proxy.text, proxy.line, _address(proxy.words[0]))


def _asked(proxy: Statement, place: Sequence[Statement], path: str) -> str | None:
    """Return the path that a node is asked for; None where it cannot be told.

    A path behind the address takes the place of what a location begins with; beside variables that of the whole path.
    """
    location, words = place[-1], proxy.words[0] if proxy.words else ""
    target = literal(words, place)
    behind = target.removeprefix(_address(target)).partition("?")[0]
    if "://" not in target or any(block.all("rewrite") for block in place[1:]) or proxy not in location.block:
        return None
    if not behind or behind.replace("{", "").replace("}", "").startswith(_AS_IT_CAME):
        return path
    if "$" in behind or target.partition("://")[2].startswith("unix:"):
        return None
    if "$" in words:
        return behind
    kind, begins = (location.words[0], location.words[-1]) if len(location.words) > 1 else ("", "".join(location.words))
    if begins.startswith("="):
        kind, begins = "=", begins[1:]
    if kind == "=":
        return behind
    return behind + path.removeprefix(begins.removeprefix("^~")) if kind in {"", "^~"} else None


def _address(target: str) -> str:
    """Return the beginning of a target: scheme, host and port."""
    return target[: target.find("://") + len("://") + len(netloc_of(target))]


def named(terms: Terms, server: Statement) -> Terms:
    """Return the terms with what `$server_name` comes to as a host: the first name of the server, also a pattern."""
    first = next((word for one in server.all("server_name") for word in one.words), "").removeprefix(".")
    headers = {
        name: replace(term, value=first) if name in _HOSTS and term.text in _SERVER_NAME else term
        for name, term in terms.headers.items()
    }
    return replace(terms, headers=headers)


def resolved(terms: Terms, http: Statement, known: dict[str, str]) -> Terms:
    """Return the terms with what the headers of an upgrade come to, where a `map` of the file says it."""
    headers = dict(terms.headers)
    for name in _RESOLVED:
        term = headers.get(name)
        if term and "$" in term.text:
            with suppress(SiteError):
                found = choices(term.text, http, known)
                if len(found) <= 1 and not any("$" in one for one in found):
                    headers[name] = replace(term, value="".join(found))
    return replace(terms, headers=headers)
