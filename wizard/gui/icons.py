"""Icons from `resources/icons`, tinted with tokens. A state never shows by its icon alone: words stand beside it."""

from __future__ import annotations

from functools import lru_cache
from math import floor

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QPushButton, QWidget

from wizard import resources
from wizard.gui import tokens
from wizard.gui.theme import theme
from wizard.gui.tips import plain_tip

TINTS = {
    "pass": ("ok", "ok_soft"),
    "warn": ("warn", "warn_soft"),
    "fail": ("bad", "bad_soft"),
    "unknown": ("unknown", "unknown_soft"),
    "info": ("accent", "accent_soft"),
    "skip": ("muted", "sunken"),
    "stale": ("muted", "sunken"),
    "todo": ("control", "surface"),
    "current": ("accent", "accent_soft"),
    "running": ("accent", "line"),
    "app": ("on_accent", "accent"),
}
"""The tokens each state icon wears: its lines, and the disc behind them. Others are drawn in `muted`."""


@lru_cache(maxsize=128)
def _renderer(name: str, line: str, soft: str) -> QSvgRenderer:
    drawing = resources.text(f"icons/{name}.svg").replace("currentColor", line).replace("softColor", soft)
    return QSvgRenderer(QByteArray(drawing.encode()))


@lru_cache(maxsize=512)
def _drawn(name: str, line: str, soft: str, place: tuple[float, float, float, float], ratio: int) -> QPixmap:
    """Return an icon as it looks at a place that begins within its first pixel: a copy takes a tenth of drawing it."""
    x, y, width, height = place
    pixmap = QPixmap(QSize(floor(x + width) + 1, floor(y + height) + 1) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _renderer(name, line, soft).render(painter, QRectF(x, y, width, height))
    painter.end()
    return pixmap


def draw(painter: QPainter, name: str, place: QRectF, tint: str = "") -> None:
    """Paint an icon into `place`; `tint` is a token for its lines, if not its own."""
    of_line, of_soft = TINTS.get(name, ("muted", "surface"))
    palette, ratio = theme().palette, painter.device().devicePixelRatioF()
    line, soft = getattr(palette, tint or of_line), getattr(palette, of_soft)
    if not painter.worldTransform().isIdentity() or ratio != int(ratio):  # a copy would not meet the pixels
        _renderer(name, line, soft).render(painter, place)
        return
    left, top = floor(place.x()), floor(place.y())
    within = place.x() - left, place.y() - top, place.width(), place.height()
    painter.drawPixmap(QPointF(left, top), _drawn(name, line, soft, within, int(ratio)))


def icon(name: str, tint: str = "") -> QIcon:
    """Return an icon for a button, in the colours of now."""
    result = QIcon()
    for ratio in (1, 2):
        pixels = theme().px(tokens.ICON) * ratio
        pixmap = QPixmap(QSize(pixels, pixels))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        draw(painter, name, QRectF(0, 0, pixels, pixels), tint)
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # else the style colours that of a chosen row
            result.addPixmap(pixmap, mode)
    return result


class IconButton(QPushButton):
    """A button with an icon that follows the colours in force."""

    def __init__(self, text: str, name: str, tint: str = "") -> None:
        """Show the icon `name` before `text`; an icon alone needs an accessible name, too."""
        super().__init__(text)
        self._name, self._tint = name, tint
        self.setAutoDefault(False)
        self.setIconSize(QSize(theme().px(tokens.ICON), theme().px(tokens.ICON)))
        theme().changed.connect(self._wear)
        self._wear()

    def _wear(self) -> None:
        self.setIcon(icon(self._name, self._tint))


class StateIcon(QWidget):
    """A state's icon at text height. It says its word to a screen reader, and as its tip."""

    def __init__(self, name: str, words: str = "", parent: QWidget | None = None) -> None:
        """Show the icon `name`; `words` is what a screen reader says."""
        super().__init__(parent)
        self._name = name
        side = theme().px(tokens.ICON)
        self.setFixedSize(side, side)
        self._say(words)

    @property
    def name(self) -> str:
        """The icon shown."""
        return self._name

    def show_state(self, name: str, words: str = "") -> None:
        """Show another state."""
        if (name, words) == (self._name, self.accessibleName()):
            return
        self._name = name
        self._say(words)
        self.update()

    def _say(self, words: str) -> None:
        self.setAccessibleName(words)
        self.setToolTip(plain_tip(words))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw(painter, self._name, QRectF(self.rect()))
        painter.end()
