"""All colours, sizes and distances of the window, by name. Nothing else in the window names a colour or a pixel.

Contrast, computed: every text on its ground is 5.4:1 or more in light and 5.8:1 or more in dark, borders of controls
3.1:1 or more (WCAG 2.2 asks 4.5:1 and 3:1).
"""

from __future__ import annotations

from dataclasses import asdict

from wizard.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """One colour scheme. `…_soft` is the quiet ground of a state, `on_…` what is written on a colour."""

    dark: bool
    window: str
    surface: str
    sunken: str
    line: str
    control: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_soft: str
    accent_strong: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    unknown: str
    unknown_soft: str


LIGHT = Palette(
    dark=False,
    window="#F5F6F8",
    surface="#FFFFFF",
    sunken="#ECEEF2",
    line="#D5D9E0",
    control="#858C99",
    text="#1B2230",
    muted="#566072",
    accent="#2457C5",
    on_accent="#FFFFFF",
    accent_soft="#E6EDFB",
    accent_strong="#1B459F",
    ok="#176B3A",
    ok_soft="#E4F3EA",
    warn="#8A5300",
    warn_soft="#FBF0DC",
    bad="#B3261E",
    bad_soft="#FBE9E7",
    unknown="#5B4B9A",
    unknown_soft="#EEEBF8",
)

DARK = Palette(
    dark=True,
    window="#12161D",
    surface="#1A202A",
    sunken="#0E1218",
    line="#323B49",
    control="#77839A",
    text="#E6EAF1",
    muted="#A3ADBD",
    accent="#7FA6FF",
    on_accent="#0C1730",
    accent_soft="#1E2C4A",
    accent_strong="#A3BFFF",
    ok="#6CCB93",
    ok_soft="#16301F",
    warn="#E8B04B",
    warn_soft="#36290F",
    bad="#FF8A80",
    bad_soft="#3B1B1A",
    unknown="#B6A6F2",
    unknown_soft="#282341",
)


_STRONG_LIGHT = {
    "accent": "#153A8A",
    "accent_strong": "#0F2C6B",
    "ok": "#0C4A26",
    "warn": "#5F3900",
    "bad": "#8A1610",
    "unknown": "#43357D",
}
_STRONG_DARK = {
    "accent": "#A8C3FF",
    "accent_strong": "#C6D8FF",
    "ok": "#8FE0B0",
    "warn": "#F5C772",
    "bad": "#FFB0A8",
    "unknown": "#CFC3FA",
}


def strong(palette: Palette) -> Palette:
    """Return the colours for who asks the system for high contrast: every text 7:1 (WCAG 2.2, AAA), lines 3:1.

    Hints stand out as texts do, and separators as borders.
    """
    lines = {"muted": palette.text, "line": palette.control, "control": palette.text}
    states = _STRONG_DARK if palette.dark else _STRONG_LIGHT
    return Palette(**{**asdict(palette), **lines, **states})


# Distances, in pixels at the usual text size; they grow with the text (see Theme.px).
XS, S, M, L, XL, XXL = 4, 8, 12, 16, 24, 40

CARD_RADIUS = 8
CONTROL = 34
ICON = 18

# Type, in pixels at the usual text size.
TITLE, HEADING, BODY, SMALL, TINY = 22, 15, 14, 13, 12

SIDE = 248
BAR = 64
LABEL = 152
FORM = 720
PAGE = 860
WIDE = 1600
"""Widths of the side, the label column, a whole form, a whole page and one that grows; the height of the bottom bar."""

BESIDE = 640
TWO_COLUMNS = PAGE + 420 + 3 * XXL
CARDS_BESIDE = 2 * 560 + XXL
"""The most width of the findings where they stand beside a form, the width of a page from which on they do, and the
width of two columns of cards from which on they stand beside one another."""

SCROLL_BAR = 12
"""The width of a scroll bar, as the style sheet has it."""

SIDE_SHARE = 0.3
"""The most of the window's width that the side takes, however large the text is."""

NARROW = 560
"""A page of less width has narrow margins."""

MINIMUM = (1024, 700)
USUAL = (1280, 800)
