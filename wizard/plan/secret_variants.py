"""Secrets in another letter case, or cut at one end: what a server, a driver or a log wrote that has its own ways.

`urllib` writes a host in small letters, which is a password where an address has one `@` too many; Node cuts a text
that is no JSON, PostgreSQL the line in which a mistake is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import AnyStr, Generic

from wizard.plan.literals import Literals

_SHORTEST_PIECE = 8
"""Letters of a piece that gives a secret away; it has half of the secret at least, too."""
_LONGEST = 1000
"""Letters of a secret of which pieces are sought: of a longer one each line is hidden on its own."""
_MOST = 200
"""Secrets of which pieces are sought; a plan has thirty."""


def in_small_letters(text: str) -> str:
    """Return a text in small letters, each at its place: of all of Unicode one alone would become two."""
    return text.replace("İ", "i").lower()


class Pieces(Generic[AnyStr]):
    """Beginnings and ends of secrets that are in small letters."""

    def __init__(self, values: Iterable[AnyStr], is_open: Callable[[AnyStr], bool]) -> None:
        """Keep the halves; a piece that `is_open` is none, such as a plain word."""
        self._is_open: Callable[[AnyStr], bool] = is_open
        self._by_half: dict[AnyStr, list[AnyStr]] = {}
        for one in islice((one for one in values if len(one) <= _LONGEST), _MOST):
            half = max(_SHORTEST_PIECE, (len(one) + 1) // 2)
            for piece in (one[:half], one[-half:]) if half < len(one) else ():
                self._by_half.setdefault(piece, []).append(one)
        self._halves: Literals[AnyStr] = Literals(self._by_half)

    def spans(self, small: AnyStr) -> Iterator[tuple[int, int]]:
        """Return from where to where pieces stand in a text in small letters, in no order."""
        for start, end in self._halves.spans(small):
            for one in self._by_half[small[start:end]]:
                begin, behind = _grown(small, start, end, one)
                if not self._is_open(small[begin:behind]):
                    yield begin, behind


def _grown(text: AnyStr, start: int, end: int, one: AnyStr) -> tuple[int, int]:
    """Return from where to where a text goes on, or was before, as a secret does of which it holds a half."""
    half, whole = end - start, len(one)
    if one.startswith(text[start:end]):
        more = bisect_left(range(half, whole), True, key=lambda length: not text.startswith(one[: length + 1], start))
        return start, end + more
    more = bisect_left(range(half, whole), True, key=lambda length: not text.endswith(one[-length - 1 :], 0, end))
    return start - more, end
