"""Where the boxes of the map stand at a width, with their words broken into lines that fit."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF

from wizard.dataclass import dataclass
from wizard.gui import tokens
from wizard.gui.theme import theme
from wizard.gui.widgets.wrapped import parts_of
from wizard.guide.diagram import Box, Diagram

STACKED = 520
"""Below this width, at the usual text size, the three columns stand below one another."""
_PAIRS = 420
"""From this width on, two boxes of a stack stand beside one another."""
_SHARES = ((0.0, 0.225), (0.335, 0.245), (0.665, 0.335))
"""Where each column begins and how wide it is, in parts of the whole."""
_SHARES_OF_MANY = ((0.0, 0.19), (0.235, 0.48), (0.765, 0.235))
"""The same where the nodes are tiles in a frame."""
_LEAST, _LEAST_OF_MANY = 52, 44
"""The least height of a box, and that of one of many in a column."""
_PAD = 10
_GAP, _NARROW_GAP, _TIER_GAP = 14, 8, 24
_MANY = 5
"""More nodes than this are tiles, the worst first."""
_ACROSS = 3
_WORST_FIRST = ("fail", "unknown", "warn", "running", "stale", "todo")
_LINES = 3
"""As many lines of a box's fact are shown, and two of its title."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A box, its place, and its words in lines."""

    box: Box
    place: QRectF
    title: tuple[str, ...]
    fact: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """All boxes of a picture. `stacked` says that the columns stand below one another, `frame` goes around tiles."""

    balancer: tuple[Placed, ...]
    nodes: tuple[Placed, ...]
    services: tuple[Placed, ...]
    height: float
    stacked: bool
    frame: QRectF | None = None

    @property
    def all(self) -> tuple[Placed, ...]:
        """All boxes, from the balancer to the services."""
        return (*self.balancer, *self.nodes, *self.services)


def title_metrics() -> QFontMetricsF:
    """Return the measures of a box's title."""
    return theme().metrics(tokens.SMALL, bold=True)


def fact_metrics() -> QFontMetricsF:
    """Return the measures of a box's fact."""
    return theme().metrics(tokens.TINY)


def places(picture: Diagram, width: float) -> Places:
    """Return the places of all boxes for a map of `width` pixels."""
    columns = ((picture.balancer,), picture.nodes, picture.services)
    if width < theme().px(STACKED):
        return _below(columns, width)
    return _tiled(columns, width) if len(picture.nodes) > _MANY else _beside(columns, width)


def _tiled(columns: Sequence[Sequence[Box]], width: float) -> Places:
    """Put the nodes as tiles into a frame, the worst first, a line of them beside one another."""
    px = theme().px
    (left, balancer_share), (begin, share), (last, service_share) = _SHARES_OF_MANY
    pad, gap = px(tokens.S), px(_NARROW_GAP)
    each = (share * width - 2 * pad - (_ACROSS - 1) * gap) / _ACROSS
    tiles: list[Placed] = []
    y = float(px(tokens.S) + pad)
    boxes = sorted(columns[1], key=_how_bad)
    for at in range(0, len(boxes), _ACROSS):
        line = [
            _placed(box, QRectF(begin * width + pad + n * (each + gap), y, each, px(_LEAST_OF_MANY)))
            for n, box in enumerate(boxes[at : at + _ACROSS])
        ]
        tiles += _as_tall(line)
        y = tiles[-1].place.bottom() + gap
    own = y - gap + pad - px(tokens.S)
    sides = [
        _column(boxes, start * width + 1, part * width - 2)
        for boxes, start, part in ((columns[0], left, balancer_share), (columns[2], last, service_share))
    ]
    height = max(own, *map(_tall, sides))
    balancer, services = (
        tuple(_moved(one, px(tokens.S) + (height - _tall(side)) / 2) for one in side) for side in sides
    )
    down = (height - own) / 2
    frame = QRectF(begin * width, px(tokens.S) + down, share * width, own)
    nodes = tuple(_moved(one, down) for one in tiles)
    return Places(balancer, nodes, services, height + 2 * px(tokens.S), stacked=False, frame=frame)


def _how_bad(box: Box) -> int:
    return _WORST_FIRST.index(box.state) if box.state in _WORST_FIRST else len(_WORST_FIRST)


