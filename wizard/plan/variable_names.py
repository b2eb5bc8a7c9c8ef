"""Whether a text is such as people call variables: what stands before a “=” may be the end of a key instead."""

from __future__ import annotations

from wizard.pattern import pattern
from wizard.plan.secret import HIDDEN

_USUAL = pattern(r"[A-Z]{1,15}|(?=.*_)(?:[A-Z][A-Z0-9_]{1,99}|[a-z][a-z0-9_]{1,99})")
_SIGNS = pattern(r"[\w.\-\[\]() ]{1,200}")
"""What names have at most, in any kind of file: base64 has `+` and `/` besides."""
_WORDS = pattern(r"[A-Za-z0-9]+")
_PARTS = pattern(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
"""What a word is made of as people write it: `nodeEnv` has two, `Zm9vYmFy` has seven."""
_SHORT = 4
"""Letters and figures that no rule tells anything of: `K8s`, `S3v4`."""
_LETTERS_OF_A_PART = 2.5
"""Letters that the parts of a word have at least, on the average, where capitals and small letters are mixed."""
_FIGURES = 2
_ASSIGNMENT = pattern(r"[A-Za-z_]\w*=[\s\S]*")
_PARTS_OF_CHANCE = 5


def is_assignment(word: str) -> bool:
    """Whether a word of a command sets a variable, as `NAME=value` before it or behind `-e`."""
    return _ASSIGNMENT.fullmatch(word) is not None


def is_short(word: str) -> bool:
    """Whether nothing tells a word of its length from a piece of a key: `K8s`, `S3v4`, and `V12` of `V12==`."""
    return len(word) <= _SHORT


def is_usual(name: str) -> bool:
    """Whether a name is written as nearly all variables are: capitals, or words with `_` between them."""
    return _USUAL.fullmatch(name) is not None


def is_readable(name: str) -> bool:
    """Whether each word of a name is one that a person could have thought of: `nodeEnv`, `S3BUCKET`, `log.level`."""
    return _SIGNS.fullmatch(name) is not None and all(map(_is_word, _WORDS.findall(name)))


def is_of_chance(name: str) -> bool:
    """Whether nobody could have thought of a name: it has signs of base64, or changes letters and figures as a key."""
    return _SIGNS.fullmatch(name) is None or any(map(is_word_of_chance, _WORDS.findall(name)))


def told(name: str) -> str:
    """Return what a file has in the place of a name, to be shown; a piece of a key is hidden, whatever follows it."""
    return name if name.isascii() and is_readable(name) else HIDDEN


def _is_word(word: str) -> bool:
    letters, figures = _parts(word)
    if is_short(word):
        return True
    mixed = word.upper() != word and word.lower() != word
    return figures < _FIGURES and (not mixed or _average(letters) >= _LETTERS_OF_A_PART)


def is_word_of_chance(word: str) -> bool:
    """Whether letters and figures follow one another as in a key, and not as a person would think of them."""
    letters, figures = _parts(word)
    if figures > _FIGURES and len(word) > 2 * _SHORT:
        return True
    return len(letters) >= _PARTS_OF_CHANCE and _average(letters) < _LETTERS_OF_A_PART


def _parts(word: str) -> tuple[list[str], int]:
    """Return the parts of letters, and how many there are of figures."""
    parts = _PARTS.findall(word)
    letters = [part for part in parts if not part.isdigit()]
    return letters, len(parts) - len(letters)


def _average(parts: list[str]) -> float:
    return sum(map(len, parts)) / max(1, len(parts))
