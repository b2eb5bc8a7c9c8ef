"""Texts that are looked for in others: few are tried one after the other, very many by how they begin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import AnyStr, Generic

_FEW = 2000
"""A plan with thirty secrets has fewer forms of them."""
_HEAD = 4
"""Letters by which a text is found; none that is looked for is shorter."""


class Literals(Generic[AnyStr]):
    """Texts of four letters and more, or bytes; whoever made them may have made very many that begin alike."""

    def __init__(self, every: Iterable[AnyStr]) -> None:
        """Keep them."""
        self._every: list[AnyStr] = sorted(set(every), key=len, reverse=True)
        self._begin: dict[AnyStr, dict[int, set[AnyStr]]] = {}
        if len(self._every) > _FEW:
            for one in self._every:
                self._begin.setdefault(one[:_HEAD], {}).setdefault(len(one), set()).add(one)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._every)

    def within(self, text: AnyStr) -> list[AnyStr]:
        """Return those that stand in a text, the longest first."""
        if not self._begin:
            return [one for one in self._every if one in text]
        found = {
            piece
            for at in range(len(text) - _HEAD + 1)
            for length, ones in self._begin.get(text[at : at + _HEAD], {}).items()
            if (piece := text[at : at + length]) in ones
        }
        return sorted(found, key=len, reverse=True)
