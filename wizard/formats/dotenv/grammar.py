r"""Env files as dotenv 16 reads them, the reader inside NocoBase, trap for trap.

Other readers differ where it hurts: dotenv 16 cuts an unquoted value at any `#`, expands nothing, unescapes only `\n`
and `\r`, and only in double quotes, knows backticks, and lets the last of several assignments win. The expressions are
dotenv's own (lib/main.js of 16.6), with JavaScript's idea of white space and of the ends of a line spelled out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field

from wizard.dataclass import dataclass
from wizard.formats.allowance import Cost, spend
from wizard.formats.files import SourceError
from wizard.pattern import pattern
from wizard.plan.env_text import EnvForm, form_of
from wizard.plan.i18n import tr

_BLANK = r"\t\x0b\x0c \xa0\u1680\u2000-\u200a\u202f\u205f\u3000\ufeff"
_ENDS = r"\n\r\u2028\u2029"
_SPACE = f"[{_BLANK}{_ENDS}]"
_LINE_START = f"(?<![^{_ENDS}])"
_LINE_END = f"(?![^{_ENDS}])"
_SPACES = "\t\n\x0b\x0c\r \xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))

_ASSIGNMENT = pattern(
    f"{_LINE_START}[{_BLANK}]*(?:export{_SPACE}+)?"
    rf"(?P<name>[A-Za-z0-9_.-]+)(?:{_SPACE}*={_SPACE}*?|:{_SPACE}+?)"
    rf"(?P<value>{_SPACE}*'(?:\\'|[^'])*'|{_SPACE}*\"(?:\\\"|[^\"])*\"|{_SPACE}*`(?:\\`|[^`])*`|[^#\r\n]+)?"
    rf"{_SPACE}*(?:#[^{_ENDS}]*)?{_LINE_END}"
)
_QUOTED = pattern(rf"{_LINE_START}(['\"`])([\s\S]*)\1{_LINE_END}")
_NOT_BARE = pattern(r"[#$`\"'\\&;()<>|\s]|^~")
"""What an unquoted value must not hold: dotenv cuts it at “#”, and a shell takes the others for its own."""
_TEMPLATE = pattern(r"#\{[^#\n]{1,200}\}#?")
"""What another program is to put a value in the place of: dotenv takes it for a comment."""
_IGNORED = pattern(r"\s*(#.*)?")

LARGEST = 1024 * 1024
"""Longer texts are no env file, in characters."""

MOST = 5000
"""Assignments: Linux gives a program 2 MiB of them, and NocoBase has fewer than 200 to read."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One `NAME=value`; `line` counts from 1. The value may be a secret, so it is not in the repr.

    `alike`: every reader of env files reads it so. `cut`: dotenv dropped a part of what stands there, behind a `#`;
    `torn`: that `#` stood right behind the value. `quote` is what the value stands in, nothing where it is bare.
    """

    name: str
    value: str = field(repr=False)
    line: int
    alike: bool = True
    cut: bool = False
    torn: bool = False
    quote: str = ""
    file: str = ""
    """Where it stands, if not in the file that is read: Compose gathers variables from several."""
    template: str = field(default="", repr=False)
    """What stands in the place of the value and is read as a comment: `#{Password}#`."""
    earlier: int = 0
    """The line before it that gives it another value; 0 where there is none."""


def parse(text: str) -> dict[str, Assignment]:
    """Read the assignments of an env file; the last of several to one name wins, in the place of the first.

    Raises SourceError where there are more than any program could be given.
    """
    if len(text) > LARGEST:
        raise SourceError(tr("It has more than {most} characters: that is no env file.", most=LARGEST))
    found: dict[str, Assignment] = {}
    normal = _normal(text)
    line, counted_to, number = 1, 0, 0
    for number, match in enumerate(_ASSIGNMENT.finditer(normal), start=1):
        if number > MOST:
            raise SourceError(tr("It has more than {most} variables: that is no env file.", most=MOST))
        line += normal.count("\n", counted_to, match.start("name"))
        counted_to = match.start("name")
        value, text = _value(match["value"] or ""), match[0][match.end("name") - match.start() :]
        written = (match["value"] or "").strip(_SPACES)
        bare = not _QUOTED.fullmatch(written)
        before, sign, _rest_of_it = text.partition("\n")[0].partition("#")
        cut = bare and bool(sign)
        torn = cut and before[-1:] not in {"", "=", *_SPACES}
        quote = "" if bare else written[:1]
        alike = not _NOT_BARE.search(_rest(text)) if bare else _reads_alike(text, written, value)
        alike = alike and text[:1] == "="
        former = found.get(match["name"])
        earlier = former.line if former and former.value != value else 0
        rest = _rest(text).strip(_SPACES)
        template = rest if cut and not value and _TEMPLATE.fullmatch(rest) else ""
        found[match["name"]] = Assignment(
            match["name"], value, line, alike, cut, torn, quote, template=template, earlier=earlier
        )
    spend(Cost.VARIABLES, number)
    return found


def ignored_lines(text: str) -> Iterator[tuple[int, str]]:
    """Go through the lines that dotenv passes over although they are neither empty nor a comment."""
    outside = _ASSIGNMENT.sub(lambda match: "\n" * match[0].count("\n"), _normal(text))
    for number, line in enumerate(outside.split("\n"), start=1):
        if not _IGNORED.fullmatch(line):
            yield number, line


def _rest(text: str) -> str:
    """Return the rest of the line behind the `=`."""
    return text[1:].partition("\n")[0].rstrip(_SPACES)


def _reads_alike(text: str, written: str, value: str) -> bool:
    """Whether a value `written` in quotes, right behind the `=`, is one that the writer would write in the same quotes.

    What follows the quotes without a blank is a part of the value for a shell.
    """
    quote, behind = written[:1], text[1 + len(written) :]
    fits = {"'": {EnvForm.BARE, EnvForm.SINGLE}, '"': {EnvForm.BARE, EnvForm.SINGLE, EnvForm.DOUBLE}}.get(quote, set())
    escaped = quote == '"' and re.search(r"[\\$`\"]", written[1:-1])
    return text[1:].startswith(written) and behind[:1] in {"", *_SPACES} and form_of(value) in fits and not escaped


def _normal(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text)


def _value(text: str) -> str:
    text = text.strip(_SPACES)
    value = _QUOTED.sub(lambda match: match[2], text)
    if text.startswith('"'):
        value = value.replace("\\n", "\n").replace("\\r", "\r")
    return value
