"""What stands as a literal in a file of JavaScript: objects, lists and plain values. Nothing is run.

An expression is kept as such, with its line, and its text as far as no secret can be in it. A parser of JavaScript
would be one more dependency for what people write as JSON with comments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field

from wizard.dataclass import dataclass
from wizard.formats.cluster_file.tree import Tree, compose
from wizard.formats.files import SourceError
from wizard.formats.units import numbers
from wizard.formats.units.constants import Places
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
_BEGIN = pattern(
    r"(?:module\.exports\s*=|export\s+default|^[ \t]*(?:module\.)?exports\.apps\s*=)\s*(?=[{\[])|\A\s*(?=[{\[])",
    re.MULTILINE,
)
_NAMED = pattern(
    r"^[ \t]*(?:module\.exports\s*=|export\s+default)\s*([A-Za-z_$][\w$]*+)[ \t]*+(?:;[ \t]*+)?$", re.MULTILINE
)
_BARE = pattern(r"(-?[0-9][\w.]*|(?:true|false|null|undefined)\b)")
_PATH = pattern(r"[A-Za-z_$][\w$]*+(?:\.[A-Za-z_$][\w$]*+){0,3}+")
_STOPPED = pattern(r"\)?[ \t]*(?:[;,\n]|\Z)")
_WORD = pattern(r"(?!in\b|instanceof\b)[A-Za-z_$]")
_YAML = pattern(r"^apps[ \t]*:", re.MULTILINE)
_OPEN, _CLOSE = "({[", ")}]"
_MORE = "…"
"""What the name of a part begins with that an object has of elsewhere, or that a program names."""
_DEEPEST = 20
_MOST = 5000
LARGEST = 256 * 1024
"""Characters: a list of 500 apps has less."""
_MOST_NAMED = 50
"""Constants that are looked for."""
_MOST_WITHIN = 5
"""Constants that are made of one another."""
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

    @property
    def size(self) -> int:
        """How many values stand in it, itself among them."""
        return 1 + sum(one.size for one in (*(self.items or ()), *(part for _name, part in self.parts or ())))

    def get(self, name: str) -> Literal | None:
        """Return a part of an object, the last of that name; None where there is none."""
        return dict(self.parts or ()).get(name)

    def along(self, path: Sequence[str]) -> Literal | None:
        """Return a part of a part; None where there is none, or what is spread behind it may have another one."""
        found: Literal | None = self
        for name in path:
            parts = (found.parts or ()) if found else ()
            last = next((part for part in reversed(parts) if part[0] == name or part[0].startswith(_MORE)), None)
            found = last[1] if last and last[0] == name else None
        return found


def read(text: str, file: str) -> Literal:
    """Return what a module exports, or what a file of JSON or YAML says; raises SourceError where it is no literal."""
    if len(text) > LARGEST:
        raise SourceError(tr("{name} is too large: it has more than {most} characters.", name=file, most=LARGEST))
    constants = Constants(text)
    begin = _BEGIN.search(text)
    named = None if begin else _NAMED.search(text)
    found = _Reader(text, begin.end(), file, constants).value(0) if begin else _constant(named, text, file, constants)
    if found is None and named is None and _YAML.search(text):
        return _of_tree(compose(text, file))
    if found is None:
        raise SourceError(
            tr("{name}: what it exports is made by a program, and no program is run to be read.", name=file)
        )
    return found


def _constant(named: re.Match[str] | None, text: str, file: str, constants: Constants) -> Literal | None:
    """Return what a module exports by its name, if that is a constant with a list or an object."""
    found = _Reader(text, named.start(), file, constants).named(named[1]) if named else None
    return None if found is None or found.text is not None else found


def _of_tree(tree: Tree) -> Literal:
    if tree.is_mapping():
        return Literal(tree.line, parts=tuple((name, _of_tree(part)) for name, part in tree.merged().items()))
    if tree.is_list():
        return Literal(tree.line, items=tuple(map(_of_tree, tree.rows())))
    return Literal(tree.line, tree.text())


class Constants:
    """The constants of a module, as far as nothing in it changes them."""

    def __init__(self, text: str) -> None:
        """Take the module's text."""
        self._places = Places(text)
        self._known: dict[str, Literal | None] = {}
        self._within = 0
        self.spent = 0
        """Values that were read; one that is named several times counts each time."""

    def known(self, name: str, read: Callable[[int], Literal | None]) -> Literal | None:
        """Return a constant, as `read` reads it where it is defined; None where that cannot be told."""
        if name not in self._known and len(self._known) < _MOST_NAMED and self._within < _MOST_WITHIN:
            self._known[name] = None  # while it is read: it may name itself
            self._within += 1
            at = self._places.defined(name)
            found = read(at) if at else None
            self._known[name] = found if found and self._is_told(name, found) else None
            self._within -= 1
        return self._known.get(name)

    def _is_told(self, name: str, found: Literal) -> bool:
        """Whether each part that the module hands on is a text, which nobody can change."""
        return all((part := found.along(path)) and part.text is not None for path in self._places.use(name).handed)


