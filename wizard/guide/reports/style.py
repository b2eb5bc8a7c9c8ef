"""How a text for people looks: plain, or with the colours of a terminal."""

from __future__ import annotations

from unicodedata import combining, east_asian_width

from wizard.dataclass import dataclass
from wizard.pattern import pattern
from wizard.plan.finding import Severity
from wizard.plan.i18n import mark

WORDS = {
    Severity.PASS: mark("ok"),
    Severity.INFO: mark("info"),
    Severity.WARN: mark("warning"),
    Severity.FAIL: mark("FAILED"),
    Severity.SKIP: mark("skipped"),
    Severity.UNKNOWN: mark("unknown"),
}
_COLOURS = {
    Severity.PASS: "32",
    Severity.INFO: "36",
    Severity.WARN: "33",
    Severity.FAIL: "1;31",
    Severity.SKIP: "2",
    Severity.UNKNOWN: "35",
}
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_OPENS = "\uff08\u300c\u300e\u300a\u3010\u201c"  # the brackets and quotation marks of Chinese
_CLOSES = "\uff0c\u3002\u3001\uff1b\uff1a\uff1f\uff09\u300d\u300f\u300b\u3011\u201d"  # and its marks that end something
_WORD = pattern(rf"[{_OPENS}]*(?:[{_WIDE}]|[^\s{_WIDE}{_OPENS}]+)[{_CLOSES}]*\s*|\S\s*|\s+")
"""What is not broken: a word or one sign of Chinese, with the marks that open before it and close behind it."""
_LEAST = 20
"""Columns that a text gets on a terminal however narrow."""
_PAINT = pattern(r"\x1b\[[\d;]*m")
_CONTROL = pattern(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and marks that turn the order of letters around (Unicode's annex 9, 2.1 to 2.4)."""


@dataclass(frozen=True, slots=True)
class Style:
    """Whether to use colours, and the width to wrap at in characters (None: do not wrap)."""

    colours: bool = False
    width: int | None = None

    def severity(self, text: str, severity: Severity) -> str:
        """Colour a text by a severity."""
        return self._painted(text, _COLOURS[severity])

    def bold(self, text: str) -> str:
        """Make a text stand out."""
        return self._painted(text, "1")

    def faint(self, text: str) -> str:
        """Let a text step back."""
        return self._painted(text, "2")

    def _painted(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colours and text else text


def columns(text: str) -> int:
    """Return how many columns a text takes: two for each sign of Chinese, none for what combines or colours."""
    return sum(0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in _PAINT.sub("", text))


def filled(text: str, width: int) -> str:
    """Return a text with blanks behind it, so that it takes `width` columns of a terminal."""
    return text + " " * (width - columns(text))


def cut(text: str, width: int) -> str:
    """Return as much of a text as `width` columns of a terminal show, with an ellipsis where something is left out."""
    if columns(text) <= width:
        return text
    while text and columns(text) > width - 1:
        text = text[:-1]
    return f"{text}…" if width > 0 else ""


def broken(text: str, width: int) -> list[str]:
    """Return a line in lines of at most `width` columns of a terminal, as far as its words allow.

    A break comes at a blank, or between two signs of Chinese, but not before one that closes or behind one that opens.
    """
    lines, line = [], ""
    for word in _WORD.findall(text):
        if line and columns(line + word.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += word
    return [*lines, line.rstrip()]


def printable(text: str) -> str:
    """Return a text without control characters: what a server said steers no terminal, and reads as it is."""
    return _CONTROL.sub("\ufffd", text)


def escaped(json: str) -> str:
    """Return a JSON document in which such characters are written as JSON's escapes: its data stay as they are."""
    return _CONTROL.sub(lambda sign: f"\\u{ord(sign[0]):04x}", json)


def wrapped(text: str, indent: int, style: Style) -> list[str]:
    """Return the lines of a text, on a terminal no longer than its width."""
    lines = printable(text).splitlines()
    if style.width is None:
        return lines
    width = max(style.width - indent, _LEAST)
    return [part for line in lines for part in broken(line, width)]
