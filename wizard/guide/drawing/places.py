"""Where the boxes of the picture stand at a width, with their words broken into lines that fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from wizard.dataclass import dataclass
from wizard.guide.diagram import Box, Diagram
from wizard.guide.drawing import ways
from wizard.guide.drawing.ways import Placed, Rect, Way
from wizard.guide.drawing.words import Measure

WIDTH = 900
"""The width of a picture on paper: that of the HTML report, and of a saved one."""
RADIUS = 8
"""Of the corners of boxes."""
ICON = 18
"""The side of a box's icon."""
LINE = 1.5
"""How thick borders and lines are."""
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
_PAD, _EDGE = 10, 8
_GAP, _NARROW_GAP, _TIER_GAP = 14, 8, 24
_MANY = 5
"""More nodes than this are tiles, the worst first."""
_ACROSS = 3
_WORST_FIRST = ("fail", "unknown", "warn", "running", "stale", "todo")
_LINES = 3
"""As many lines of a box's fact are shown, and two of its title."""


@dataclass(frozen=True, slots=True)
class Places:
    """All boxes of a picture and its lines. `stacked` says that the columns stand below one another.

    `frame` goes around nodes that are tiles; `gap` is what is free between two of them.
    """

    balancer: Placed
    nodes: tuple[Placed, ...]
    services: tuple[Placed, ...]
    ways: tuple[Way, ...]
    width: float
    height: float
    stacked: bool = False
    frame: Rect | None = None
    gap: float = 0.0

    @property
    def all(self) -> tuple[Placed, ...]:
        """All boxes, from the balancer to the services."""
        return (self.balancer, *self.nodes, *self.services)

    def own_ways(self, one: Placed) -> tuple[Way, ...]:
        """Return the lines that a tile has of its own; the others' can be seen anyway."""
        if self.frame is None or one not in self.nodes:
            return ()
        return tuple(ways.own(one, self.frame, self.balancer, self.services, self.gap))


def places(picture: Diagram, width: float, measure: Measure) -> Places:
    """Return the places of all boxes for a picture of `width` pixels."""
    columns = ((picture.balancer,), picture.nodes, picture.services)
    if width < measure.px(STACKED):
        return _below(columns, width, measure)
    return (_tiled if len(picture.nodes) > _MANY else _beside)(columns, width, measure)


def _tiled(columns: Sequence[Sequence[Box]], width: float, measure: Measure) -> Places:
    """Put the nodes as tiles into a frame, the worst first, a line of them beside one another."""
    px = measure.px
    (left, balancer_share), (begin, share), (last, service_share) = _SHARES_OF_MANY
    edge, gap = px(_EDGE), px(_NARROW_GAP)
    inner = Rect(begin * width + edge, 2 * edge, share * width - 2 * edge, 0)
    tiles = _rows(sorted(columns[1], key=_how_bad), inner, _ACROSS, px(_LEAST_OF_MANY), measure)
    own = tiles[-1].place.bottom
    sides = [
        _column(boxes, start * width + 1, part * width - 2, measure)
        for boxes, start, part in ((columns[0], left, balancer_share), (columns[2], last, service_share))
    ]
    height = max(own, *map(_tall, sides))
    (balancer,), services = (tuple(_moved(one, edge + (height - _tall(side)) / 2) for one in side) for side in sides)
    down = (height - own) / 2
    frame = Rect(begin * width, edge + down, share * width, own)
    nodes = tuple(_moved(one, down) for one in tiles)
    lines = tuple(ways.bundles(balancer, frame, services))
    return Places(balancer, nodes, services, lines, width, height + 2 * edge, frame=frame, gap=gap)


def _how_bad(box: Box) -> int:
    return _WORST_FIRST.index(box.state) if box.state in _WORST_FIRST else len(_WORST_FIRST)


