"""What looks like a key or a password in the place of a plain value, into which somebody pasted the wrong thing.

A value that is refused tells its reader little where it is hidden, so a little doubt is enough there. One that can be
read is hidden in texts alone, and only where nobody could have chosen it.
"""

from __future__ import annotations

from wizard.pattern import pattern
from wizard.plan.literals import SHORTEST
from wizard.plan.secret import HIDDEN
from wizard.plan.variable_names import is_word_of_chance

_WORD = pattern(r"[A-Za-z0-9]+")
_HEXADECIMAL = pattern(r"(?=[0-9]*[a-fA-F])(?=[a-fA-F]*[0-9])(?!.{40}$)[0-9a-fA-F]{32,}")
"""A key in hexadecimal; forty figures are a commit's digest, which names a build."""
_TOKEN = pattern(r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]*")
_KEY = pattern(r"(?!/)[\w+/=-]{16,}")
_LONG = pattern(r"(?=[A-Za-z0-9]*[0-9])(?=[A-Za-z0-9]*[A-Z])(?=[A-Za-z0-9]*[a-z])[A-Za-z0-9]{16,}")
_NAMED = pattern(r"(?:[a-z]+://)?(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}\.?(?::\d{1,5})?(?:/.*)?|sha256:[0-9a-f]{64}")
"""A host's name of several parts, which clouds make up of figures and letters, be it with a port; an image's digest."""
_DURATION = pattern(r"(?:\d+(?:ms|[dhms]))+")
_MIXED = pattern(r"(?=.{8,}$)[A-Za-z]*(?:[0-9]+[A-Za-z]+){2,}[0-9]*")
"""Letters with figures among them twice: `Tr0ub4dor`; `utf8mb4` has them once."""
_SIGNED = pattern(r"(?=\S*[A-Za-z])(?=\S*[0-9])\S{5,}![^\s!]*|(?i:p[a@4][s5$]{2}w[o0]rd)")
"""An exclamation mark with letters and figures, and the best-known of all passwords."""
_LONGEST_PART = 32
_LONGEST = 300
"""Characters of a refused value that anybody reads; more may be a key, and would take long to look at."""


def is_key(text: str) -> bool:
    """Whether a value that can be read is such as keys and tokens are, and nothing that people or clouds call names."""
    text = text.strip()
    if _HEXADECIMAL.fullmatch(text) or _TOKEN.fullmatch(text):
        return True
    return _KEY.fullmatch(text) is not None and any(
        _LONG.fullmatch(word) and is_word_of_chance(word) for word in _WORD.findall(text)
    )


def may_be_pasted(text: str) -> bool:
    """Whether a value that is refused may be a key or a password."""
    text = text.strip()
    if len(text) > _LONGEST or is_key(text):
        return True
    if text.startswith("/") or _NAMED.fullmatch(text):
        return False
    return _SIGNED.search(text) is not None or any(map(_is_mixed, _WORD.findall(text)))


def without_value(problem: str, value: str) -> str:
    """Return a sentence that does not quote a value, nor a long part of one."""
    parts = (part for part in value.strip().split(".") if len(part) >= _LONGEST_PART)
    for quoted in (value, value.strip(), *parts):
        if len(quoted) >= SHORTEST:
            problem = problem.replace(quoted, HIDDEN)
    return problem


def _is_mixed(word: str) -> bool:
    mixed = _MIXED.fullmatch(word) is not None and not _DURATION.fullmatch(word)
    return mixed or is_word_of_chance(word)
