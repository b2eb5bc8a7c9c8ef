"""Paints the boxes and lines of a cluster's picture in the colours and fonts of the window."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QPixmap

from wizard.gui import icons, tokens
from wizard.gui.theme import theme
from wizard.guide.diagram import RUNNING, Diagram
from wizard.guide.drawing.places import LINE, RADIUS, WIDTH, Places, icon_place, lines, places
from wizard.guide.drawing.ways import Placed, Rect, Way
from wizard.guide.drawing.words import Measure, Paper, broken
from wizard.guide.status import STALE, UNTESTED

_BORDERS = {"running": "accent", "pass": "ok", "warn": "warn", "fail": "bad", "unknown": "unknown"}
"""The colours of borders by states; of any other state it is that of controls, which can be seen."""
_MOST_LINES = 1_000
"""Texts whose lines are kept: those of 32 nodes at some widths."""
_WORDS = 4
"""As many times that are pieces kept that were measured."""
_SHARP = 2
"""Pixels of a saved picture for one of the map's, each way."""


class Fonts:
    """The measures of the window's own fonts.

    Each text is measured once, and its lines are found once for a width: a run shows it again and again, and Qt asks
    for the height of the map at several widths.
    """

    def __init__(self) -> None:
        """Know no texts yet."""
        self._lines: dict[tuple[str, float, int, bool], tuple[str, ...]] = {}
        self._widths: dict[tuple[str, bool], float] = {}
        self._of: QFontMetricsF | None = None

    def px(self, size: float) -> float:
        """Return a length that keeps its relation to the text."""
        return theme().px(round(size))

    def width(self, text: str, *, title: bool) -> float:
        """Return how wide a line is, of a box's title or of its fact."""
        self._forget_other_fonts()
        if (text, title) not in self._widths:
            self._widths[text, title] = _metrics(title=title).horizontalAdvance(text)
        return self._widths[text, title]

    def height(self, *, title: bool) -> float:
        """Return how high a line is."""
        return _metrics(title=title).height()

    def broken(self, text: str, room: float, most: int, *, title: bool) -> tuple[str, ...]:
        """Return the lines into which a text is broken, in the fonts of now."""
        self._forget_other_fonts()
        wanted = text, room, most, title
        if wanted not in self._lines:
            self._lines[wanted] = broken(text, partial(self.width, title=title), room, most)
        return self._lines[wanted]

    def _forget_other_fonts(self) -> None:
        """Let go of what was measured in former fonts, and of all where it has become much."""
        of, many = _metrics(title=False), max(len(self._lines), len(self._widths) // _WORDS) >= _MOST_LINES
        if of is not self._of or many:
            self._of = of
            self._lines.clear()
            self._widths.clear()


def _metrics(*, title: bool) -> QFontMetricsF:
    return theme().metrics(tokens.SMALL, bold=True) if title else theme().metrics(tokens.TINY)


FONTS = Fonts()


def area(place: Rect) -> QRectF:
    """Return a place as Qt knows it."""
    return QRectF(place.x, place.y, place.width, place.height)


def paint(painter: QPainter, placed: Places, measure: Measure = FONTS, *, still: bool = False) -> None:
    """Paint a whole picture; the icons of what is being tested are left out unless it stands `still`."""
    if placed.frame:
        _outline(painter, "control", LINE)
        painter.drawRoundedRect(area(placed.frame), measure.px(RADIUS), measure.px(RADIUS))
    paint_ways(painter, placed.ways)
    for one in placed.all:
        paint_box(painter, one, measure, still=still)


def paint_ways(painter: QPainter, ways: Iterable[Way], colour: str = "control", width: float = LINE) -> None:
    """Paint lines; a broken one is dashed and has the colour of what fails."""
    for way in ways:
        _outline(painter, "bad" if way.broken else colour, width, dashed=way.broken)
        *straight, end = (QPointF(*point) for point in way.points)
        path = QPainterPath(straight[0])
        for point in straight[1:]:
            path.lineTo(point)
        bend = QPointF((end.x() - straight[-1].x()) / 2, 0)
        path.cubicTo(straight[-1] + bend, end - bend, end)
        painter.drawPath(path)


def paint_focus(painter: QPainter, one: Placed) -> None:
    """Paint the ring around the box that the keys are at."""
    _outline(painter, "accent", 2)
    radius = FONTS.px(RADIUS)
    painter.drawRoundedRect(area(one.place).adjusted(-3, -3, 3, 3), radius, radius)


def paint_icon(painter: QPainter, one: Placed, measure: Measure = FONTS) -> None:
    """Paint a box's icon."""
    icons.draw(painter, one.box.state, area(icon_place(one, measure)))


def paint_turning(painter: QPainter, running: Sequence[Placed], turn: int) -> None:
    """Paint the icons of what is being tested, turned by some degrees: one is drawn, and copied to each of its places.

    Among what is painted alone, as they move on, Qt draws a shape ten times as slowly as it copies one.
    """
    if not running:
        return
    ratio, size = painter.device().devicePixelRatioF(), area(icon_place(running[0], FONTS)).size()
    turned = QPixmap((size * ratio).toSize())
    turned.setDevicePixelRatio(ratio)
    turned.fill(Qt.GlobalColor.transparent)
    drawing = QPainter(turned)
    drawing.setRenderHint(QPainter.RenderHint.Antialiasing)
    drawing.translate(size.width() / 2, size.height() / 2)
    drawing.rotate(turn)
    icons.draw(drawing, RUNNING, QRectF(QPointF(-size.width() / 2, -size.height() / 2), size))
    drawing.end()
    for one in running:
        painter.drawPixmap(area(icon_place(one, FONTS)).topLeft(), turned)


def paint_box(painter: QPainter, one: Placed, measure: Measure = FONTS, *, still: bool = False) -> None:
    """Paint a box; the icon of what is being tested is left out, as it moves, unless the picture stands `still`."""
    look, place, radius = theme(), area(one.place), measure.px(RADIUS)
    state = one.box.state
    _outline(painter, _BORDERS.get(state, "control"), LINE, dashed=state in {UNTESTED, STALE})
    painter.setBrush(look.color("surface"))
    painter.drawRoundedRect(place, radius, radius)
    if state == STALE:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(look.color("line"), Qt.BrushStyle.BDiagPattern))
        painter.drawRoundedRect(place, radius, radius)
    if still or state != RUNNING:
        paint_icon(painter, one, measure=measure)
    for text, is_title, line in lines(one, measure):
        painter.setFont(look.font(tokens.SMALL, bold=True) if is_title else look.font(tokens.TINY))
        painter.setPen(look.color("text" if is_title else "muted"))
        painter.drawText(area(line), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


def image(picture: Diagram) -> QImage:
    """Return a picture with the boxes and lines of the SVG, sharp enough to be printed."""
    measure = Paper(theme().scale)
    placed = places(picture, measure.px(WIDTH), measure)
    drawn = QPixmap(round(placed.width * _SHARP), round(placed.height * _SHARP))
    drawn.setDevicePixelRatio(_SHARP)
    drawn.fill(theme().color("window"))
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter, placed, measure, still=True)
    painter.end()
    return drawn.toImage()


def _outline(painter: QPainter, colour: str, width: float, *, dashed: bool = False) -> None:
    pen = QPen(theme().color(colour), width)
    pen.setStyle(Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
