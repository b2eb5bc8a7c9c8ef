"""Files that the command of a container writes before its program starts: here-documents, `printf` and `echo`."""

from __future__ import annotations

import re
import shlex
from bisect import bisect_right
from collections.abc import Iterator, Mapping

from wizard.dataclass import dataclass
from wizard.formats.allowance import Cost, spend
from wizard.formats.compose import Service
from wizard.pattern import pattern

_HERE = pattern(r"<<-?[ \t]*(?P<quote>['\"\\]?)(?P<word>\w+)")
_VARIABLE = pattern(r"\\[$`\\]|\$(?:\{(?P<braced>\w+)\}|(?P<name>\w+))")
"""What a shell puts a value in the place of; a sign behind a backslash it leaves alone."""
_SET = pattern(r"(?:^|[\s;&|(])(?:(\w+)=|(?:for|read)[ \t]+(?:-r[ \t]+)?(\w+))")
_BREAKS = "();<>|&\n"
_WRITTEN = pattern(r"\\(?:x([0-9a-fA-F]{1,2})|(0?[0-7]{1,3})|([ntr\\\"']))")
_SIGNS = {"n": "\n", "t": "\t", "r": "\r"}
_PLACE = pattern(r"%[%bs]")


@dataclass(frozen=True, slots=True)
class ShellText:
    """A text that a command writes; `line` is how many of the command stand before it, 0 where that is not known.

    `expanded`: a shell puts variables into it; `known` are those that the command itself sets.
    """

    text: str
    line: int
    expanded: bool
    known: frozenset[str] = frozenset()

    def shown(self, service: Service) -> str:
        """Return the text as the program finds it; a variable that is not known is left as it stands."""
        if not self.expanded:
            return self.text
        values = {name: one.value for name, one in service.variables.items() if name not in service.expressions}
        named = (match["braced"] or match["name"] for match in _VARIABLE.finditer(self.text))
        spend(Cost.EXPANDED, sum(len(values.get(name or "", "")) for name in named))  # before it is there
        return _VARIABLE.sub(lambda found: _put(found, values), self.text)

    def taken(self, service: Service) -> dict[str, int]:
        """Return the names that a shell takes for variables and has none of, and how many lines stand before each."""
        found: dict[str, int] = {}
        for match in _VARIABLE.finditer(self.text) if self.expanded and not service.lost else ():
            name = match["braced"] or match["name"]
            if name and name not in found and name not in self.known and name not in service.variables:
                found[name] = self.text.count("\n", 0, match.start())
        return found


def _put(found: re.Match[str], values: Mapping[str, str]) -> str:
    if found[0].startswith("\\"):
        return found[0][1:]
    return values.get(found["braced"] or found["name"], found[0])


def written(command: str, files: re.Pattern[str]) -> Iterator[ShellText]:
    """Return the texts that a command writes: here-documents, and what `printf` and `echo` write into such `files`."""
    known = frozenset(name for match in _SET.finditer(command) for name in match.groups() if name)
    for line, text, expanded in _here_documents(command):
        yield ShellText(text, line, expanded, known)
    for text, expanded in _printed(command, files).values():
        yield ShellText(text, 0, expanded, known)


def _here_documents(command: str) -> Iterator[tuple[int, str, bool]]:
    """Return the texts that stand in a command of a shell itself, each up to the line with its word alone.

    The number is how many lines stand before the text; then whether the shell puts variables into it.
    """
    lines = command.split("\n")
    ends: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        ends.setdefault(line.strip(), []).append(number)
    last = -1
    for number, line in enumerate(lines):
        for match in _HERE.finditer(line) if number > last else ():
            known = ends.get(match["word"], [])
            if (at := bisect_right(known, number)) < len(known):
                last = known[at]
                yield number + 1, "\n".join(lines[number + 1 : last]), not match["quote"]
                break


def _printed(command: str, files: re.Pattern[str]) -> dict[str, tuple[str, bool]]:
    """Return what `printf` and `echo` write, by the file; several may write to one, each behind the other."""
    found: dict[str, tuple[str, bool]] = {}
    if "printf" not in command and "echo" not in command:
        return found
    for name, arguments, target in _calls(_words(command), files):
        text = _formatted(arguments) if name == "printf" else _echoed(arguments)
        expanded = any("$" in one and f"'{one}'" not in command for one in arguments)
        before, was = found.get(target, ("", False))
        found[target] = f"{before}{text}", expanded or was
    return found


def _words(command: str) -> list[str]:
    """Return the words of a command; those of one that stands in quotes, behind `sh -c`, in its place."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=_BREAKS)
    lexer.whitespace, lexer.commenters, lexer.whitespace_split = " \t\r", "", True
    try:
        words = list(lexer)
    except ValueError:
        return []
    inner = next((at for at in range(1, len(words)) if words[at - 1] == "-c" and ">" in words[at]), 0)
    return _words(words[inner]) if inner else words


def _calls(words: list[str], files: re.Pattern[str]) -> Iterator[tuple[str, list[str], str]]:
    at = 0
    while at < len(words):
        name, end = words[at], at + 1
        if name in {"printf", "echo"}:
            while end < len(words) and not _breaks(words[end]):
                end += 1
            target = _target(words[end : end + 3])
            if files.fullmatch(target):
                yield name, words[at + 1 : end], target
        at = end


def _breaks(word: str) -> bool:
    return set(word) <= set(_BREAKS)


def _target(words: list[str]) -> str:
    """Return the file that what stands before these words is written into: by `>`, or by `tee`."""
    if len(words) > 1 and words[0] in {">", ">>"}:
        return words[1]
    return words[2] if words[:2] == ["|", "tee"] and len(words) > 2 else ""  # noqa: PLR2004 - the file follows


def _formatted(arguments: list[str]) -> str:
    """Return what `printf` makes of its arguments; a format is used again for those that are left."""
    if not arguments:
        return ""
    form, *values = arguments
    places = sum(match[0] != "%%" for match in _PLACE.finditer(form))
    turns, left = max(1, -(-len(values) // places)) if places else 1, iter(values)
    spend(Cost.EXPANDED, turns * len(form) + sum(map(len, values)))  # before it is there
    return _PLACE.sub(lambda match: "%" if match[0] == "%%" else next(left, ""), _unescaped(form) * turns)


def _echoed(arguments: list[str]) -> str:
    first = next((at for at, one in enumerate(arguments) if not one.startswith("-")), len(arguments))
    return _unescaped(" ".join(arguments[first:])) + "\n"


def _unescaped(text: str) -> str:
    def put(found: re.Match[str]) -> str:
        if found[1] or found[2]:
            return chr(int(found[1], 16) if found[1] else int(found[2], 8) & 0xFF)
        return _SIGNS.get(found[3], found[3])

    return _WRITTEN.sub(put, text)
