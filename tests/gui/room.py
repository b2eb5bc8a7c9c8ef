"""Whether every text has the room it needs, and lies on no other."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget


def cut(shell: QWidget) -> list[str]:
    """Return the labels and buttons in sight that are smaller than their text, unless their tip has the whole of it."""
    found = []
    for shown in shell.findChildren(QLabel):
        room, flags = shown.contentsRect(), int(Qt.TextFlag.TextWordWrap) if shown.wordWrap() else 0
        needed = shown.fontMetrics().boundingRect(QRect(0, 0, room.width(), 10_000), flags, QLabel.text(shown))
        if shown.isVisible() and (needed.width() > room.width() + 1 or needed.height() > shown.height() + 1):
            found.append(f"{shown.objectName()}: {shown.text()}")
    for pressed in shell.findChildren(QPushButton):
        least = pressed.minimumSizeHint()
        if pressed.isVisible() and (pressed.width() < least.width() or pressed.height() < least.height() - 1):
            found.append(f"{pressed.objectName()}: {pressed.text()} {pressed.size()} {least}")
    return found


def overlapping(shell: QWidget) -> list[str]:
    """Return the pairs of labels and buttons of one parent in sight that lie on one another."""
    found = []
    for parent in (shell, *shell.findChildren(QWidget)):
        shown = [
            each
            for each in parent.children()
            if isinstance(each, QLabel | QPushButton) and each.isVisible() and not each.geometry().isEmpty()
        ]
        found += [
            f"{one.objectName()} {one.text()} / {other.objectName()} {other.text()}"
            for at, one in enumerate(shown)
            for other in shown[at + 1 :]
            if one.geometry().intersects(other.geometry())
        ]
    return found
