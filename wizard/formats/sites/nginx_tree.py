"""In the tree of a configuration of nginx the `server` that users reach, and the `location` that serves a path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from wizard.dataclass import dataclass
from wizard.formats.sites.expressions import found_in
from wizard.formats.sites.model import SiteError, Wanted
from wizard.pattern import pattern
from wizard.plan.i18n import listing, tr
from wizard.plan.quoted import bounded

_PORT = pattern(r"(?:^|[:\]])([0-9]+)$")
_HARMLESS = pattern(
    r"(?:mime\.types|modules(?:-enabled)?/[^/]*|options-ssl-nginx\.conf|snakeoil\.conf|(?:fastcgi|uwsgi|scgi)_params)$"
)
"""Files of nginx, Debian and Certbot that say nothing of what is looked for."""
_VARIABLE = pattern(r"\$(?:\{(\w+)\}|(\w+))")
_GATEWAY_ERRORS = frozenset({"500", "502", "503", "504"})
"""What nginx answers itself, or passes on, where a node failed."""
_MODIFIERS = ("=", "^~", "~*", "~")
_SHOWN = 60
_LONGEST_VALUE = 500
"""Characters of a variable of which an address is made: the name of a host has 253 at most."""
_MOST_SET = 200
"""Lines that set a variable of which an address may be made; all are followed for each address."""


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One directive: its name, what follows, its line, and what stands in it if it is a block.

    Two of them are never equal: to compare one would compare all that stands in it.
    """

    name: str
    words: tuple[str, ...]
    line: int
    block: tuple[Statement, ...] = ()

    @property
    def text(self) -> str:
        """The line as people write it."""
        return " ".join((self.name, *self.words)) + ";"

    def all(self, name: str) -> list[Statement]:
        """Return the directives of that name right in this block."""
        return [one for one in self.block if one.name == name]


def includes(block: Statement) -> list[Statement]:
    """Return what stands right in the block and was not followed."""
    return [one for one in block.all("include") if not _HARMLESS.search(one.words[0] if one.words else "")]


def everything_in(block: Statement) -> Iterator[Statement]:
    """Go through all that stands in the block, however deep."""
    for one in block.block:
        yield one
        yield from everything_in(one)


def server_for(http: Statement, wanted: Wanted) -> Statement:
    """Return the `server` that users of the public address reach; raises SiteError where that cannot be told."""
    servers = [one for one in http.all("server") if passes_on(one)]
    if not servers:
        if unread := includes(http):
            says = tr(
                "the site is in a file that is included and was not followed ({text}): name that file",
                text=unread[0].text,
            )
            raise SiteError(says, unread[0].line)
        raise SiteError(tr("there is no “server” that passes requests on"))
    ranked = [(rank, one) for one in servers if (rank := _rank(one, wanted)) is not None]
    if ranked:
        return min(ranked, key=lambda found: found[0])[1]
    if len(servers) == 1:
        return servers[0]  # nginx takes it for every name that no other one has
    raise SiteError(tr("no “server” is for {names}", names=listing(wanted.names)), servers[0].line)


def passes_on(server: Statement) -> bool:
    """Whether requests are passed on anywhere in a `server`, or may be in a file that it includes."""
    return any(one.name == "proxy_pass" for one in everything_in(server)) or bool(includes(server))


def _rank(server: Statement, wanted: Wanted) -> tuple[bool, int] | None:
    """Return how well a server fits, the least best: by port, then as nginx compares names.

    None if it is for others.
    """
    patterns = [word.lower() for one in server.all("server_name") for word in one.words] or [""]
    found = [
        rank
        for pattern in patterns
        for name in wanted.names or ("",)
        if (rank := _name_rank(pattern, name)) is not None
    ]
    return (ports(server).isdisjoint(wanted.ports), min(found)) if found else None


def _name_rank(pattern: str, name: str) -> int | None:
    """Return the place in nginx's order: the name itself, `*.…`, `….*`, an expression, any name; None for another's."""
    fits = (
        pattern == name,
        (pattern.startswith("*.") and name.endswith(pattern[1:]))
        or (pattern.startswith(".") and f".{name}".endswith(pattern)),
        pattern.endswith(".*") and name.startswith(pattern[:-1]),
        pattern.startswith("~") and _matches(pattern[1:], name, re.IGNORECASE),
        pattern in {"", "_"},
    )
    return fits.index(True) if any(fits) else None


def ports(server: Statement) -> set[int]:
    """Return the ports that the server listens on."""
    listens = [one.words[0] for one in server.all("listen")] or ["80"]
    return {int(match[1][:9]) if (match := _PORT.search(address)) else 80 for address in listens}


def place_of(server: Statement, path: str, *, followed: bool = True) -> list[Statement]:
    """Return the blocks that serve `path`, the server first: as nginx chooses; `followed` to where it tries last."""
    chain = [server]
    while location := _location(chain[-1], path):
        chain.append(location)
    return _followed(chain, server) if followed else chain


