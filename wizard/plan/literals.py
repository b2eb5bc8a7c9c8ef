"""Texts that are looked for in others: few are tried one after the other, very many by how they begin."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import AnyStr, Generic

_FEW = 2000
"""A plan with thirty secrets has fewer forms of them."""
_FEW_FOUND = 50
"""As many are replaced one after the other."""
SHORTEST = 4
"""Letters by which a text is found. Shorter secrets are not looked for: they would tear holes into innocent words.

Checks never quote them.
"""


class Literals(Generic[AnyStr]):
    """Texts of four letters and more, or bytes; whoever made them may have made very many that begin alike."""

    def __init__(self, every: Iterable[AnyStr]) -> None:
        """Keep them."""
        self._every: list[AnyStr] = sorted(set(every), key=len, reverse=True)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._every)

    def within(self, text: AnyStr) -> list[AnyStr]:
        """Return those that stand in a text, the longest first."""
        if len(self._every) <= _FEW:
            return [one for one in self._every if one in text]
        found: set[AnyStr] = set()
        for _at, beginnings in self._at_each_place(text):
            for one in reversed(beginnings):
                if one in found:  # and so are all that it begins with
                    break
                found.add(one)
        return sorted(found, key=len, reverse=True)

    def spans(self, text: AnyStr) -> Iterator[tuple[int, int]]:
        """Return from where to where they stand in a text, from left to right; at each place the longest one."""
        if len(self._every) > _FEW or self.within(text):
            yield from ((at, at + len(beginnings[-1])) for at, beginnings in self._at_each_place(text))

    def replaced(self, text: AnyStr, put: AnyStr) -> AnyStr:
        """Return the text with `put` for each of them, the longest first; where many stand in it, in one go."""
        found = self.within(text)
        if len(found) <= _FEW_FOUND:
            for one in found:
                text = text.replace(one, put)
            return text
        return put_into(text, apart(self.spans(text)), put)

    def _at_each_place(self, text: AnyStr) -> Iterator[tuple[int, tuple[AnyStr, ...]]]:
        """Return each place where some stand, and these, the longest last."""
        for at in range(len(text) - SHORTEST + 1):
            group = self._groups.get(text[at : at + SHORTEST])
            if group and (found := group.that_begin(text[at : at + group.longest])):
                yield at, found

    @cached_property
    def _groups(self) -> dict[AnyStr, _Group[AnyStr]]:
        by_head: dict[AnyStr, list[AnyStr]] = {}
        for one in self._every:
            by_head.setdefault(one[:SHORTEST], []).append(one)
        return {head: _Group(ones) for head, ones in by_head.items()}


def apart(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return places that come from left to right, those that lie over one another as one."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def put_into(text: AnyStr, places: list[tuple[int, int]], put: AnyStr) -> AnyStr:
    """Return the text with `put` at each of the places, which come from left to right and lie apart."""
    begins, ends = [0, *(end for _start, end in places)], [*(start for start, _end in places), len(text)]
    return put.join(text[begin:end] for begin, end in zip(begins, ends, strict=True))


class _Group(Generic[AnyStr]):
    """Texts that begin alike, in alphabetical order, each with those that it begins with itself."""

    def __init__(self, ones: list[AnyStr]) -> None:
        self._ones: list[AnyStr] = sorted(ones)
        self._beginnings: list[tuple[AnyStr, ...]] = []
        self.longest = max(map(len, ones))
        open_ones: list[AnyStr] = []
        for one in self._ones:
            while open_ones and not one.startswith(open_ones[-1]):
                open_ones.pop()
            open_ones.append(one)
            self._beginnings.append(tuple(open_ones))

    def that_begin(self, text: AnyStr) -> tuple[AnyStr, ...]:
        """Return those that a text begins with, the shortest first.

        The last one that is not behind the text in the alphabet begins with all of them; so no length is tried alone.
        """
        behind = bisect_right(self._ones, text)
        if not behind:
            return ()
        beginnings = self._beginnings[behind - 1]
        if text.startswith(beginnings[-1]):
            return beginnings
        return beginnings[: bisect_left(beginnings, True, key=lambda one: not text.startswith(one))]
