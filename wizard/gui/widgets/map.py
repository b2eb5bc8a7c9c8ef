"""The map: balancer, nodes and services from left to right, painted with their states."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from wizard.gui import icons, tokens
from wizard.gui.picture import UNTESTED, Box, Picture
from wizard.gui.theme import theme

_BORDERS = {"pass": "ok", "warn": "warn", "fail": "bad", "unknown": "unknown", "stale": "control"}
_TALL, _LOW = 60, 46
_GAP, _NARROW_GAP = 20, 8
_MANY = 5


class ClusterMap(QWidget):
    """Shows one picture; its words are its accessible description."""

    def __init__(self) -> None:
        """Begin with nothing to show."""
        super().__init__()
        self._picture: Picture | None = None
        self.setObjectName("map")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_picture(self, picture: Picture) -> None:
        """Show `picture` from now on."""
        if picture != self._picture:
            self._picture = picture
            self.setAccessibleDescription(picture.words)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        if self._picture is None:
            return QSize(0, 0)
        boxes = max(len(self._picture.nodes), len(self._picture.services))
        tall, gap = _heights(boxes)
        return QSize(theme().px(600), theme().px(boxes * tall + (boxes - 1) * gap + 2 * tokens.S))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._picture is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self.width()
        left = self._column((self._picture.balancer,), 1, width * 0.235)
        middle = self._column(self._picture.nodes, width * 0.345, width * 0.245)
        right = self._column(self._picture.services, width * 0.69, width * 0.31 - 1)
        for place, node, serves in zip(middle, self._picture.nodes, self._picture.serving, strict=True):
            if serves:
                self._line(painter, left[0], place, broken=node.state == "fail")
            for target, service in zip(right, self._picture.services, strict=True):
                self._line(painter, place, target, broken=service.state == "fail")
        boxes = (self._picture.balancer, *self._picture.nodes, *self._picture.services)
        for place, box in zip((*left, *middle, *right), boxes, strict=True):
            _paint_box(painter, place, box)
        painter.end()

    def _column(self, boxes: tuple[Box, ...], x: float, width: float) -> list[QRectF]:
        tall, gap = (theme().px(size) for size in _heights(len(boxes)))
        top = (self.height() - len(boxes) * tall - (len(boxes) - 1) * gap) / 2
        return [QRectF(x, top + index * (tall + gap), width, tall) for index in range(len(boxes))]

    @staticmethod
    def _line(painter: QPainter, start: QRectF, end: QRectF, *, broken: bool) -> None:
        first, last = QPointF(start.right(), start.center().y()), QPointF(end.left(), end.center().y())
        bend = (last.x() - first.x()) / 2
        path = QPainterPath(first)
        path.cubicTo(first + QPointF(bend, 0), last - QPointF(bend, 0), last)
        pen = QPen(theme().color("bad" if broken else "line"), 1.5)
        if broken:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)


def _heights(boxes: int) -> tuple[int, int]:
    return (_TALL, _GAP) if boxes <= _MANY else (_LOW, _NARROW_GAP)


def _paint_box(painter: QPainter, place: QRectF, box: Box) -> None:
    look = theme()
    pen = QPen(look.color(_BORDERS.get(box.state, "line")), 1.5)
    if box.state in {UNTESTED, "stale"}:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(look.color("surface"))
    painter.drawRoundedRect(place, look.px(tokens.CARD_RADIUS), look.px(tokens.CARD_RADIUS))
    side, pad = look.px(tokens.ICON), look.px(10)
    icons.draw(painter, box.state, QRectF(place.left() + pad, place.center().y() - side / 2, side, side))
    x = place.left() + 2 * pad + side
    room = place.right() - pad / 2 - x
    for role, size, bold, text, offset in (
        ("text", tokens.SMALL, True, box.title, -0.5),
        ("muted", tokens.TINY, False, box.fact, 0.5),
    ):
        painter.setFont(look.font(size, bold=bold))
        painter.setPen(look.color(role))
        metrics = painter.fontMetrics()
        height = metrics.height() + 1
        area = QRectF(x, place.center().y() + (offset - 0.5) * height, room, height)
        painter.drawText(
            area, Qt.AlignmentFlag.AlignVCenter, metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room))
        )