def _followed(chain: list[Statement], server: Statement) -> list[Statement]:
    """Go on to the named location that `try_files`, or the error page of its `return`, ends at.

    Only where the location itself passes nothing on.
    """
    if proxy_of(chain[-1]):
        return chain
    last = next((one.words[-1] for one in chain[-1].all("try_files") if one.words), "") or _page_of(chain)
    named = next((one for one in server.all("location") if last.startswith("@") and one.words == (last,)), None)
    return [server, named] if named else chain


def _page_of(chain: Sequence[Statement]) -> str:
    """Return where the error page of a `return` right in the location leads; nothing where there is none."""
    code = next((one.words[0] for one in chain[-1].all("return") if one.words), "")
    level = next((block for block in reversed(chain) if block.all("error_page")), None)
    pages = [one for one in level.all("error_page") if code in one.words[:-1]] if level and code else []
    return pages[0].words[-1] if pages else ""


def proxy_of(block: Statement) -> Statement | None:
    """Return the `proxy_pass` of a location, also one under an `if` in it."""
    inner = [one for condition in block.all("if") for one in condition.all("proxy_pass")]
    return next(iter([*block.all("proxy_pass"), *inner]), None)


def literal(target: str, chain: Sequence[Statement]) -> str:
    """Return a target with its variables put in, as far as the chain sets each of them to a plain text, and once."""
    values: dict[str, str] = {}
    if "$" not in target:
        return target
    settings = [one for block in chain for one in block.all("set")]
    if len(settings) > _MOST_SET:
        raise SiteError(tr("more than {most} variables are set for one address", most=_MOST_SET), settings[0].line)
    for block in chain:
        doubtful = {one.words[0] for inner in block.all("if") for one in inner.all("set") if one.words}
        for one in block.all("set"):
            if len(one.words) == 2:  # noqa: PLR2004 - a name and a value
                values[one.words[0]] = found = _filled(one.words[1], values)
                if len(found) > _LONGEST_VALUE:
                    raise SiteError(
                        tr("the variable {name} becomes too long", name=bounded(one.words[0], _SHOWN)), one.line
                    )
        values = {name: value for name, value in values.items() if name not in doubtful and "$" not in value}
    return _filled(target, values)


def variables_in(text: str) -> set[str]:
    """Return the names of the variables that stand in a text."""
    return {match[1] or match[2] for match in _VARIABLE.finditer(text)}


def _filled(text: str, values: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda match: values.get(f"${match[1] or match[2]}", match[0]), text)


def failures_to(chain: Sequence[Statement]) -> list[tuple[Statement, Statement]]:
    """Return where a request goes whose node failed: each `error_page` in force, with the named location it names."""
    server, level = chain[0], next((block for block in reversed(chain) if block.all("error_page")), None)
    named = {one.words[0]: one for one in server.all("location") if len(one.words) == 1}
    return [
        (page, named[page.words[-1]])
        for page in (level.all("error_page") if level else ())
        if page.words
        and page.words[-1] in named
        and _GATEWAY_ERRORS & set(page.words)
        and named[page.words[-1]] is not chain[-1]
    ]


def _location(block: Statement, path: str) -> Statement | None:
    """Choose as nginx does: the exact one; the longest beginning, but before it the first expression that matches."""
    longest, length, stops = None, -1, False
    patterns: list[tuple[str, str, Statement]] = []
    for one in block.all("location"):
        kind, text = _told(one.words)
        if kind == "=" and text == path:
            return one
        if kind in {"", "^~"} and path.startswith(text) and len(text) > length:
            longest, length, stops = one, len(text), kind == "^~"
        elif kind in {"~", "~*"}:
            patterns.append((kind, text, one))
    if not stops:
        for kind, text, one in patterns:
            if _matches(text, path, re.IGNORECASE if kind == "~*" else re.NOFLAG):
                return one
    return longest


def _told(words: Sequence[str]) -> tuple[str, str]:
    """Return the modifier and the rest of a location, which may stand without a blank between them."""
    if len(words) > 1:
        return words[0], words[1]
    word = words[0] if words else ""
    kind = next((sign for sign in _MODIFIERS if word.startswith(sign)), "")
    return kind, word.removeprefix(kind)


def matches(expression: str, text: str) -> bool:
    """Whether an expression of a `map` matches: with a further `~*` before it in any letter case.

    Raises SiteError for one that takes too long.
    """
    any_case = expression.startswith("*")
    return _matches(expression[any_case:], text, re.IGNORECASE if any_case else re.NOFLAG)


def _matches(pattern: str, text: str, flags: re.RegexFlag) -> bool:
    """Say whether nginx's expression matches; raises SiteError for one that takes too long."""
    return bool(found_in(text, pattern, flags))
