"""The lines of a unified diff in colours: what comes, what goes, and where."""

from __future__ import annotations

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from wizard.gui.theme import theme


class DiffColours(QSyntaxHighlighter):
    """Colours each line by its first sign; anew when the theme changes."""

    def __init__(self, document: QTextDocument) -> None:
        """Colour `document`."""
        super().__init__(document)
        theme().changed.connect(self.rehighlight)

    def highlightBlock(self, text: str) -> None:
        palette = theme().palette
        colours = {"+": (palette.ok, palette.ok_soft), "-": (palette.bad, palette.bad_soft), "@": (palette.muted, "")}
        front, ground = colours.get(text[:1], ("", ""))
        if not front:
            return
        form = QTextCharFormat()
        form.setForeground(QColor(front))
        if ground:
            form.setBackground(QColor(ground))
        self.setFormat(0, len(text), form)
