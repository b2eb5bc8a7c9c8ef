"""What may be shown of the lines of a bundle: those that this program wrote without secrets; of an admin's, the key.

An admin may put anything into an exported file, and a secret need not stand behind a name that announces one: YAML may
have it on the next line, a command line behind `-p`, a table of users behind a colon. So no pattern says what is a
secret; what is known to be none is shown, and all else is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import field

from wizard.dataclass import dataclass
from wizard.pattern import pattern
from wizard.plan.redact import Redactor
from wizard.plan.secret import HIDDEN

_BRACKETS = pattern(r"[\s{}()\[\];,]*")
_NUMBER = pattern(r"(?<![\w$-])\d{1,6}(?:[kKmMgGtT]i?|ms|[smhd])?(?!\w)")
_ASSIGNED = pattern(
    r"""[\s#-]*"?(?P<name>[A-Z][A-Z0-9_]+)"?\s*[=:]\s*(?P<quote>["']?)(?P<value>[\w./:,+-]*)(?P=quote)"""
)
"""A value without what divides an account from a host or a remark from a value."""
_HEAD = pattern(
    r"""(?P<head>[\s#"'{\[(-]*(?:export\s+)?(?P<key>[$\w](?:[\w.$/-]*\w)?)["']?(?P<mark>\s*[=:]\s*|\s+))(?=[^\s=])"""
)
_VARIABLE = pattern(r"[A-Z][A-Z0-9_]{2,}")
_INDENT = pattern(r"\s*(?:[#-]\s+)?")
_ANNOUNCING = frozenset(
    [
        "password",
        "passwd",
        "pass",
        "passphrase",
        "secret",
        "token",
        "auth",
        "authorization",
        "credential",
        "credentials",
        "apikey",
        "api_key",
        "api-key",
        "access_key",
        "secret_key",
        "private_key",
    ]
)
"""Words that say that a secret follows: alone, none of them is one."""


@dataclass(frozen=True, slots=True)
class Ours:
    """What this program is known to write without a secret.

    `plain` are the variables whose values are none. `admins` are those that an admin added to the plan with a value in
    the open: it may be anything, so a line of ours with such a name in it counts as the admin's.
    """

    plain: Collection[str] = ()
    admins: Collection[str] = ()
    redactor: Redactor = field(default_factory=lambda: Redactor([]))

    def mask(self, texts: Iterable[str]) -> Mask:
        """Return the mask for a file of which these `texts` were written by this program, with no secret in them."""
        lines = {line for text in texts for line in text.splitlines()}
        if self.admins:
            named = re.compile(rf"\b(?:{'|'.join(map(re.escape, self.admins))})\b")
            lines = {line for line in lines if not named.search(line)}
        return Mask(frozenset(lines), frozenset(self.plain) - set(self.admins), self.redactor)


class Mask:
    """Takes out of the lines of one file what could be a secret."""

    def __init__(self, lines: frozenset[str], plain: frozenset[str], redactor: Redactor) -> None:
        """Keep the lines that are ours, how they look without their numbers, and the words that they begin with."""
        self._lines = lines
        self._shapes = {_shape(line) for line in lines}
        self._keys = {found["key"] for line in lines if (found := _HEAD.match(line))}
        self._plain = plain
        self._redactor = redactor

    def line(self, line: str) -> str:
        """Return the line as it is if it is ours, ours but for numbers, or a plain variable; else its key alone."""
        if line in self._lines or _BRACKETS.fullmatch(line):
            return line
        assigned = _ASSIGNED.fullmatch(line)
        if _shape(line) in self._shapes or (assigned and assigned["name"] in self._plain):
            return self._redactor.text(line)
        head = _HEAD.match(line)
        if head and self._is_key(head["key"], head["mark"]):
            return self._redactor.text(head["head"]) + HIDDEN
        indent = _INDENT.match(line)
        return (indent[0] if indent else "") + HIDDEN

    def _is_key(self, word: str, mark: str) -> bool:
        """Whether a word at a line's beginning is known to be a name, not the first of a secret's own words."""
        if word in self._keys:
            return True
        return bool(mark.strip()) and (bool(_VARIABLE.fullmatch(word)) or word.lower() in _ANNOUNCING)


def _shape(line: str) -> str:
    """Return a line with a sign that no text has in the place of each number that stands for itself."""
    return _NUMBER.sub("\0", line)
