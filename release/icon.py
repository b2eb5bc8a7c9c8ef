"""The program's icon in its own colours, out of the drawing that the window tints."""

from __future__ import annotations

from pathlib import Path

from wizard import resources
from wizard.gui.tokens import LIGHT

_SIDE = 256
"""Pixels of the picture for systems that take no drawing; PyInstaller makes the system's own kind of it, by Pillow."""


def drawing() -> str:
    """Return the icon as SVG."""
    text = resources.text("icons/app.svg")
    return text.replace("currentColor", LIGHT.on_accent).replace("softColor", LIGHT.accent)


def write(folder: Path) -> str:
    """Write the icon as a picture of points into `folder` and return its path."""
    from PySide6.QtCore import QByteArray, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    picture = QImage(_SIDE, _SIDE, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(drawing().encode())).render(painter)
    painter.end()
    path = folder / "icon.png"
    picture.save(str(path))
    return str(path)
