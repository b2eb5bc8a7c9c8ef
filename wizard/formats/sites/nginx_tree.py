"""A configuration of nginx as a tree, the `server` of it that users reach, and the `location` that serves a path."""

from __future__ import annotations

import posixpath
import re
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from wizard.dataclass import dataclass
from wizard.formats.allowance import Cost, spend
from wizard.formats.sites.model import SiteError, Wanted, refuse_long
from wizard.pattern import pattern
from wizard.plan.i18n import listing, tr
from wizard.plan.quoted import bounded

_FILE = "site.conf"
FOLDER = "ncw-check-balancer-"
"""What the folder's name begins with: the trial of a configuration removes one that a killed program left."""
_PORT = pattern(r"(?:^|[:\]])([0-9]+)$")
_HARMLESS = pattern(
    r"(?:mime\.types|modules(?:-enabled)?/[^/]*|options-ssl-nginx\.conf|snakeoil\.conf|(?:fastcgi|uwsgi|scgi)_params)$"
)
"""Files of nginx, Debian and Certbot that say nothing of what is looked for."""
_VARIABLE = pattern(r"\$(?:\{(\w+)\}|(\w+))")
_GATEWAY_ERRORS = frozenset({"500", "502", "503", "504"})
"""What nginx answers itself, or passes on, where a node failed."""
_MODIFIERS = ("=", "^~", "~*", "~")
_MATCHING_SECONDS = 0.1
_SHOWN = 60
_LONGEST = 2000
_LONGEST_VALUE = 500
"""Characters of a variable of which an address is made: the name of a host has 253 at most."""
_MOST_SET = 200
"""Lines that set a variable of which an address may be made; all are followed for each address."""
_MOST_NESTED = 50
"""Blocks in one another: nginx needs five for a condition in a location in a location of a server."""
_DUMPED = pattern(r"^# configuration file (\S.*):\r?$", re.MULTILINE)
"""What stands above each file that `nginx -T` prints."""
_TESTED = pattern(r"(?:nginx: [^\n]*\n|\s)*+")
"""What it says beside them of the test."""
_MOST_INCLUDED = 200


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


def http_of(text: str) -> tuple[Statement, bool]:
    """Return the block `http`, and whether it is in the text: a site alone is put into one, as nginx.conf includes it.

    Raises SiteError that names the line.
    """
    refuse_long(text)
    with tempfile.TemporaryDirectory(prefix=FOLDER) as folder:
        file = Path(folder, _FILE)
        if (marks := [*_DUMPED.finditer(text)]) and _TESTED.fullmatch(text, 0, marks[0].start()):
            return _of_dump(file, text, marks), True
        checked = _parsed(file, text) if _may_have_http(file, text) else {"parsed": []}
        every = _statements(checked["parsed"])
        whole = next((one for one in every if one.name == "http"), None)
        if not whole:
            # Without its surroundings the parser does not check a site: the missing end of a line would go unnoticed.
            checked = _parsed(file, f"http {{ {text}\n}}")
    _refuse_errors(checked)
    http = whole or _statements(checked["parsed"])[0]
    _refuse_streams(http, [*every, *http.block])
    return http, whole is not None


def _refuse_streams(http: Statement, around: Sequence[Statement]) -> None:
    """Raise SiteError where connections are passed on, not requests: in `stream`, or in a file that is meant for it."""
    if any(_passes_on(one) and not one.all("proxy_pass") for one in http.all("server")):
        return
    inner = (one for server in http.all("server") for one in server.all("proxy_pass"))  # of HTTP it stands in locations
    if found := next((one for one in [*around, *inner] if one.name in {"stream", "proxy_pass"}), None):
        raise SiteError(
            tr(
                "“stream” passes connections on, not requests: nothing of HTTP can be read from it; plan the balancer "
                "as one of another make, which is judged live alone"
            ),
            found.line,
        )


def _refuse_errors(checked: Any) -> None:
    if errors := checked["errors"]:
        words = re.sub(r" in .*$", "", str(errors[0]["error"])) or tr("it ends within a directive")
        raise SiteError(words, errors[0]["line"] or 0)


