"""The map: balancer, nodes and services from left to right, painted with their states; a click leads to the step."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QGroupBox, QSizePolicy, QStyle, QWidget

from wizard.gui import tokens
from wizard.gui.theme import theme
from wizard.gui.widgets import map_painting
from wizard.gui.widgets.map_items import MapItem, MapItems
from wizard.gui.widgets.map_painting import FONTS, area
from wizard.guide import flow
from wizard.guide.diagram import RUNNING, Box, Diagram
from wizard.guide.drawing.places import LINE, Places, icon_place, places
from wizard.guide.drawing.ways import Placed
from wizard.plan.i18n import tr

_USUAL = 600
_TURN, _STEP = 100, 30
"""Milliseconds and degrees by which the icon of what is being tested goes round."""


class ClusterMap(QGroupBox):
    """Shows one picture; its words are its accessible description. `asked` names the step of a box, and its subject.

    Each box has an item that takes the focus and can be read. The arrow keys go from one to the next, which `reached`
    tells; Enter, or a click, asks for what was found of a box.
    """

    asked = Signal(str, str)
    reached = Signal(QWidget)

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
        self._items = MapItems(self)
        self._pointer: QPointF | None = None
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
        if not self._has_place or self.heightForWidth(self.width()) != before:
            self.updateGeometry()
        if self._has_place:
            self._place_items()
        if running and moves(self):
            self._clock.start()
        else:
            self._clock.stop()
        self.update()

    @property
    def _has_place(self) -> bool:
        """Whether its width is one that it was given: all boxes are placed anew for each that is asked for."""
        return self.testAttribute(Qt.WidgetAttribute.WA_Resized)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_items()

    @property
    def items(self) -> list[MapItem]:
        """What can be focused and read of the boxes, in their order."""
        return self._items.all

    @property
    def current(self) -> Placed | None:
        """The box that has the focus."""
        boxes = self.places.all if self.places else ()
        return next((one for item, one in zip(self.items, boxes, strict=False) if item.hasFocus()), None)

    def _place_items(self) -> None:
        places = self.places
        for item in self._items.follow(places.all if places else ()):
            item.turned.connect(self.update)
            item.moved.connect(lambda way: self.reached.emit(self._items.move(way)))
            item.jumped.connect(lambda end: self.reached.emit(self._items.jump(end)))
            item.clicked.connect(lambda _on=False, item=item: self._ask(item.box))

    def _ask(self, box: Box) -> None:
        self.asked.emit(box.step, box.subject)

    @property
    def places(self) -> Places | None:
        """Where the boxes stand now."""
        return self._places(self.width())

    def _places(self, width: int) -> Places | None:
        """Return where the boxes stand at a width; reckoned once, as Qt asks again and again."""
        if self._picture and width not in self._known:
            self._known[width] = places(self._picture, width, FONTS)
        return self._known.get(width)

    def sizeHint(self) -> QSize:
        width = theme().px(_USUAL)
        return QSize(width, self.heightForWidth(self.width() if self._has_place else width))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(tokens.LABEL), 0)

    def heightForWidth(self, width: int) -> int:
        places = self._places(width)
        return max(round(places.height), self._least) if places else 0

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._box_at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
        self.setToolTip(tr("Go to {step}", step=tr(flow.step(over.box.step).title)) if over else "")
        self._point_at(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)

    def _point_at(self, point: QPointF | None) -> None:
        before, self._pointer = self._box_at(self._pointer), point
        if self._box_at(point) != before:
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        over = self._box_at(event.position())
        if over and event.button() is Qt.MouseButton.LeftButton:
            self._ask(over.box)

    def _box_at(self, point: QPointF | None) -> Placed | None:
        if point is None or self.places is None:
            return None
        return next((one for one in self.places.all if one.place.has(point.x(), point.y())), None)

    def paintEvent(self, _event: QPaintEvent) -> None:
        self._follow()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        map_painting.paint_turning(painter, [one for one in self._shown if one.box.state == RUNNING], self._turn)
        focused = self.current
        lit = self._box_at(self._pointer) or focused
        if lit and self.places:
            map_painting.paint_ways(painter, self.places.own_ways(lit), "accent", 2)
        if focused:
            map_painting.paint_focus(painter, focused)
        painter.end()

    def _follow(self) -> None:
        """Paint anew what changed, where the boxes stand as they stood, or else all of it."""
        now, ratio = self.places, self.devicePixelRatioF()
        boxes, ways = (now.all, now.ways) if now else ((), ())
        drawn = self.size(), theme().palette, ratio, [one.place for one in boxes], ways
        anew = drawn != self._drawn
        if not anew:
            changed = [one for one, old in zip(boxes, self._shown, strict=True) if one != old]
        else:
            self._drawn, changed = drawn, []
            self._pixmap = QPixmap(self.size() * ratio)
            self._pixmap.setDevicePixelRatio(ratio)
            self._pixmap.fill(Qt.GlobalColor.transparent)
        self._shown = boxes
        painter = QPainter(self._pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if anew and now:
            map_painting.paint(painter, now)
        for one in changed:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.fillRect(
                area(one.place).adjusted(-LINE / 2, -LINE / 2, LINE / 2, LINE / 2), Qt.GlobalColor.transparent
            )
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            map_painting.paint_box(painter, one)
        painter.end()

    def _go_round(self) -> None:
        """Let the icons of what is being tested move on, as long as somebody sees it."""
        self._turn = (self._turn + _STEP) % 360
        for one in self._shown:
            if one.box.state == RUNNING:
                self.update(area(icon_place(one, FONTS)).toAlignedRect())


def moves(widget: QWidget) -> bool:
    """Whether system and desktop let things move: some people are made ill by it."""
    return (
        not theme().still and widget.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, widget) > 0
    )
