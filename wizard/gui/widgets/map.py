"""The map: balancer, nodes and services from left to right, painted with their states; a click leads to the step."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QBrush,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from wizard.gui import icons, tokens
from wizard.gui.theme import theme
from wizard.gui.widgets import map_places
from wizard.gui.widgets.map_places import Placed, Places
from wizard.guide import flow
from wizard.guide.diagram import RUNNING, Diagram
from wizard.guide.status import STALE, UNTESTED
from wizard.plan.i18n import tr

_BORDERS = {"running": "accent", "pass": "ok", "warn": "warn", "fail": "bad", "unknown": "unknown"}
"""The colours of borders by states; of any other state it is that of controls, which can be seen."""
_WAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
_USUAL = 600
_LINE = 1.5
"""Pixels of a box's border."""
_TURN, _STEP = 100, 30
"""Milliseconds and degrees by which the icon of what is being tested goes round."""
_SHARP = 2
"""Pixels of a saved picture for one of the map's, each way."""


class ClusterMap(QWidget):
    """Shows one picture; its words are its accessible description. `asked` names the step of a box that was clicked.

    The arrow keys go from box to box; the one that they are at is the widget's accessible name, and Enter opens it.
    """

    asked = Signal(str)

    def __init__(self) -> None:
        """Begin with nothing to show."""
        super().__init__()
        self._picture: Diagram | None = None
        self._known: dict[int, Places] = {}
        self._drawn: object = None
        self._shown: tuple[Placed, ...] = ()
        self._least = 0
        """The height below which it does not shrink while a run goes on: what stands below would jump."""
        self._turn = 0
        self._clock = QTimer(self, interval=_TURN)
        self._clock.timeout.connect(self._go_round)
        self._pixmap = QPixmap()
        self.setObjectName("map")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._at = 0
        self.setAccessibleName(tr("The cluster"))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_picture(self, picture: Diagram) -> None:
        """Show `picture` from now on."""
        if picture == self._picture:
            return
        before = self.heightForWidth(self.width())
        self._picture = picture
        self._known.clear()
        running = any(box.state == RUNNING for box in (picture.balancer, *picture.nodes, *picture.services))
        self._least = before if running else 0
        if picture.words != self.accessibleDescription():
            self.setAccessibleDescription(picture.words)
        self._name_current()
        if self.heightForWidth(self.width()) != before:
            self.updateGeometry()
        if running and moves(self):
            self._clock.start()
        else:
            self._clock.stop()
        self.update()

    @property
    def current(self) -> Placed | None:
        """The box that the keys are at."""
        places = self.places
        return places.all[min(self._at, len(places.all) - 1)] if places else None

    def open_current(self) -> None:
        """Lead to the step of the box that the keys are at."""
        if self.current:
            self.asked.emit(self.current.box.step)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        places, way = self.places, _WAYS.get(Qt.Key(event.key()))
        if places and way:
            self._at = min(max(0, self._at + way), len(places.all) - 1)
            self._name_current()
            self.update()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._name_current()

    def _name_current(self) -> None:
        at = self.current
        name = at.box.words if at and self.hasFocus() else tr("The cluster")
        if name != self.accessibleName():
            self.setAccessibleName(name)

    @property
    def places(self) -> Places | None:
        """Where the boxes stand now."""
        return self._places(self.width())

    def _places(self, width: int) -> Places | None:
        """Return where the boxes stand at a width; reckoned once, as Qt asks again and again."""
        if self._picture and width not in self._known:
            self._known[width] = map_places.places(self._picture, width)
        return self._known.get(width)

    def sizeHint(self) -> QSize:
        width = theme().px(_USUAL)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(tokens.LABEL), 0)

    def heightForWidth(self, width: int) -> int:
        places = self._places(width)
        return max(round(places.height), self._least) if places else 0

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        step = self._step_at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if step else Qt.CursorShape.ArrowCursor)
        self.setToolTip(tr("Go to {step}", step=tr(flow.step(step).title)) if step else "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        step = self._step_at(event.position())
        if step and event.button() is Qt.MouseButton.LeftButton:
            self.asked.emit(step)

    def _step_at(self, point: QPointF) -> str:
        places = self.places
        boxes = places.all if places else ()
        return next((one.box.step for one in boxes if one.place.contains(point)), "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        self._follow()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for one in self._shown:
            if one.box.state == RUNNING:
                _paint_icon(painter, one, self._turn)
        if self.hasFocus() and self.current:
            painter.setPen(QPen(theme().color("accent"), 2))
            radius = theme().px(tokens.CARD_RADIUS)
            painter.drawRoundedRect(self.current.place.adjusted(-3, -3, 3, 3), radius, radius)
        painter.end()

    def _follow(self) -> None:
        """Paint anew what changed, where the boxes stand as they stood, or else all of it."""
        places, ratio = self.places, self.devicePixelRatioF()
        boxes = places.all if places else ()
        ways = [one.box.state == "fail" for one in places.services] if places else []
        serving = self._picture.serving if self._picture else ()
        drawn = self.size(), theme().palette.dark, ratio, [one.place for one in boxes], ways, serving
        if drawn == self._drawn:
            changed = [one for one, old in zip(boxes, self._shown, strict=True) if one != old]
        else:
            self._drawn, changed = drawn, []
            self._pixmap = QPixmap(self.size() * ratio)
            self._pixmap.setDevicePixelRatio(ratio)
            self._pixmap.fill(Qt.GlobalColor.transparent)
            self._draw(self._pixmap)
        self._shown = boxes
        painter = QPainter(self._pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for one in changed:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.fillRect(
                one.place.adjusted(-_LINE / 2, -_LINE / 2, _LINE / 2, _LINE / 2), Qt.GlobalColor.transparent
            )
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            _paint_box(painter, one, still=False)
        painter.end()

    def _go_round(self) -> None:
        """Let the icons of what is being tested move on, as long as somebody sees it."""
        self._turn = (self._turn + _STEP) % 360
        for one in self._shown:
            if one.box.state == RUNNING:
                self.update(_icon_place(one).toAlignedRect())

    def image(self) -> QImage:
        """Return the picture as it is in sight, sharp enough to be printed."""
        drawn = QPixmap(self.size() * _SHARP)
        drawn.setDevicePixelRatio(_SHARP)
        drawn.fill(theme().color("window"))
        self._draw(drawn, still=True)
        return drawn.toImage()

    def _draw(self, on: QPixmap, *, still: bool = False) -> None:
        places = self.places
        if self._picture is None or places is None:
            return
        painter = QPainter(on)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if places.stacked:
            _paint_ways_down(painter, places)
        elif places.frame:
            _paint_bundles(painter, places, places.frame)
        else:
            _paint_ways(painter, places, self._picture.serving)
        for one in places.all:
            _paint_box(painter, one, still=still)
        painter.end()


def _paint_ways(painter: QPainter, places: Places, serving: tuple[bool, ...]) -> None:
    """Join the balancer with the nodes that serve, and each node with each service."""
    for node, serves in zip(places.nodes, serving, strict=True):
        if serves:
            _paint_way(painter, places.balancer[0].place, node.place, broken=node.box.state == "fail")
        for service in places.services:
            _paint_way(painter, node.place, service.place, broken=service.box.state == "fail")


def _paint_bundles(painter: QPainter, places: Places, frame: QRectF) -> None:
    """Join the balancer with the frame of the nodes, and the frame with each service by one line."""
    painter.setPen(QPen(theme().color("control"), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(frame, theme().px(tokens.CARD_RADIUS), theme().px(tokens.CARD_RADIUS))
    _paint_way(painter, places.balancer[0].place, frame, broken=False)
    for service in places.services:
        _paint_way(painter, frame, service.place, broken=service.box.state == "fail")


def _paint_way(painter: QPainter, start: QRectF, end: QRectF, *, broken: bool) -> None:
    first, last = QPointF(start.right(), start.center().y()), QPointF(end.left(), end.center().y())
    bend = (last.x() - first.x()) / 2
    path = QPainterPath(first)
    path.cubicTo(first + QPointF(bend, 0), last - QPointF(bend, 0), last)
    pen = QPen(theme().color("bad" if broken else "control"), 1.5)
    if broken:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


def _paint_ways_down(painter: QPainter, places: Places) -> None:
    """Join the tiers by a line from each to the next."""
    tiers = [tier for tier in (places.balancer, places.nodes, places.services) if tier]
    painter.setPen(QPen(theme().color("control"), 1.5))
    for upper, lower in pairwise(tiers):
        x = places.balancer[0].place.center().x()
        painter.drawLine(QPointF(x, upper[-1].place.bottom()), QPointF(x, lower[0].place.top()))


def moves(widget: QWidget) -> bool:
    """Whether the system lets things move: some people are made ill by it."""
    return widget.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, widget) > 0


def _icon_place(one: Placed) -> QRectF:
    side, left = theme().px(tokens.ICON), map_places.words_left()
    return QRectF(one.place.left() + (left - side) / 2, one.place.center().y() - side / 2, side, side)


def _paint_icon(painter: QPainter, one: Placed, turn: int = 0) -> None:
    place = _icon_place(one)
    painter.save()
    painter.translate(place.center())
    painter.rotate(turn)
    icons.draw(painter, one.box.state, place.translated(-place.center()))
    painter.restore()


def _paint_box(painter: QPainter, one: Placed, *, still: bool) -> None:
    """Paint a box; the icon of what is being tested is left out, as it moves, unless the picture stands `still`."""
    look, place = theme(), one.place
    pen = QPen(look.color(_BORDERS.get(one.box.state, "control")), _LINE)
    if one.box.state in {UNTESTED, STALE}:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(look.color("surface"))
    painter.drawRoundedRect(place, look.px(tokens.CARD_RADIUS), look.px(tokens.CARD_RADIUS))
    if one.box.state == STALE:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(look.color("line"), Qt.BrushStyle.BDiagPattern))
        painter.drawRoundedRect(place, look.px(tokens.CARD_RADIUS), look.px(tokens.CARD_RADIUS))
    if still or one.box.state != RUNNING:
        _paint_icon(painter, one)
    left = map_places.words_left()
    titles, facts = map_places.title_metrics().height(), map_places.fact_metrics().height()
    y = place.center().y() - (len(one.title) * titles + len(one.fact) * facts) / 2
    for role, size, bold, tall, lines in (
        ("text", tokens.SMALL, True, titles, one.title),
        ("muted", tokens.TINY, False, facts, one.fact),
    ):
        painter.setFont(look.font(size, bold=bold))
        painter.setPen(look.color(role))
        for line in lines:
            area = QRectF(place.left() + left, y, place.width() - left, tall)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, line)
            y += tall