class _Reader:
    def __init__(self, text: str, at: int, file: str, constants: Constants) -> None:
        self._text = text
        self._at = at
        self._file = file
        self._constants = constants
        self._line, self._counted_to = 1, 0
        self._odd = 0

    def value(self, depth: int) -> Literal:
        line = self._here()
        if depth > _DEEPEST:
            self._fail(line, tr("it is nested too deep"))
        self._spend(1, line)
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
            return Literal(line, _plain(found[0]))
        expression = self._skipped(line)
        return (self.named(expression) if _PATH.fullmatch(expression) else None) or Literal(line, expression=expression)

    def named(self, path: str) -> Literal | None:
        """Return what a constant of the file is, or a part of one (`DB.HOST`); None where that cannot be told."""
        name, *parts = path.split(".")
        found = self._constants.known(name, self._of_definition)
        found = found.along(parts) if found else None
        if found:
            self._spend(found.size, found.line)
        return None if found and found.expression else found

    def _of_definition(self, at: int) -> Literal | None:
        return _Reader(self._text, at, self._file, self._constants).definition()

    def definition(self) -> Literal | None:
        """Return the value that is given to a constant here; None where it is no literal to its end."""
        line = self._here()
        if self._text[self._at : self._at + 1] in {"{", "["}:
            value = self.value(0)
        elif found := _STRING.match(self._text, self._at) or _BARE.match(self._text, self._at):
            text = next(part for part in found.groups() if part is not None)
            value = Literal(line, _unescaped(text) if found.re is _STRING else _plain(text))
            self._at = found.end()
        else:
            return None
        end = self._behind_blank(self._at)
        ended = _STOPPED.match(self._text, end) or ("\n" in self._text[self._at : end] and _WORD.match(self._text, end))
        return value if ended else None

    def _spend(self, count: int, line: int) -> None:
        self._constants.spent += count
        if self._constants.spent > _MOST:
            self._fail(line, tr("it has too many values"))

    def _parts(self, depth: int) -> Iterator[tuple[str, Literal]]:
        for line in self._entries("}"):
            name = _STRING.match(self._text, self._at) or _NAME.match(self._text, self._at)
            end = name.end() if name else self._at
            colon = self._behind_blank(end)
            if name is None or self._text[colon : colon + 1] != ":":  # a method, a spread, a name alone
                yield from self._without_colon(line)
                continue
            self._at = colon + 1
            called = next((part for part in name.groups() if part is not None), name[0])
            yield _unescaped(called), self.value(depth + 1)

    def _without_colon(self, line: int) -> Iterator[tuple[str, Literal]]:
        """Read what stands in an object without a colon: a constant by its name, or all parts of one."""
        expression = self._skipped(line)
        if _NAME.fullmatch(expression):
            yield expression, self.named(expression) or Literal(line, expression=expression)
        elif (found := self._spread(expression)) and found.parts is not None:
            yield from found.parts
        else:
            yield f"{_MORE}{line}", Literal(line, expression=expression)

    def _items(self, depth: int) -> Iterator[Literal]:
        for _line in self._entries("]"):
            found = self.value(depth + 1)
            more = self._spread(found.expression)
            yield from more.items if more and more.items is not None else (found,)

    def _spread(self, expression: str) -> Literal | None:
        """Return the constant that `...NAME` puts in."""
        name = expression.removeprefix("...")
        return self.named(name) if name != expression and _PATH.fullmatch(name) else None

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


def _plain(text: str) -> str:
    return numbers.as_text(text) if text not in {"null", "undefined"} else ""


def _unescaped(text: str) -> str:
    def put(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _SIGNS.get(match[3], match[3])

    return _ESCAPE.sub(put, text)
