"""Tips: Qt takes a text that looks like HTML for it, and loads the pictures that it names, from wherever they are."""

from __future__ import annotations

from PySide6.QtGui import Qt


def plain_tip(text: str) -> str:
    """Return a text that came from outside as a tip that shows its signs."""
    if not Qt.mightBeRichText(text):
        return text
    from html import escape  # most texts do not look so

    return f'<span style="white-space: pre-wrap">{escape(text)}</span>'
