"""The cluster's picture as SVG: balancer, nodes and services, each with its state in words and colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from wizard import resources
from wizard.dataclass import dataclass
from wizard.guide import status
from wizard.guide.diagram import Box, Diagram
from wizard.plan.i18n import tr

_WIDTH, _HEIGHT = 216, 64
"""Of one box, in pixels."""
_GAP, _BETWEEN, _EDGE = 14, 96, 8
"""Between boxes of a column, between columns, and around the whole, in pixels."""
_LONGEST = 30
"""Letters of a line in a box; longer ones are cut, and stand whole in its title."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A box and where its upper left corner is."""

    box: Box
    x: int
    y: int

    @property
    def middle(self) -> int:
        return self.y + _HEIGHT // 2


def style() -> str:
    """Return the style sheet of the picture, light and dark."""
    return resources.text("styles/picture.css")


def svg(diagram: Diagram, *, alone: bool = True) -> str:
    """Return the picture; `alone` brings its style sheet along, as a file of its own needs it."""
    tallest = max(1, len(diagram.nodes), len(diagram.services))
    height = tallest * (_HEIGHT + _GAP) - _GAP + 2 * _EDGE
    width = 3 * _WIDTH + 2 * _BETWEEN + 2 * _EDGE
    (balancer,) = _column([diagram.balancer], 0, height)
    nodes, services = _column(diagram.nodes, 1, height), _column(diagram.services, 2, height)
    serving = [node for node, serves in zip(nodes, diagram.serving, strict=True) if serves]
    title = tr("The cluster")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{escape(title)}</title><desc>{escape(diagram.words)}</desc>",
        f"<style>{style()}</style>" if alone else "",
        *(_line(balancer, node) for node in serving),
        *_bundle(nodes, services),
        *(part for placed in (balancer, *nodes, *services) for part in _drawn(placed)),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _column(boxes: Sequence[Box], number: int, height: int) -> list[_Placed]:
    """Return the boxes of a column, in the middle of the height."""
    x = _EDGE + number * (_WIDTH + _BETWEEN)
    top = (height - len(boxes) * (_HEIGHT + _GAP) + _GAP) // 2
    return [_Placed(box, x, top + place * (_HEIGHT + _GAP)) for place, box in enumerate(boxes)]


def _line(left: _Placed, right: _Placed) -> str:
    start, end = left.x + _WIDTH, right.x
    bend = (start + end) // 2
    return f'<path class="line" d="M{start} {left.middle}H{bend}V{right.middle}H{end}"/>'


def _bundle(nodes: Sequence[_Placed], services: Sequence[_Placed]) -> Iterator[str]:
    """Return one line from each node to a common trunk, and one from it to each service."""
    start, end = nodes[0].x + _WIDTH, services[0].x
    trunk = (start + end) // 2
    rows = [placed.middle for placed in (*nodes, *services)]
    yield f'<path class="line" d="M{trunk} {min(rows)}V{max(rows)}"/>'
    yield from (f'<path class="line" d="M{start} {node.middle}H{trunk}"/>' for node in nodes)
    yield from (f'<path class="line" d="M{trunk} {service.middle}H{end}"/>' for service in services)


def _drawn(placed: _Placed) -> Iterator[str]:
    box, x, y = placed.box, placed.x, placed.y
    state = status.in_words(box.state)
    yield f'<g class="box {escape(box.state)}">'
    yield f"<title>{escape('. '.join(filter(None, (box.title, box.fact, state))))}</title>"
    yield f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="8"/>'
    yield f'<rect class="edge" x="{x}" y="{y + 10}" width="4" height="{_HEIGHT - 20}" rx="2"/>'
    fact = box.fact if box.fact != state else ""
    for kind, text, row in (("name", box.title, 21), ("fact", fact, 38), ("state", state, 54)):
        yield f'<text class="{kind}" x="{x + 14}" y="{y + row}">{escape(_cut(text))}</text>'
    yield "</g>"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