def _beside(columns: Sequence[Sequence[Box]], width: float, measure: Measure) -> Places:
    edge = measure.px(_EDGE)
    made = [
        _column(boxes, begin * width + 1, share * width - 2, measure)
        for boxes, (begin, share) in zip(columns, _SHARES, strict=True)
    ]
    height = max(map(_tall, made))
    (balancer,), nodes, services = (
        tuple(_moved(one, edge + (height - _tall(column)) / 2) for one in column) for column in made
    )
    lines = tuple(ways.beside(balancer, nodes, services))
    return Places(balancer, nodes, services, lines, width, height + 2 * edge)


def _column(boxes: Sequence[Box], x: float, width: float, measure: Measure) -> list[Placed]:
    gap, y = measure.px(_NARROW_GAP if len(boxes) > _MANY else _GAP), 0.0
    least = measure.px(_LEAST_OF_MANY if len(boxes) > _MANY else _LEAST)
    made = []
    for box in boxes:
        made.append(_placed(box, Rect(x, y, width, least), measure))
        y = made[-1].place.bottom + gap
    return made


def _below(columns: Sequence[Sequence[Box]], width: float, measure: Measure) -> Places:
    across = 2 if width >= measure.px(_PAIRS) else 1
    y, tiers = measure.px(_EDGE), []
    for boxes in columns:
        tier = _rows(boxes, Rect(1, y, width - 2, 0), across, measure.px(_LEAST), measure)
        tiers.append(tuple(tier))
        y = tier[-1].place.bottom + measure.px(_TIER_GAP)
    height = y - measure.px(_TIER_GAP) + measure.px(_EDGE)
    (balancer,), nodes, services = tiers
    return Places(balancer, nodes, services, tuple(ways.below(*tiers)), width, height, stacked=True)


def _rows(boxes: Sequence[Box], room: Rect, across: int, least: float, measure: Measure) -> list[Placed]:
    """Return boxes from the top of `room` on, so many beside one another, and each as tall as its neighbours."""
    gap = measure.px(_NARROW_GAP)
    each = (room.width - (across - 1) * gap) / across
    y, made = room.y, list[Placed]()
    for at in range(0, len(boxes), across):
        line = [
            _placed(box, Rect(room.x + n * (each + gap), y, each, least), measure)
            for n, box in enumerate(boxes[at : at + across])
        ]
        tall = max(one.place.height for one in line)
        made += [one if one.place.height == tall else replace(one, place=one.place.as_tall_as(tall)) for one in line]
        y = made[-1].place.bottom + gap
    return made


def _moved(one: Placed, down: float) -> Placed:
    return replace(one, place=one.place.down(down)) if down else one


def _tall(column: Sequence[Placed]) -> float:
    return column[-1].place.bottom if column else 0.0


def _placed(box: Box, place: Rect, measure: Measure) -> Placed:
    """Break a box's words into lines; its place is as high as they need, or as it was at the least."""
    pad = measure.px(_PAD)
    room = place.width - _words_left(measure) - pad / 2
    title = measure.broken(box.title, room, 2, title=True)
    fact = measure.broken(box.fact, room, _LINES, title=False)
    words = len(title) * measure.height(title=True) + len(fact) * measure.height(title=False)
    return Placed(box, place.as_tall_as(max(place.height, words + pad)), title, fact)


def _words_left(measure: Measure) -> float:
    """Return how far from a box's left edge its words begin, in pixels."""
    return 2 * measure.px(_PAD) + measure.px(ICON)


def icon_place(one: Placed, measure: Measure) -> Rect:
    """Return where a box's icon stands."""
    side = measure.px(ICON)
    return Rect(one.place.x + (_words_left(measure) - side) / 2, one.place.centre[1] - side / 2, side, side)


def lines(one: Placed, measure: Measure) -> Iterator[tuple[str, bool, Rect]]:
    """Return each line of a box's words, whether it is the title's, and its place."""
    titles, facts = measure.height(title=True), measure.height(title=False)
    x = one.place.x + _words_left(measure)
    y = one.place.centre[1] - (len(one.title) * titles + len(one.fact) * facts) / 2
    for tall, is_title, texts in ((titles, True, one.title), (facts, False, one.fact)):
        for text in texts:
            yield text, is_title, Rect(x, y, one.place.right - x, tall)
            y += tall
