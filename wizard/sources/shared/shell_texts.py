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

_HERE = pattern(r"<<-?[ \t]*(?P<quote>['\"\\]?)(?P<word>\w+)(?P=quote)?")
_VARIABLE = pattern(r"\\[$`\\]|\$(?:\{(?P<braced>\w+)\}|(?P<name>\w+))")
"""What a shell puts a value in the place of; a sign behind a backslash it leaves alone."""
_SET = pattern(r"(?:^|[\s;&|(])(?:(\w+)=|(?:for|read)[ \t]+(?:-r[ \t]+)?(\w+))")
_BREAKS = "();<>|&\n"
_WRITTEN = pattern(r"\\(?:x([0-9a-fA-F]{1,2})|(0?[0-7]{1,3})|([ntr\\\"']))")
_SIGNS = {"n": "\n", "t": "\t", "r": "\r"}
_PLACE = pattern(r"%[%bs]")
_QUOTED = pattern(r"[\\$`]")
_ECHO_OPTION = pattern(r"-[neE]+")
_OPENS, _CLOSES = frozenset({"if", "case", "for", "while", "until"}), frozenset({"fi", "esac", "done"})
_BEFORE = frozenset({"then", "else", "elif", "do", "{", "}", "!"})
"""What a shell has before a command that belongs to it."""
_WRITES = pattern(r">|\btee\b|\0")
_DOCUMENT = "\0"
"""How a word begins that stands for a here-document, before its number; no command has this sign."""


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

    @property
    def names(self) -> dict[str, int]:
        """What looks like a variable in it, and how many lines stand before each."""
        found: dict[str, int] = {}
        for match in _VARIABLE.finditer(self.text):
            if name := match["braced"] or match["name"]:
                found.setdefault(name, self.text.count("\n", 0, match.start()))
        return found

    def taken(self, service: Service) -> dict[str, int]:
        """Return the names that a shell takes for variables and has none of, and how many lines stand before each."""
        if not self.expanded or service.lost:
            return {}
        return {
            name: before
            for name, before in self.names.items()
            if name not in self.known and name not in service.variables
        }


def _put(found: re.Match[str], values: Mapping[str, str]) -> str:
    if found[0].startswith("\\"):
        return found[0][1:]
    return values.get(found["braced"] or found["name"], found[0])


@dataclass(frozen=True, slots=True)
class _Write:
    """One text that is written; `unsure` where it hangs on something whether it is."""

    text: str
    line: int
    expanded: bool
    appends: bool = False
    unsure: bool = False


def written(command: str, files: re.Pattern[str]) -> Iterator[ShellText]:
    """Return the texts that a command writes: here-documents, and what `printf` and `echo` write into such `files`.

    `>` and `tee` replace what was written to a file before, `>>` and `tee -a` append. A file that a branch writes, and
    another command beside it, is left out: which of them is done is not known.
    """
    documents, rest = _here_documents(command)
    if not documents and "printf" not in command and "echo" not in command:
        return
    known = frozenset(name for match in _SET.finditer(command) for name in match.groups() if name)
    found: dict[str, list[_Write]] = {f"{_DOCUMENT}{number}": [one] for number, one in enumerate(documents)}
    for words, unsure in _commands(_words(rest)):
        target, appends = _target(words, files)
        document = next((word for word in words if word.startswith(_DOCUMENT)), "")
        if document and target and (held := found.pop(document, None)):
            one = held[0]
            found.setdefault(target, []).append(_Write(one.text, one.line, one.expanded, appends, unsure))
        elif not document and files.fullmatch(target) and (printed := _printed(words)) is not None:
            text, arguments = printed
            expanded = any("$" in one and f"'{one}'" not in command for one in arguments)
            found.setdefault(target, []).append(_Write(text, 0, expanded, appends, unsure))
    for writes in found.values():
        sure = max((at for at, one in enumerate(writes) if not one.appends and not one.unsure), default=0)
        last = writes[sure:]
        if len(last) == 1 or not any(one.unsure for one in last):
            yield _together(last, known)


def _together(writes: list[_Write], known: frozenset[str]) -> ShellText:
    """Return what texts that are written to a file one after another make."""
    line = writes[0].line if len(writes) == 1 else 0
    expanded = any(one.expanded for one in writes)
    texts = [_QUOTED.sub(r"\\\g<0>", one.text) if expanded and not one.expanded else one.text for one in writes]
    return ShellText("".join(texts), line, expanded, known)


