"""What nginx is given, read as a tree: a configuration, a site alone, or what `nginx -T` prints of all its files."""

from __future__ import annotations

import posixpath
import re
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from wizard.formats.sites.model import SiteError, refuse_long
from wizard.formats.sites.nginx_tree import Statement, passes_on
from wizard.pattern import pattern
from wizard.plan.i18n import tr

_FILE = "site.conf"
FOLDER = "ncw-check-balancer-"
"""What the folder's name begins with: the trial of a configuration removes one that a killed program left."""
_MOST_NESTED = 50
"""Blocks in one another: nginx needs five for a condition in a location in a location of a server."""
_DUMPED = pattern(r"^# configuration file (\S.*):\r?$", re.MULTILINE)
"""What stands above each file that `nginx -T` prints."""
_TESTED = pattern(r"(?:nginx: [^\n]*\n|\s)*+")
"""What it says beside them of the test."""
_MOST_INCLUDED = 200


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
    if any(passes_on(one) and not one.all("proxy_pass") for one in http.all("server")):
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
        wanted = posixpath.join(self._folder, *include.words)
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
