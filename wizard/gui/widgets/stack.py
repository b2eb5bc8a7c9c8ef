"""Widgets below one another, each as tall as it wants to be: whatever happens meanwhile, none is ever squashed."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from wizard.gui.theme import theme
from wizard.gui.widgets.basics import keep_painted


class Stack(QWidget):
    """Places what it holds by itself.

    Qt's own layout would press a new widget into the room that there was, resize all the others for it, and put that
    right later: with cards of many lines that takes its time, and can be seen.
    """

    def __init__(self, gap: int) -> None:
        """Begin empty; `gap` grows with the text."""
        super().__init__()
        self._gap = theme().px(gap)
        self._order: list[QWidget] = []
        self._heights: dict[QWidget, dict[int, int]] = {}
        """The heights of each widget by widths, as far as they were asked for since it changed."""
        self._asked: tuple[int, int] = 0, 0
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        keep_painted(self)

    def put(self, widget: QWidget, at: int) -> None:
        """Put a widget, one that is held or a new one, at a place."""
        if widget in self._heights:
            self._order.remove(widget)
        else:
            widget.setParent(self)
            widget.ensurePolished()  # its texts have their sizes before it is measured
            widget.installEventFilter(self)
            self._heights[widget] = {}
        self._order.insert(at, widget)
        self._arrange()
        widget.show()

    def take(self, widget: QWidget) -> None:
        """Let go of a widget."""
        self._order.remove(widget)
        del self._heights[widget]
        widget.hide()
        widget.deleteLater()
        self._arrange()

    def held(self, at: int) -> QWidget | None:
        """Return the widget at a place, if there is one."""
        return self._order[at] if at < len(self._order) else None

    def heightForWidth(self, width: int) -> int:
        heights = [self._tall(each, width) for each in self._order]
        return sum(heights) + self._gap * max(0, len(heights) - 1)

    def sizeHint(self) -> QSize:
        return QSize(self.minimumSizeHint().width(), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(max((each.minimumSizeHint().width() for each in self._order), default=0), 0)

    def eventFilter(self, widget: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest and isinstance(widget, QWidget):
            self._heights.get(widget, {}).clear()
            if widget in self._heights and self._tall(widget, self.width()) != widget.height():
                # what asks this stack for another size may have come before, when the former height was still known
                QCoreApplication.postEvent(self, QEvent(QEvent.Type.LayoutRequest))
        return super().eventFilter(widget, event)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:  # a widget here wants another size
            self._arrange()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._place()

    def _arrange(self) -> None:
        """Place all anew, and ask for the room that they take, if that is another one now."""
        self._place()
        asks = self.minimumSizeHint().width(), self.heightForWidth(self.width())
        if asks != self._asked:
            self._asked = asks
            self.updateGeometry()

    def _place(self) -> None:
        y, width = 0, self.width()
        for each in self._order:
            height = self._tall(each, width)
            each.setGeometry(QRect(0, y, width, height))
            y += height + self._gap

    def _tall(self, widget: QWidget, width: int) -> int:
        """Return the height that a widget wants at a width."""
        known = self._heights[widget]
        if width not in known:
            wanted = widget.heightForWidth(width) if widget.hasHeightForWidth() else widget.sizeHint().height()
            known[width] = max(wanted, widget.minimumHeight())
        return known[width]
