"""How wide words are, and how they are broken into the lines of a box."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import accumulate
from typing import Protocol
from unicodedata import combining, east_asian_width

from wizard.dataclass import dataclass
from wizard.pattern import pattern

TITLE, FACT = 13, 12
"""The height of the letters of a box's title, which is bold, and of its fact, in pixels at the usual text size."""

_PART = pattern(r"[^-/._:,=&?@]*[-/._:,=&?@]*")
"""What a long word is broken into first: names and addresses have parts."""
_UNIT = r"(?:ms|s|min|h|bytes?|octets?|[kKMGT]i?[Bo]|毫秒|秒|分钟|小时|字节)(?![^\W\d_])"
_BEFORE_UNIT = pattern(rf"(?<=\d) (?={_UNIT})")
WITH_UNIT = pattern(rf"(?<![\d.,])\d[\d.,]*+ {_UNIT}")
"""A number with its unit, which stay in one line."""
_BLANKS = pattern(r"[ \t\r\n]+")
"""What parts words: not the blank without a break."""
_WIDTHS = {
    0.4: " ',./:;\\|ijlIJ",
    0.5: "!()[]-ftr",
    0.6: '"*?_`csz',
    0.85: "ABCDGHKNOPQRUVXYZ#+<=>^~",
    1.1: "&%@MWmw",
}
_ADVANCES = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
"""Widths of letters in parts of their height, as DejaVu Sans Bold has them: few fonts of windows are wider."""
_USUAL, _OTHER, _WIDE = 0.72, 0.85, 1.1
_NOT_BOLD = 0.92
_LINE_HEIGHT = 1.2


class Measure(Protocol):
    """What a picture must know of the fonts it is drawn with."""

    def px(self, size: float) -> float:
        """Return a length that keeps its relation to the text."""

    def width(self, text: str, *, title: bool) -> float:
        """Return how wide a line is, of a box's title or of its fact."""

    def height(self, *, title: bool) -> float:
        """Return how high a line is."""

    def broken(self, text: str, room: float, most: int, *, title: bool) -> tuple[str, ...]:
        """Return the lines, `most` at the most, into which a text is broken where there is so much room."""


@dataclass(frozen=True, slots=True)
class Paper:
    """Measures for a picture whose font is its reader's, and not known here: rather too wide than too narrow."""

    scale: float = 1.0

    def px(self, size: float) -> float:
        """Return a length at this scale."""
        return size * self.scale

    def width(self, text: str, *, title: bool) -> float:
        """Return how wide a line is at the most, with any usual font."""
        letters = sum(map(_advance, text))
        return letters * self.px(TITLE) if title else letters * self.px(FACT) * _NOT_BOLD

    def height(self, *, title: bool) -> float:
        """Return how high a line is."""
        return self.px(TITLE if title else FACT) * _LINE_HEIGHT

    def broken(self, text: str, room: float, most: int, *, title: bool) -> tuple[str, ...]:
        """Return the lines into which a text is broken."""
        return broken(text, partial(self.width, title=title), room, most)


def _advance(letter: str) -> float:
    if letter.isascii():
        return _ADVANCES.get(letter, _USUAL)
    if combining(letter):
        return 0.0
    return _WIDE if letter == "…" or east_asian_width(letter) in "WF" else _OTHER


def broken(text: str, width: Callable[[str], float], room: float, most: int) -> tuple[str, ...]:
    """Break `text` between words, a long one between its parts, into at most `most` lines; the last may be cut.

    It is cut in its middle: names differ at their ends.
    """
    lines: list[str] = []
    left = [word for word in _BLANKS.split(with_units(text)) if word]
    if left and width(whole := " ".join(left).replace("\xa0", " ")) <= room:  # as most do
        return (whole,)
    while left and len(lines) < most - 1:
        line = left.pop(0)
        while left and width(f"{line} {left[0]}") <= room:
            line += f" {left.pop(0)}"
        if width(line) > room:
            line, rest = _cut(line, width, room)
            left = [rest, *left]
        lines.append(line)
    if left:
        lines.append(shortened(" ".join(left), width, room))
    return tuple(line.replace("\xa0", " ") for line in lines)


def with_units(text: str) -> str:
    """Return a text in which each number keeps its unit in its line: with a blank between them that does not break."""
    return _BEFORE_UNIT.sub("\xa0", text)


def shortened(text: str, width: Callable[[str], float], room: float) -> str:
    """Return `text`, or its two ends with dots between them where the whole has no room."""
    if width(text) <= room:
        return text
    short = "…"
    for kept in range(1, len(text)):
        ends = f"{text[: (kept + 1) // 2]}…{text[len(text) - kept // 2 :]}"
        if width(ends) > room:
            break
        short = ends
    return short


def _cut(word: str, width: Callable[[str], float], room: float) -> tuple[str, str]:
    """Cut a word where its first line ends: after a part of it, or anywhere if not even one part fits."""
    ends = list(accumulate(len(part) for part in parts_of(word)))
    fits = [end for end in ends if width(word[:end]) <= room]
    anywhere = (n for n in range(len(word), 0, -1) if width(word[:n]) <= room)
    end = fits[-1] if fits else next(anywhere, 1)
    return word[:end], word[end:]


def parts_of(word: str) -> list[str]:
    """Return the parts between which a long word is broken first: after its hyphens, dots and slashes."""
    return [part for part in _PART.findall(word) if part]