def _beside(columns: Sequence[Sequence[Box]], width: float) -> Places:
    px = theme().px
    made = [
        _column(boxes, begin * width + 1, share * width - 2)
        for boxes, (begin, share) in zip(columns, _SHARES, strict=True)
    ]
    height = max(_tall(column) for column in made)
    moved = [tuple(_moved(one, px(tokens.S) + (height - _tall(column)) / 2) for one in column) for column in made]
    return Places(moved[0], moved[1], moved[2], height + 2 * px(tokens.S), stacked=False)


def _column(boxes: Sequence[Box], x: float, width: float) -> list[Placed]:
    many = len(boxes) > _MANY
    gap, least, y = theme().px(_NARROW_GAP if many else _GAP), _LEAST_OF_MANY if many else _LEAST, 0.0
    made = []
    for box in boxes:
        made.append(_placed(box, QRectF(x, y, width, theme().px(least))))
        y = made[-1].place.bottom() + gap
    return made


def _below(columns: Sequence[Sequence[Box]], width: float) -> Places:
    px = theme().px
    across = 2 if width >= px(_PAIRS) else 1
    gap = px(_NARROW_GAP)
    each = (width - 2 - (across - 1) * gap) / across
    y, tiers = float(px(tokens.S)), []
    for boxes in columns:
        tier: list[Placed] = []
        for at in range(0, len(boxes), across):
            line = [
                _placed(box, QRectF(1 + n * (each + gap), y, each, px(_LEAST)))
                for n, box in enumerate(boxes[at : at + across])
            ]
            tier += _as_tall(line)
            y = tier[-1].place.bottom() + gap
        tiers.append(tuple(tier))
        y += px(_TIER_GAP) - gap if tier else 0
    return Places(tiers[0], tiers[1], tiers[2], y - px(_TIER_GAP) + px(tokens.S), stacked=True)


def _as_tall(line: list[Placed]) -> list[Placed]:
    """Return boxes of one line the height of the tallest."""
    tall = max(one.place.height() for one in line)
    return [_at(one, QRectF(one.place.topLeft(), one.place.size()), tall) for one in line]


def _at(one: Placed, place: QRectF, height: float) -> Placed:
    place.setHeight(height)
    return Placed(one.box, place, one.title, one.fact)


def _moved(one: Placed, down: float) -> Placed:
    return Placed(one.box, one.place.translated(0, down), one.title, one.fact)


def _tall(column: Sequence[Placed]) -> float:
    return column[-1].place.bottom() if column else 0.0


def words_left() -> float:
    """Return how far from a box's left edge its words begin, in pixels."""
    return float(2 * theme().px(_PAD) + theme().px(tokens.ICON))


def _placed(box: Box, place: QRectF) -> Placed:
    """Break a box's words into lines; its place is as high as they need, or as it was at the least."""
    px = theme().px
    room = place.width() - words_left() - px(_PAD) / 2
    title = broken(box.title, title_metrics(), room, 2)
    fact = broken(box.fact, fact_metrics(), room, _LINES)
    words = len(title) * title_metrics().height() + len(fact) * fact_metrics().height()
    place.setHeight(max(place.height(), words + px(_PAD)))
    return Placed(box, place, title, fact)


def broken(text: str, metrics: QFontMetricsF, room: float, most: int) -> tuple[str, ...]:
    """Break `text` between words, a long one between its parts, into at most `most` lines; the last may be cut.

    It is cut in its middle: names differ at their ends.
    """
    lines: list[str] = []
    left = text.split()
    while left and len(lines) < most - 1:
        line = left.pop(0)
        while left and metrics.horizontalAdvance(f"{line} {left[0]}") <= room:
            line += f" {left.pop(0)}"
        if metrics.horizontalAdvance(line) > room:
            line, rest = _cut(line, metrics, room)
            left = [rest, *left]
        lines.append(line)
    if left:
        lines.append(metrics.elidedText(" ".join(left), Qt.TextElideMode.ElideMiddle, room))
    return tuple(lines)


def _cut(word: str, metrics: QFontMetricsF, room: float) -> tuple[str, str]:
    """Cut a word where its first line ends: after a part of it, or anywhere if not even one part fits."""
    ends = list(accumulate(len(part) for part in parts_of(word)))
    fits = [end for end in ends if metrics.horizontalAdvance(word[:end]) <= room]
    anywhere = (n for n in range(len(word), 0, -1) if metrics.horizontalAdvance(word[:n]) <= room)
    end = fits[-1] if fits else next(anywhere, 1)
    return word[:end], word[end:]
