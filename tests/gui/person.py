"""A person at the window: they see what is painted, click on it, turn the wheel and press keys, and each is counted.

Nothing is called on what is ours. Events go to the window, which finds by itself whom they are for.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QListWidget, QPushButton, QScrollArea, QWidget
from pytestqt import exceptions
from pytestqt.qtbot import QtBot

from tests.gui.room import cut, overlapping, sideways
from tests.patience import patience
from wizard.gui.shell import Shell
from wizard.gui.widgets.inputs import Segments

SIZES = ((1024, 700), (1280, 800))
_NOTCH = 120
"""What one turn of a wheel's notch says, in Qt's eighths of a degree."""
_MOST_NOTCHES = 60
_MOMENT = 10.0
"""Seconds in which a page comes to its shape on a quiet machine."""
NO_KEY = Qt.KeyboardModifier.NoModifier


class Person:
    """Counts `clicks`, `keys` (those of the values typed apart) and `notches` of the wheel."""

    def __init__(
        self, window: Shell, qtbot: QtBot, pictures: Path, journey: str, sizes: tuple[tuple[int, int], ...]
    ) -> None:
        """Sit down before `window`; pictures of it in these sizes go into the folder `pictures`, named by `journey`."""
        self.window, self._qtbot = window, qtbot
        self._pictures, self._journey, self._sizes = pictures, journey, sizes
        self.clicks = self.keys = self.notches = 0
        self.wrongs: list[str] = []

    def wait(self, until: Callable[[], bool]) -> None:
        """Watch until something is so, and the window rests."""
        self._qtbot.waitUntil(until)

    def rest(self) -> None:
        """Wait until nothing moves any more."""
        self.wait(lambda: self.window.session.background.idle)

    def sees(self, name: str) -> bool:
        """Whether a thing of this name is shown."""
        return bool(self._all(name))

    def thing(self, name: str) -> QWidget:
        """Return the one thing of this name that is shown, be it below what is in sight."""
        found = self._all(name)
        assert len(found) == 1, (name, found)
        return found[0]

    def click(self, name: str, at: str | int = "") -> None:
        """Click on a thing, on the line of a list with the text `at`, or on the choice at this place of a few."""
        widget = self.thing(name)
        if isinstance(widget, Segments):
            widget = widget.button(int(at))
        where = widget.rect()
        if isinstance(widget, QListWidget):
            item = next(item for item in widget.findItems(str(at), Qt.MatchFlag.MatchContains))
            where, widget = widget.visualItemRect(item), widget.viewport()
        self._seek(widget, where)
        self._click(widget, where.center())
        if isinstance(widget, QComboBox) and at != "":  # there was no room for the few beside one another
            self.press(Qt.Key.Key_Home)
            self.press(Qt.Key.Key_Down, times=int(at))
            self.press(Qt.Key.Key_Return)

    def press(self, key: Qt.Key, with_: Qt.KeyboardModifier = NO_KEY, times: int = 1) -> None:
        """Press a key."""
        for _ in range(times):
            self.keys += 1
            QTest.keyClick(self._in_front(), key, with_)

    def type(self, text: str) -> None:
        """Type a value into what has the focus."""
        for sign in text:
            QTest.keyClick(self._in_front(), Qt.Key.Key_Return if sign == "\n" else ord(sign))

    def picture(self, name: str) -> None:
        """Keep a picture of the window in each size, and note what is cut in it or lies on something else.

        Of a dialog that is open it is one of the dialog, in its own size.
        """
        self.rest()
        dialog = QApplication.activeModalWidget()
        if dialog is not None:
            self._keep(dialog, name)
            return
        former = self.window.size()
        for width, height in self._sizes:
            self.window.resize(width, height)
            self.rest()
            self._keep(self.window, f"{name}-{width}x{height}")
        self.window.resize(former)
        self.rest()

    def _keep(self, shown: QWidget, name: str) -> None:
        QApplication.processEvents()
        with contextlib.suppress(exceptions.TimeoutError):  # a note that has just changed is laid out in a moment
            self._qtbot.waitUntil(lambda: not _wrong(shown), timeout=int(patience(_MOMENT) * 1000))
        self.wrongs += [f"{name}: {wrong}" for wrong in _wrong(shown)]
        path = self._pictures / f"{self._journey}-{name}.png"
        assert shown.grab().save(str(path)), path

    def _in_front(self) -> QWindow:
        """Return the window that has the focus; when a dialog has gone, as a window manager gives it back."""
        if QGuiApplication.focusWindow() is None:
            self.window.activateWindow()
            self.wait(self.window.isActiveWindow)
        found = QGuiApplication.focusWindow()
        assert found is not None
        return found

    @staticmethod
    def _all(name: str) -> list[QWidget]:
        return [each for each in QApplication.allWidgets() if each.objectName() == name and each.isVisible()]

    def _seek(self, widget: QWidget, where: QRect) -> None:
        """Turn the wheel until the middle of a thing is in sight."""
        for _ in range(_MOST_NOTCHES):
            QApplication.processEvents()
            if widget.visibleRegion().contains(where.center()):
                return
            area = self._scrolled(widget)
            below = widget.mapTo(area.viewport(), where.center()).y() > area.viewport().height() // 2
            at = area.viewport().mapTo(widget.window(), QPoint(4, area.viewport().height() // 2))  # a field would turn
            self.notches += 1
            QTest.wheelEvent(_handle(widget), at.toPointF(), QPoint(0, -_NOTCH if below else _NOTCH))
        raise AssertionError(f"{widget.objectName()} does not come into sight")

    @staticmethod
    def _scrolled(widget: QWidget) -> QScrollArea:
        above = widget.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        assert isinstance(above, QScrollArea), f"{widget.objectName()} is out of sight"
        return above

    def _click(self, widget: QWidget, where: QPoint) -> None:
        top = widget.window()
        point = widget.mapTo(top, where)
        hit = top.childAt(point)
        assert hit is not None
        assert hit is widget or widget.isAncestorOf(hit), f"{hit} lies over {widget.objectName()}"
        assert not isinstance(widget, QPushButton) or widget.isEnabled(), widget.objectName()
        self._in_front()
        self.clicks += 1
        QTest.mouseClick(_handle(widget), Qt.MouseButton.LeftButton, NO_KEY, point)


def _wrong(shown: QWidget) -> list[str]:
    return cut(shown) + overlapping(shown) + sideways(shown)


def _handle(widget: QWidget) -> QWindow:
    found = widget.window().windowHandle()
    assert found is not None
    return found
