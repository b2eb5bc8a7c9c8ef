"""Whether a name is another one misspelt: letter by letter and word by word, as a wrong guess is worse than none."""

from __future__ import annotations

from collections.abc import Iterable

_LETTERS_A_MISTAKE = 3
"""One wrong letter is a mistake in a word of three to five, two in one of six and more."""
_SHORTENED = 3
"""Letters that a shortened word has at least: LOG for LOGGER, PASS for PASSWORD."""
_LONGEST = 100
"""Letters of a name that a person gives."""


def misspelt_for(name: str, known: Iterable[str]) -> str:
    """Return the known name, of words with `_` between them, that `name` is most likely meant for; else nothing.

    A name with a word more or less, another word or another number in it is another name: DB_POOL_MAX_SIZE is not
    DB_POOL_MAX_USES, and BASE_URL not CDN_BASE_URL.
    """
    if len(name) > _LONGEST:
        return ""
    found = [(cost, other) for other in sorted(known) if (cost := _cost(name.upper(), other)) is not None]
    return min(found)[1] if found else ""


def _cost(name: str, other: str) -> int | None:
    """Return how many mistakes lie between two names; None where they are two."""
    words, others = name.replace("-", "_").split("_"), other.split("_")
    if len(words) != len(others):
        together, whole = name.replace("_", ""), other.replace("_", "")
        return 1 if together == whole else None
    costs = [_of_word(word, right) for word, right in zip(words, others, strict=True)]
    return None if None in costs else sum(cost or 0 for cost in costs)


def _of_word(word: str, right: str) -> int | None:
    if word == right:
        return 0
    if _figures(word) != _figures(right):
        return None
    short, long = sorted((word, right), key=len)
    if len(short) >= _SHORTENED and long.startswith(short):
        return 1
    mistakes = _mistakes(word, right)
    return mistakes if mistakes <= min(2, len(right) // _LETTERS_A_MISTAKE) else None


def _figures(word: str) -> str:
    return "".join(filter(str.isdigit, word))


def _mistakes(one: str, other: str) -> int:
    """Return how many letters are wrong, missing, too many or in the place of their neighbour (Damerau)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        above, row = row, [at]
        for place, right in enumerate(other, 1):
            cost = min(above[place] + 1, row[-1] + 1, above[place - 1] + (letter != right))
            swapped = at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == right
            row.append(min(cost, before[place - 2] + 1) if swapped else cost)
        before = above
    return row[-1]
