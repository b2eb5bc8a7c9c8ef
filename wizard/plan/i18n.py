"""The one place through which every text for people passes, so that a face can translate it.

The rooms below the faces know no Qt. They call `tr`, and the window installs Qt's translation behind it.
"""

from __future__ import annotations

from collections.abc import Callable

Translate = Callable[[str], str]


class _Words:
    """The translation in force; the source text itself until a face installs another."""

    translate: Translate = staticmethod(lambda source: source)


def install(translate: Translate) -> None:
    """Let `translate` turn every source text into the reader's language from now on."""
    _Words.translate = staticmethod(translate)


def tr(source: str, /, **values: object) -> str:
    """Return `source` in the reader's language, with `values` put into its `{named}` places."""
    text = _Words.translate(source)
    return text.format(**values) if values else text


def mark(source: str, /) -> str:
    """Mark a text for translation that is shown later through `tr` (declarations, tables)."""
    return source
