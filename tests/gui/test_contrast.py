"""Texts have a contrast of 4.5:1 at least, borders, rings and lines that say something 3:1 (WCAG 2.2, computed).

Where the system is asked for high contrast it is 7:1 for every text, also of a state on its own ground.
"""

from __future__ import annotations

import re

import pytest

from wizard import resources
from wizard.gui.tokens import DARK, LIGHT, Palette, strong

TEXTS = [
    ("muted", "sunken"),  # the primary button while it rests
    ("muted", "surface"),
    ("muted", "window"),
    ("accent", "window"),  # links
    ("accent", "surface"),
    ("text", "window"),
    ("on_accent", "accent"),
]
LINES = [
    ("control", "window"),  # the lines of the map
    ("control", "surface"),  # the borders of what was not tested
    ("bad", "window"),  # the lines to what fails
    ("accent", "accent_soft"),
    ("accent", "window"),  # the ring around what has the focus
    ("accent", "surface"),
    ("accent", "sunken"),
    ("text", "surface"),  # the ring around the primary button
]


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(palette: Palette, on: str, ground: str) -> float:
    lighter, darker = sorted((_luminance(getattr(palette, name)) for name in (on, ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    "palette", [LIGHT, DARK, strong(LIGHT), strong(DARK)], ids=["light", "dark", "strong-light", "strong-dark"]
)
def test_every_text_and_every_line_that_says_something_can_be_seen(palette: Palette) -> None:
    wanted = [(pair, 4.5) for pair in TEXTS] + [(pair, 3.0) for pair in LINES]
    assert [pair for pair, least in wanted if _contrast(palette, *pair) < least] == []


def test_the_primary_button_at_rest_wears_what_was_computed() -> None:
    [rule] = re.findall(r'QPushButton\[role="primary"\]:disabled \{(.*)\}', resources.text("styles/window.qss"))
    assert "background: $sunken; color: $muted;" in rule


def test_the_picture_of_reports_wears_the_colours_of_the_window() -> None:
    light, _at, dark = resources.text("styles/picture.css").partition("@media (prefers-color-scheme: dark)")
    for palette, sheet in ((LIGHT, light), (DARK, dark)):
        tokens = {getattr(palette, name).lower() for name in palette.__dataclass_fields__ if name != "dark"}
        assert set(re.findall("#[0-9a-f]{6}", sheet)) - tokens == set()


_GROUNDS = ("window", "surface", "sunken", "accent_soft", "ok_soft", "warn_soft", "bad_soft", "unknown_soft")
STRONG = [
    *(("text", ground) for ground in _GROUNDS),
    *((words, ground) for words in ("muted", "accent", "accent_strong") for ground in _GROUNDS[:4]),
    *(("on_accent", ground) for ground in ("accent", "accent_strong")),
    *(
        (state, ground)
        for state in ("ok", "warn", "bad", "unknown")
        for ground in ("window", "surface", f"{state}_soft")
    ),
]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_high_contrast_is_seven_to_one_and_every_line_can_be_seen(palette: Palette) -> None:
    worn = strong(palette)
    assert [pair for pair in STRONG if _contrast(worn, *pair) < 7] == []
    assert [pair for pair in (*LINES, ("line", "surface"), ("line", "window")) if _contrast(worn, *pair) < 3] == []