def _here_documents(command: str) -> tuple[list[_Write], str]:
    """Return the texts that stand in a command of a shell itself, each up to its word alone in a line, and the rest.

    `line` is how many lines stand before a text. In the rest a word with its number stands for each.
    """
    lines = command.split("\n")
    ends: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        ends.setdefault(line.strip(), []).append(number)
    last, documents, rest = -1, list[_Write](), list[str]()
    for number, line in enumerate(lines):
        if number <= last:
            continue
        rest.append(line)
        for match in _HERE.finditer(line):
            known = ends.get(match["word"], [])
            if (at := bisect_right(known, number)) < len(known):
                last = known[at]
                rest[-1] = f"{line[: match.start()]} {_DOCUMENT}{len(documents)} {line[match.end() :]}"
                text = "\n".join([*lines[number + 1 : last], ""])
                documents.append(_Write(text, number + 1, not match["quote"]))
                break
    return documents, "\n".join(rest)


def _words(command: str) -> list[str]:
    """Return the words of a command; those of one that stands in quotes, behind `sh -c`, in its place."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=_BREAKS)
    lexer.whitespace, lexer.commenters, lexer.whitespace_split = " \t\r", "", True
    try:
        words = list(lexer)
    except ValueError:
        return []
    inner = next((at for at in range(1, len(words)) if words[at - 1] == "-c" and _WRITES.search(words[at])), 0)
    return _words(words[inner]) if inner else words


def _commands(words: list[str]) -> Iterator[tuple[list[str], bool]]:
    """Return the pipelines among the words of a command, each with whether something decides if it is done."""
    depth, alternative, pipeline = 0, False, list[str]()
    for word in [*words, ";"]:
        if _separates(word):
            if pipeline:
                yield pipeline, depth > 0 or alternative
            pipeline, alternative = [], word == "||"
        elif word == "-c":
            pipeline = []  # what follows is a command of its own
        elif pipeline or word not in _OPENS | _CLOSES | _BEFORE:
            pipeline.append(word)
        else:
            depth += (word in _OPENS) - (word in _CLOSES)


def _breaks(word: str) -> bool:
    return bool(word) and set(word) <= set(_BREAKS)


def _separates(word: str) -> bool:
    return _breaks(word) and (not {";", "\n", "(", ")"}.isdisjoint(word) or word in {"&", "&&", "||"})


def _target(words: list[str], files: re.Pattern[str]) -> tuple[str, bool]:
    """Return the file that a pipeline writes into, by `tee` or by `>`, and whether it appends; "" for none."""
    found: list[tuple[str, bool]] = []
    if "tee" in words:
        behind = words[words.index("tee") + 1 :]
        operand = next((word for word in behind if not word.startswith(("-", _DOCUMENT))), "")
        options = behind[: behind.index(operand)] if operand else []
        found.append((operand, not {"-a", "--append"}.isdisjoint(options)))
    found += [(words[at + 1], word == ">>") for at, word in enumerate(words[:-1]) if word in {">", ">>"}]
    return next((one for one in found if files.fullmatch(one[0])), found[0] if found else ("", False))


def _printed(words: list[str]) -> tuple[str, list[str]] | None:
    """Return what `printf` or `echo` of a pipeline writes, and its arguments; None where there is neither."""
    at = next((at for at, word in enumerate(words) if word in {"printf", "echo"}), -1)
    if at < 0:
        return None
    end = next((end for end in range(at + 1, len(words)) if _breaks(words[end])), len(words))
    arguments = words[at + 1 : end]
    return _formatted(arguments) if words[at] == "printf" else _echoed(arguments), arguments


def _formatted(arguments: list[str]) -> str:
    """Return what `printf` makes of its arguments; a format is used again for those that are left."""
    form, *values = arguments[arguments[:1] == ["--"] :] or [""]
    places = sum(match[0] != "%%" for match in _PLACE.finditer(form))
    turns, left = max(1, -(-len(values) // places)) if places else 1, iter(values)
    spend(Cost.EXPANDED, turns * len(form) + sum(map(len, values)))  # before it is there

    def put(match: re.Match[str]) -> str:
        if match[0] == "%%":
            return "%"
        value = next(left, "")
        return _unescaped(value) if match[0] == "%b" else value

    return _PLACE.sub(put, _unescaped(form) * turns)


def _echoed(arguments: list[str]) -> str:
    first = next((at for at, one in enumerate(arguments) if not _ECHO_OPTION.fullmatch(one)), len(arguments))
    options, text = "".join(arguments[:first]), " ".join(arguments[first:])
    return (text if "E" in options else _unescaped(text)) + ("" if "n" in options else "\n")


def _unescaped(text: str) -> str:
    def put(found: re.Match[str]) -> str:
        if found[1] or found[2]:
            return chr(int(found[1], 16) if found[1] else int(found[2], 8) & 0xFF)
        return _SIGNS.get(found[3], found[3])

    return _WRITTEN.sub(put, text)
