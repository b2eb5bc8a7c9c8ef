"""What stands as a literal in a file of JavaScript: objects, lists and plain values. Nothing is run.

An expression is kept as such, with its line, and its text as far as no secret can be in it. A parser of JavaScript
would be one more dependency for what people write as JSON with comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field

from wizard.dataclass import dataclass
from wizard.formats.cluster_file.tree import Tree, compose
from wizard.formats.files import SourceError
from wizard.pattern import pattern
from wizard.plan.i18n import tr

_BLANK = pattern(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NAME = pattern(r"[A-Za-z_$][\w$]*")
_PLAIN = pattern(r"(?:-?[0-9][\w.]*|true|false|null|undefined)(?=\s*(?:[,}\]]|//|/\*|$))")
_STRING = pattern(r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\$]|\\.|\$(?!\{))*)`", re.DOTALL)
_ENDED = pattern(r"\s*(?:[,}\]]|//|/\*|$)")
_OPAQUE = pattern(r"[\"'`]|//|/\*")
_ESCAPE = pattern(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0", "\n": ""}
_BEGIN = pattern(r"(?:module\.exports\s*=|export\s+default)\s*(?=[{\[])|\A\s*(?=[{\[])", re.MULTILINE)
_NAMED = pattern(
    r"^[ \t]*(?:module\.exports\s*=|export\s+default)\s*([A-Za-z_$][\w$]*+)[ \t]*+(?:;[ \t]*+)?$", re.MULTILINE
)
_YAML = pattern(r"^apps[ \t]*:", re.MULTILINE)
_GROUPED = pattern(r"(?<=[0-9])_(?=[0-9])")
_OPEN, _CLOSE = "({[", ")}]"
_DEEPEST = 20
_MOST = 5000
LARGEST = 256 * 1024
"""Characters: a list of 500 apps has less."""
_MOST_ODD = 100
"""Quotes without an end: each is looked for to the end of its line."""


@dataclass(frozen=True, slots=True)
class Literal:
    """One value and its line. Of `text`, `items` and `parts` one is not None; none is of an expression."""

    line: int
    text: str | None = field(default=None, repr=False)
    items: tuple[Literal, ...] | None = None
    parts: tuple[tuple[str, Literal], ...] | None = None
    expression: str = ""

    def get(self, name: str) -> Literal | None:
        """Return a part of an object, the last of that name; None where there is none."""
        return dict(self.parts or ()).get(name)


def read(text: str, file: str) -> Literal:
    """Return what a module exports, or what a file of JSON or YAML says; raises SourceError where it is no literal."""
    if len(text) > LARGEST:
        raise SourceError(tr("{name} is too large: it has more than {most} characters.", name=file, most=LARGEST))
    begin = _BEGIN.search(text) or _of_constant(text)
    if begin is None and _YAML.search(text):
        return _of_tree(compose(text, file))
    if begin is None:
        raise SourceError(
            tr("{name}: what it exports is made by a program, and no program is run to be read.", name=file)
        )
    return _Reader(text, begin.end(), file).value(0)


def _of_constant(text: str) -> re.Match[str] | None:
    """Return where the constant begins that a module exports by its name, if it is an object or a list."""
    named = _NAMED.search(text)
    name = re.escape(named[1]) if named else ""
    return re.search(rf"^(?:const|let|var)\s+{name}\s*=\s*(?=[{{\[])", text, re.MULTILINE) if name else None


def _of_tree(tree: Tree) -> Literal:
    if tree.is_mapping():
        return Literal(tree.line, parts=tuple((name, _of_tree(part)) for name, part in tree.merged().items()))
    if tree.is_list():
        return Literal(tree.line, items=tuple(map(_of_tree, tree.rows())))
    return Literal(tree.line, tree.text())


class _Reader:
    def __init__(self, text: str, at: int, file: str) -> None:
        self._text = text
        self._at = at
        self._file = file
        self._count = 0
        self._line, self._counted_to = 1, 0
        self._odd = 0

    def value(self, depth: int) -> Literal:
        line = self._here()
        self._count += 1
        if depth > _DEEPEST or self._count > _MOST:
            self._fail(line, tr("it is nested too deep") if depth > _DEEPEST else tr("it has too many values"))
        sign = self._text[self._at : self._at + 1]
        if sign == "{":
            return Literal(line, parts=tuple(self._parts(depth)))
        if sign == "[":
            return Literal(line, items=tuple(self._items(depth)))
        if (found := _STRING.match(self._text, self._at)) and _ENDED.match(self._text, found.end()):
            self._at = found.end()
            return Literal(line, _unescaped(next(part for part in found.groups() if part is not None)))
        if found := _PLAIN.match(self._text, self._at):
            self._at = found.end()
            return Literal(line, _GROUPED.sub("", found[0]) if found[0] not in {"null", "undefined"} else "")
        return Literal(line, expression=self._skipped(line))

    def _parts(self, depth: int) -> Iterator[tuple[str, Literal]]:
        for line in self._entries("}"):
            name = _STRING.match(self._text, self._at) or _NAME.match(self._text, self._at)
            end = name.end() if name else self._at
            colon = self._behind_blank(end)
            if name is None or self._text[colon : colon + 1] != ":":  # a method, a spread, a name alone
                yield f"…{line}", Literal(line, expression=self._skipped(line))
                continue
            self._at = colon + 1
            called = next((part for part in name.groups() if part is not None), name[0])
            yield _unescaped(called), self.value(depth + 1)

    def _items(self, depth: int) -> Iterator[Literal]:
        for _line in self._entries("]"):
            yield self.value(depth + 1)

    def _entries(self, close: str) -> Iterator[int]:
        """Stop before each entry of an object or a list, and behind its end."""
        first = self._here()
        self._at += 1
        while True:
            line = self._here()
            sign = self._text[self._at : self._at + 1]
            if sign == close:
                self._at += 1
                return
            if not sign or sign in _CLOSE:
                self._fail(first, tr("what is opened here is not closed"))
            if sign == ",":
                self._at += 1
                continue
            yield line

    def _here(self) -> int:
        """Go to the next sign that is no blank and no comment, and return its line."""
        self._at = self._behind_blank(self._at)
        self._line += self._text.count("\n", self._counted_to, self._at)
        self._counted_to = self._at
        return self._line

    def _behind_blank(self, at: int) -> int:
        """Return where the blanks and comments end that begin at `at`."""
        blank = _BLANK.match(self._text, at)
        end = blank.end() if blank else at
        if self._text.startswith("/*", end):  # its end would be looked for again and again
            self._fail(self._text.count("\n", 0, end) + 1, tr("what is opened here is not closed"))
        return end

    def _skipped(self, line: int) -> str:
        """Pass over an expression, to the comma or the bracket that ends it; return how it begins."""
        begin, depth = self._at, 0
        while self._at < len(self._text):
            if found := _STRING.match(self._text, self._at):
                self._at = found.end()
                continue
            sign = self._text[self._at]
            self._odd += sign in "\"'`"
            if self._odd > _MOST_ODD:
                self._fail(line, tr("what is opened here is not closed"))
            if not depth and sign in f",{_CLOSE}":
                break
            depth += (sign in _OPEN) - (sign in _CLOSE)
            self._at += 1
        if self._at >= len(self._text):
            self._fail(line, tr("what is opened here is not closed"))
        return _shown(self._text[begin : self._at])

    def _fail(self, line: int, problem: str) -> None:
        raise SourceError(tr("{name}, line {line}: {problem}.", name=self._file, line=line, problem=problem))


def _shown(expression: str) -> str:
    """Return an expression up to its first text or comment, as a secret may stand there; it may be nothing."""
    plain, *hidden = _OPAQUE.split(expression, 1)
    words = " ".join(plain.split())
    return f"{words} …" if words and hidden else words


def _unescaped(text: str) -> str:
    def put(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _SIGNS.get(match[3], match[3])

    return _ESCAPE.sub(put, text)
