"""The map as a file: SVG and PNG with the boxes and lines of the HTML report's. Not for the window's thread."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter

from wizard.guide.diagram import Diagram


def write_svg(drawn: Diagram, path: Path) -> None:
    """Write the picture as SVG, in the place of an earlier file in one step; raises OSError."""
    from wizard.guide.drawing.svg import svg
    from wizard.guide.reports.report import write

    write(path, svg(drawn))


def write_png(image: QImage, path: Path) -> None:
    """Write a picture of the map as PNG, in the place of an earlier file in one step; raises OSError."""
    from wizard.guide.reports.report import write_bytes

    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, QByteArray(b"png")).write(image):
        raise OSError("PNG")
    write_bytes(path, bytes(held.data()))
