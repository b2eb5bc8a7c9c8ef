"""Where the constants of a file of JavaScript are defined, and whether anything in it may change them.

The file is gone through once. A name is taken for changed wherever it does more than to be read: what a program does
with it there is not followed.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from wizard.dataclass import dataclass
from wizard.pattern import pattern

_SIGNS = r"(?:[^\W\d]|\$)[\w$]*+|[0-9][\w.]*+|\.{3}|=>|[=!<>]==?|\+\+|--|[^\s\w]"
_CODE = pattern(
    r"(?P<comment>//[^\n]*+|/\*(?:.*?\*/|.*))"
    r"|(?P<text>\"(?:[^\"\\\n]|\\.)*+\"?+|'(?:[^'\\\n]|\\.)*+'?+|`(?:[^`\\$]|\\.|\$(?!\{))*+`?+)|" + _SIGNS,
    re.DOTALL,
)
_PLAIN = pattern(_SIGNS)
"""All signs alike, where texts and comments cannot be told from the rest for sure."""
_CLOSED = pattern(r"([\"'`])(?:(?!\1)[^\\]|\\.)*+\1", re.DOTALL)
_WORD = pattern(r"(?:[^\W\d]|\$)[\w$]*+")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_OPEN = frozenset(_PAIRS.values())
_DECLARING = frozenset({"const", "let", "var"})
_FREEZE = ["Object", ".", "freeze", "("]
_CHANGING = frozenset({"=", "++", "--", "(", "[", "`", "?", "of", "in", "=>", ":"})
"""What must not follow what is only read; an operator with `=` is looked for beside."""
_TAKING = frozenset({"++", "--", "delete"})
_OPERATORS = frozenset("+-*/%&|^?<>")
_GIVEN_TO = frozenset({"=", "=>", "of", "in", "from"})
"""What stands behind a bracket whose names are given values."""


@dataclass(frozen=True, slots=True)
class Use:
    """What a module does with a constant: whether it may change it, which others hold it, which parts it hands on."""

    changed: bool
    owners: frozenset[str]
    handed: frozenset[tuple[str, ...]]


class _Bracket(NamedTuple):
    """An opened bracket: the outermost around it, and whether a name in it may be given a value or handed to a call."""

    root: int
    given: bool
    called: bool


class Places:
    """The names in a module, and what stands around each."""

    def __init__(self, text: str) -> None:
        """Take the module's text."""
        self._text = text
        self._uses: dict[str, Use] = {}

    def defined(self, name: str) -> int:
        """Return where the one value of a constant begins; 0 where there is none, or something may change it."""
        begin = self._definitions.get(name)
        return self._behind_sign(begin) if begin is not None and not self._changed(name) else 0

    @cached_property
    def _tokens(self) -> tuple[list[str], list[int]]:
        words: list[str] = []
        ends: list[int] = []
        for found in _CODE.finditer(self._text):
            if found["comment"]:
                continue
            word = found[0]
            if word in {"/", "\\"} or (found["text"] and not _CLOSED.fullmatch(word)):
                plain = [*_PLAIN.finditer(self._text)]
                return [one[0] for one in plain], [one.end() for one in plain]
            words.append("''" if found["text"] and word[0] != "`" else word[0] if found["text"] else word)
            ends.append(found.end())
        return words, ends

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for at, word in enumerate(self._tokens[0]):
            if _WORD.match(word):
                found.setdefault(word, []).append(at)
        return found

    @cached_property
    def _definitions(self) -> dict[str, int]:
        """Where constants are declared at the beginning of a line, each by the place of its name."""
        words, ends = self._tokens
        found: dict[str, int] = {}
        for at in range(1, len(words) - 1):
            if words[at - 1] in _DECLARING and words[at + 1] == "=":
                first = at - 2 if at > 1 and words[at - 2] == "export" else at - 1
                begin = ends[first] - len(words[first])
                if not begin or self._text[begin - 1] == "\n":
                    found.setdefault(words[at], at)
        return found

    def _behind_sign(self, at: int) -> int:
        """Return the place in the text behind the sign that gives the value to the name, and behind a freeze."""
        words, ends = self._tokens
        return ends[at + 5] if words[at + 2 : at + 6] == _FREEZE else ends[at + 1]

    def _changed(self, name: str) -> bool:
        """Whether a constant may be changed, itself or through another one that holds it."""
        if self._brackets is None or self.use(name).changed:
            return True
        seen, ahead = {name}, [*self.use(name).owners]
        while ahead:
            owner = ahead.pop()
            if owner in seen:
                continue
            seen.add(owner)
            use = self.use(owner)
            if use.changed or use.handed:
                return True
            ahead += use.owners
        return False

    def use(self, name: str) -> Use:
        """Return what is done with a name, wherever it stands."""
        if name not in self._uses:
            owners: set[str] = set()
            handed: set[tuple[str, ...]] = set()
            places = (at for at in self._places.get(name, ()) if at != self._definitions.get(name))
            changed = any(self._changes(at, owners, handed) for at in places)
            self._uses[name] = Use(changed, frozenset(owners), frozenset(handed))
        return self._uses[name]

    def _word(self, at: int) -> str:
        words = self._tokens[0]
        return words[at] if 0 <= at < len(words) else ""

    def _changes(self, at: int, owners: set[str], handed: set[tuple[str, ...]]) -> bool:
        """Whether a name may be changed at a place; says too who holds it there, or which part is handed on."""
        before, end = self._word(at - 1), at + 1
        if before == "." or (before in {"{", ","} and self._word(end) == ":"):  # a part of something, or a key
            return False
        while self._word(end) == "." and _WORD.match(self._word(end + 1)):
            end += 2
        after, path = self._word(end), tuple(self._tokens[0][at + 2 : end : 2])
        around = self._outer[at]
        bracket = self._opened.get(around)
        if (bracket and bracket.given) or before in _TAKING or after in _CHANGING or self._is_given(end):
            return True
        template = before == "{" and self._word(at - 2) == "$" and after == "}"
        if before == "+" or after == "+" or template or (not path and self._is_exported(at, after)):
            return False
        if bracket and self._is_held(before, after, self._word(around), whole=not path):
            spread = before == "..." and self._word(around) == "{"
            owner = None if bracket.called else self._owner(bracket.root)
            if owner or (owner is None and spread):
                owners |= {owner} if owner else set()
                return False
            if owner == "":
                return False
        handed |= {path} if path else set()
        return not path

    def _is_given(self, at: int) -> bool:
        """Whether an operator that gives a value stands here, such as `+=`."""
        begin = at
        while self._word(at) in _OPERATORS and at - begin < 3:  # noqa: PLR2004 - as in `>>>=`
            at += 1
        return at > begin and self._word(at) in {"=", "<=", ">=", "=="}

    def _is_exported(self, at: int, after: str) -> bool:
        """Whether the name is what the module exports."""
        words = self._tokens[0]
        ways = (["exports", "="], ["exports", ".", "apps", "="], ["export", "default"])
        found = any(words[max(0, at - len(way)) : at] == way for way in ways)
        return found and (after in {"", ";"} or bool(_WORD.match(after)))

    def _is_held(self, before: str, after: str, bracket: str, *, whole: bool) -> bool:
        """Whether an object or a list holds the name here, or what is spread of it."""
        if after not in {",", "}" if bracket == "{" else "]"}:
            return False
        if bracket == "{":
            return before in {":", "..."} or (whole and before in {"{", ","})
        return bracket == "[" and before in {"[", ",", "..."}

    def _owner(self, root: int) -> str | None:
        """Return the constant whose value begins with a bracket; empty for what is exported, None for all else."""
        words = self._tokens[0]
        if words[max(0, root - 3) : root + 1] == _FREEZE:
            root -= 3
        if self._word(root - 1) == "=" and self._word(root - 3) in _DECLARING:
            return self._word(root - 2)
        exported = self._word(root - 1) == "=" and "exports" in {self._word(root - 2), self._word(root - 4)}
        return "" if exported or root == 0 or self._word(root - 1) == "default" else None

    @cached_property
    def _outer(self) -> list[int]:
        """For each word the bracket that it stands in, -1 for none."""
        return self._brackets[0] if self._brackets else []

    @cached_property
    def _opened(self) -> dict[int, _Bracket]:
        return self._brackets[1] if self._brackets else {}

    @cached_property
    def _brackets(self) -> tuple[list[int], dict[int, _Bracket]] | None:
        """Where each word stands, and what is known of each bracket; None where they do not fit together."""
        words = self._tokens[0]
        outer, opened, given = list[int](), list[int](), set[int]()
        for at, (word, after) in enumerate(zip(words, [*words[1:], ""], strict=False)):
            if word in _PAIRS:
                if not opened or words[opened[-1]] != _PAIRS[word]:
                    return None
                begin = opened.pop()
                if after in _GIVEN_TO or (word == ")" and after == "{"):
                    given.add(begin)
            outer.append(opened[-1] if opened else -1)
            if word in _OPEN:
                opened.append(at)
        if opened:
            return None
        found: dict[int, _Bracket] = {}
        for at in (at for at, word in enumerate(words) if word in _OPEN):
            around = found.get(outer[at])
            before = words[at - 1] if at else ""
            called = words[at] == "(" and (before in {")", "]"} or bool(_WORD.match(before)))
            called = called and words[max(0, at - 3) : at + 1] != _FREEZE
            found[at] = _Bracket(
                around.root if around else at,
                at in given or bool(around and around.given),
                called or bool(around and around.called),
            )
        return outer, found
