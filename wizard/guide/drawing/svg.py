"""The cluster's picture as SVG: the boxes and lines that the window shows, each state in words, icon and colour."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from wizard import resources
from wizard.guide import status
from wizard.guide.diagram import RUNNING, Diagram
from wizard.guide.drawing.places import RADIUS, WIDTH, Places, icon_place, lines, places
from wizard.guide.drawing.ways import Placed, Rect, Way
from wizard.guide.drawing.words import Paper
from wizard.guide.reports.style import printable
from wizard.plan.i18n import tr

_PAPER = Paper()
_BASE = 0.79
"""Where in a line's height its letters stand, in parts of it."""
_HATCH = (
    '<defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path class="hatch" d="M0 0V7"/></pattern></defs>'
)


def style() -> str:
    """Return the style sheet of the picture, light and dark."""
    return resources.text("styles/picture.css")


def svg(diagram: Diagram, *, alone: bool = True) -> str:
    """Return the picture; `alone` brings its style sheet along, as a file of its own needs it."""
    placed = places(diagram, WIDTH, _PAPER)
    title = tr("The cluster")
    size = f"{_number(placed.width)} {_number(placed.height)}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 {size}" role="img">',
        f"<title>{_text(title)}</title><desc>{_text(diagram.words)}</desc>",
        f"<style>{style()}</style>" if alone else "",
        _HATCH,
        _rect(placed.frame, "frame") if placed.frame else "",
        *map(_way, placed.ways),
        *(part for one in placed.all for part in _drawn(one, placed)),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _drawn(one: Placed, placed: Places) -> Iterator[str]:
    box = one.box
    state = tr("being tested") if box.state == RUNNING else status.in_words(box.state)
    fact = box.fact if box.fact != state else ""
    yield f'<g class="box {escape(box.state)}">'
    yield f"<title>{_text('. '.join(filter(None, (box.title, fact, state))))}</title>"
    yield _rect(one.place)
    if box.state == status.STALE:
        yield _rect(one.place, "hatched", 'fill="url(#hatch)"')
    yield _icon(box.state, icon_place(one, _PAPER))
    for text, is_title, place in lines(one, _PAPER):
        y = place.y + _BASE * place.height
        kind = "name" if is_title else "fact"
        yield f'<text class="{kind}" x="{_number(place.x)}" y="{_number(y)}">{_text(text)}</text>'
    yield from (_way(way, "own") for way in placed.own_ways(one))
    yield "</g>"


def _rect(place: Rect, kind: str = "ground", more: str = "") -> str:
    names = (("x", place.x), ("y", place.y), ("width", place.width), ("height", place.height), ("rx", RADIUS))
    sizes = " ".join(f'{name}="{_number(value)}"' for name, value in names)
    return f'<rect class="{kind}" {sizes}{" " if more else ""}{more}/>'


def _way(way: Way, kind: str = "line") -> str:
    (x, y), (end_x, end_y) = way.points[-2:]
    middle = _number((x + end_x) / 2)
    straight = "L".join(f"{_number(across)} {_number(down)}" for across, down in way.points[:-1])
    curve = f"C{middle} {_number(y)} {middle} {_number(end_y)} {_number(end_x)} {_number(end_y)}"
    return f'<path class="{kind}{" broken" if way.broken else ""}" d="M{straight}{curve}"/>'


def _icon(name: str, place: Rect) -> str:
    """Return a state's icon, drawn in the one colour of its state."""
    drawing = resources.text(f"icons/{name}.svg")
    drawing = drawing.replace('fill="softColor"', 'fill="currentColor" fill-opacity="0.15"')
    drawing = drawing.replace('stroke="softColor"', 'stroke-opacity="0.25"')
    inner = drawing.partition(">")[2].rpartition("</svg>")[0]
    moved = f'transform="translate({_number(place.x)} {_number(place.y)})"'
    return f'<g class="sign" {moved}><g class="turning">{inner}</g></g>'


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _text(text: str) -> str:
    return escape(printable(text))
