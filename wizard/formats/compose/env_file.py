r"""Env files as Compose itself reads them (compose-go's `dotenv`), which is unlike the reader inside NocoBase.

A `#` begins a comment behind a blank alone; in double quotes escapes are C's; what stands in no quotes and in double
quotes is interpolated; a name without a value is taken from Compose's own environment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from wizard.dataclass import dataclass
from wizard.formats.allowance import Cost, spend
from wizard.formats.dotenv.expressions import Expanded, expand
from wizard.formats.dotenv.grammar import LARGEST, Assignment
from wizard.formats.files import SourceError
from wizard.pattern import pattern
from wizard.plan.i18n import tr

_BLANK = r"[ \t\v\f\r\x85\xa0]"
_BETWEEN = pattern(r"(?:\s+|#[^\n]*)*")
_NAME = pattern(rf"(?:export\s++)?{_BLANK}*+(?P<name>[\w.\-\[\]]*+){_BLANK}*+(?P<sign>[=:]|\n|\Z){_BLANK}*+")
_BARE = pattern(r"(?P<value>[^\n]*)\n?")
_SINGLE = pattern(r"'(?P<value>(?:[^'\\]|\\.)*)'", re.DOTALL)
_DOUBLE = pattern(r'"(?P<value>(?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = pattern(r"\\([abcfnrtv$\"\\]|0[0-7]{3})")
_SIGNS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", '"': '"', "\\": "\\", "$": "$$"}


@dataclass(frozen=True, slots=True)
class Line:
    """One assignment: what Compose makes of it; `refused` where it does not read the file because of it."""

    found: Assignment
    made: Expanded | None = None
    refused: bool = False


def read(text: str, known: Mapping[str, str], before: Mapping[str, str] | None = None) -> dict[str, Line]:
    """Return what Compose reads from a file, by the variables' names; `known` win over the file's own.

    `before` are variables of files that were read before it.
    """
    if len(text) > LARGEST:
        raise SourceError(tr("It has more than {most} characters: that is no env file.", most=LARGEST))
    said = dict(before or {})
    lines: dict[str, Line] = {}
    for found in _assignments(text.replace("\r\n", "\n")):
        spend(Cost.VARIABLES, 1)
        line = _made(found, {**said, **known} if "$" in found.value or found.quote == "name" else {})
        lines.pop(found.name, None)
        lines[found.name] = line
        if line.made is None and not line.refused:
            said[found.name] = line.found.value
        else:  # what is made of it is not known either
            said.pop(found.name, None)
    return lines


def _made(found: Assignment, known: Mapping[str, str]) -> Line:
    if found.quote == "name":
        value = known.get(found.name)
        if value is None:
            return Line(found, Expanded(None, (found.name,), (found.name,)))
        return Line(Assignment(found.name, value, found.line, quote="'"))
    if found.quote == "odd":
        return Line(found, refused=True)
    if found.quote == "'" or "$" not in found.value:
        return Line(found)
    made = expand(found.value, known)
    if made.value is None or made.unset:
        return Line(found, made, refused=made.value is None and not made.unset)
    return Line(Assignment(found.name, made.value, found.line, quote="'"))


def _assignments(text: str) -> Iterator[Assignment]:
    """Go through the file; `quote` tells of what kind a value is: bare, `'`, `"`, `name` for none, or `odd`."""
    at, line, counted = 0, 1, 0
    while at < len(text):
        if between := _BETWEEN.match(text, at):
            at = between.end()
        if at >= len(text):
            return
        line += text.count("\n", counted, at)
        counted = at
        start = _NAME.match(text, at)
        if start is None or not start["name"]:
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            yield Assignment(f"line {line}", "", line, quote="odd")  # what stands there may be a part of a secret
            at = end + 1
            continue
        name, at = start["name"], start.end()
        if start["sign"] not in {"=", ":"}:
            yield Assignment(name, "", line, quote="name")
            continue
        value, quote, at = _value(text, at)
        yield Assignment(name, value, line, quote=quote)


def _value(text: str, at: int) -> tuple[str, str, int]:
    sign = text[at : at + 1]
    if sign in {"'", '"'}:
        quoted = (_SINGLE if sign == "'" else _DOUBLE).match(text, at)
        if quoted is None:
            return "", "odd", len(text)
        value = quoted["value"].replace(f"\\{sign}", sign) if sign == "'" else quoted["value"]
        return (value if sign == "'" else _ESCAPE.sub(_sign, value)), sign, quoted.end()
    found = _BARE.match(text, at)
    assert found  # noqa: S101 - it matches anything
    return found["value"].partition(" #")[0].rstrip(), "", found.end()


def _sign(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 8)) if code[0] == "0" else _SIGNS.get(code, match[0])