def _of_dump(file: Path, text: str, marks: Sequence[re.Match[str]]) -> Statement:
    """Return the block `http` of what `nginx -T` prints: the files one after the other, put in where they are included.

    Lines are those of the whole text. Raises SiteError.
    """
    if len(marks) > _MOST_INCLUDED:
        raise _too_many(text.count("\n", 0, marks[_MOST_INCLUDED].start()) + 1)
    _may_have_http(file, text)  # refuses what is too deep
    found: dict[str, tuple[Statement, ...]] = {}
    ends = [*(one.start() for one in marks[1:]), len(text)]
    for head, end in zip(marks, ends, strict=True):
        before, part = "\n" * text.count("\n", 0, head.end()), text[head.end() : end]
        checked = _parsed(file, f"{before}http {{ {part}\n}}")
        _refuse_errors(checked)
        found[head[1]] = _statements(checked["parsed"])[0].block
    first = marks[0][1]
    joined = _Joining(found, posixpath.dirname(first)).joined(found[first], (first,))
    whole = next((one for one in joined if one.name == "http"), None)
    _refuse_streams(whole or Statement("http", (), 0), joined)
    if whole is None:
        raise SiteError(tr("there is no “server” that passes requests on"))
    return whole


def _too_many(line: int) -> SiteError:
    return SiteError(tr("more than {most} files are included", most=_MOST_INCLUDED), line)


def _is_of_no_file(one: Statement) -> bool:
    """Whether an include by a pattern means no file, where all files are at hand: folders for one's own are empty."""
    return one.name == "include" and any(sign in word for sign in "*?[" for word in one.words)


class _Joining:
    """Puts the files of a dump where they are included; how often is bounded, as one may include others many times."""

    def __init__(self, files: Mapping[str, tuple[Statement, ...]], folder: str) -> None:
        self._files = files
        self._folder = folder
        self._left = _MOST_INCLUDED

    def joined(self, block: Sequence[Statement], within: tuple[str, ...]) -> tuple[Statement, ...]:
        found: list[Statement] = []
        for one in block:
            names = self._meant(one, within) if one.name == "include" else []
            for name in names:
                found += self.joined(self._files[name], (*within, name))
            if not names and not _is_of_no_file(one):
                found.append(replace(one, block=self.joined(one.block, within)) if one.block else one)
        return tuple(found)

    def _meant(self, include: Statement, within: tuple[str, ...]) -> list[str]:
        wanted = posixpath.join(self._folder, " ".join(include.words))
        alike = (name for name in self._files if fnmatchcase(name, wanted) and name.count("/") == wanted.count("/"))
        names = [name for name in alike if name not in within]
        self._left -= len(names)
        if self._left < 0:
            raise _too_many(include.line)
        return names


def _may_have_http(file: Path, text: str) -> bool:
    """Whether a block `http` may stand in the text itself: to look is a third of the work of parsing it.

    Raises SiteError where blocks stand in one another deeper than the parser, which calls itself, could follow.
    """
    import crossplane

    file.write_text(text, encoding="utf-8")
    depth, found = 0, False
    with suppress(crossplane.errors.NgxParserSyntaxError):  # the parser says it in its own way
        for token, line, quoted in crossplane.lex(str(file)):
            found = found or (token == "http" and depth == 0)  # noqa: S105 - a name of nginx
            depth += 0 if quoted else (token == "{") - (token == "}")  # noqa: S105 - a brace
            if depth > _MOST_NESTED:
                raise SiteError(tr("more than {most} blocks stand in one another", most=_MOST_NESTED), line)
    return found


def _parsed(file: Path, text: str) -> Any:
    import crossplane

    file.write_text(text, encoding="utf-8")
    # `single`: what it includes lies on the balancer.
    return crossplane.parse(str(file), single=True, check_ctx=False)["config"][0]


def _statements(parsed: list[dict[str, Any]]) -> tuple[Statement, ...]:
    return tuple(
        Statement(one["directive"], tuple(one["args"]), one["line"], _statements(one.get("block", ()) or []))
        for one in parsed
    )


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
    servers = [one for one in http.all("server") if _passes_on(one)]
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


def _passes_on(server: Statement) -> bool:
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
    """Go on to the named location that `try_files` ends at, where the location itself passes nothing on."""
    if proxy_of(chain[-1]):
        return chain
    last = next((one.words[-1] for one in chain[-1].all("try_files") if one.words), "")
    named = next((one for one in server.all("location") if last.startswith("@") and one.words == (last,)), None)
    return [server, named] if named else chain


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
    import regex

    if len(pattern) > _LONGEST:
        raise SiteError(tr("the expression “{text}” takes too long", text=bounded(pattern, _SHOWN)))
    ignoring = regex.IGNORECASE if flags else 0
    begin = time.thread_time()  # that of the process is counted by ticks where a limit of it is set
    try:
        return regex.search(pattern, text, ignoring, timeout=_MATCHING_SECONDS) is not None
    except regex.error:
        return False
    except TimeoutError:
        raise SiteError(tr("the expression “{text}” takes too long", text=bounded(pattern, _SHOWN))) from None
    finally:
        spend(Cost.MATCHING, round((time.thread_time() - begin) * 1_000_000))
