"""The lines between the boxes of a picture: the window and the SVG draw the same ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from wizard.dataclass import dataclass
from wizard.guide.diagram import Box

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle, in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Where it ends below."""
        return self.y + self.height

    @property
    def centre(self) -> Point:
        """Its middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def down(self, by: float) -> Rect:
        """Return it further down."""
        return Rect(self.x, self.y + by, self.width, self.height)

    def as_tall_as(self, height: float) -> Rect:
        """Return it with another height."""
        return Rect(self.x, self.y, self.width, height)

    def has(self, x: float, y: float) -> bool:
        """Whether a point is in it."""
        return self.x <= x <= self.right and self.y <= y <= self.bottom


@dataclass(frozen=True, slots=True)
class Placed:
    """A box, its place, and its words in lines."""

    box: Box
    place: Rect
    title: tuple[str, ...]
    fact: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A line: straight from point to point, but the last part is a curve that leaves and arrives level."""

    points: tuple[Point, ...]
    broken: bool = False


def beside(balancer: Placed, nodes: Sequence[Placed], services: Sequence[Placed]) -> Iterator[Way]:
    """Join the balancer with the nodes that serve, and each node with each service."""
    for node in nodes:
        if node.box.serves:
            yield _way(balancer.place, node.place, node.box)
        yield from (_way(node.place, service.place, service.box) for service in services)


def bundles(balancer: Placed, frame: Rect, services: Sequence[Placed]) -> Iterator[Way]:
    """Join the balancer with the frame of the nodes, and the frame with each service by one line."""
    yield _way(balancer.place, frame)
    yield from (_way(frame, service.place, service.box) for service in services)


def below(*tiers: Sequence[Placed]) -> Iterator[Way]:
    """Join the tiers by a line from each to the next."""
    shown = [tier for tier in tiers if tier]
    for upper, lower in pairwise(shown):
        x, _middle = shown[0][0].place.centre
        yield Way(((x, upper[-1].place.bottom), (x, lower[0].place.y)))


def own(tile: Placed, frame: Rect, balancer: Placed, services: Sequence[Placed], gap: float) -> Iterator[Way]:
    """Return the lines of one tile of a frame: they leave it through the gap above its row."""
    x, _middle = tile.place.centre
    y = tile.place.y - gap / 2
    out: tuple[Point, ...] = ((x, tile.place.y), (x, y))
    if tile.box.serves:
        yield Way((*out, (frame.x, y), (balancer.place.right, balancer.place.centre[1])), _fails(tile.box))
    for service in services:
        yield Way((*out, (frame.right, y), (service.place.x, service.place.centre[1])), _fails(service.box))


def _way(start: Rect, end: Rect, box: Box | None = None) -> Way:
    return Way(((start.right, start.centre[1]), (end.x, end.centre[1])), box is not None and _fails(box))


def _fails(box: Box) -> bool:
    return box.state == "fail"
