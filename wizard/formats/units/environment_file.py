"""Files that a unit's EnvironmentFile names, sign for sign as systemd reads them (its src/basic/env-file.c)."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.dataclass import dataclass
from wizard.formats.allowance import Cost, spend
from wizard.formats.dotenv.grammar import Assignment
from wizard.formats.units.systemd import refuse_long
from wizard.pattern import pattern

_NAME = pattern(r"[A-Za-z_][A-Za-z0-9_]*")
_BLANK = " \t\n\r"
_ESCAPED_IN_QUOTES = '"\\`$'


@dataclass(frozen=True, slots=True)
class Read:
    """The variables of a file by their names, and the lines that systemd passes over: no name it takes is there."""

    variables: dict[str, Assignment]
    ignored: tuple[int, ...]


def read(text: str, file: str) -> Read:
    """Return what systemd takes from a file, and what it does not."""
    refuse_long(text, file)
    found: dict[str, Assignment] = {}
    ignored: list[int] = []
    for line, name, value in _Signs(text.replace("\r\n", "\n")).entries():
        if value is None or not _NAME.fullmatch(name):
            ignored.append(line)
            continue
        spend(Cost.VARIABLES, 1)
        found.pop(name, None)
        found[name] = Assignment(name, value, line, quote="'", file=file)
    return Read(found, tuple(ignored))


class _Signs:
    """Goes through the text sign by sign; a value may stand in quotes, part by part, and go over several lines."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1

    def entries(self) -> Iterator[tuple[int, str, str | None]]:
        """Go through the entries: line, name, and value; None where there is no `=`."""
        while (sign := self._next()) is not None:
            if sign in "#;":
                self._comment()
            elif sign not in _BLANK:
                line = self._line
                name = sign
                while (sign := self._next()) is not None and sign not in "\n=":
                    name += sign
                yield line, name.rstrip(_BLANK), self._value() if sign == "=" else None

    def _next(self) -> str | None:
        if self._at >= len(self._text):
            return None
        sign = self._text[self._at]
        self._at += 1
        self._line += sign == "\n"
        return sign

    def _comment(self) -> None:
        while self._next() not in {None, "\n"}:
            pass

    def _value(self) -> str:
        parts: list[str] = []
        bare, end = False, 0  # blanks behind the end are cut off again
        while (sign := self._next()) not in {None, "\n"}:
            if sign == "\\":
                after = self._next()
                parts += [after] if after not in {None, "\n"} else []
                bare, end = True, len(parts)
            elif not bare and sign in {"'", '"'}:
                parts += self._quoted(sign)
                end = len(parts)
            elif bare or sign not in _BLANK:
                parts.append(sign or "")
                bare = True
                end = len(parts) if sign not in _BLANK else end
        return "".join(parts[:end])

    def _quoted(self, quote: str) -> Iterator[str]:
        while (sign := self._next()) not in {None, quote}:
            if sign != "\\" or quote == "'":
                yield sign or ""
                continue
            after = self._next() or ""
            if after != "\n":
                yield after if after in _ESCAPED_IN_QUOTES else f"\\{after}"
