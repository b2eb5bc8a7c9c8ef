"""Version numbers, compared by their first three parts."""

from __future__ import annotations

import re


def numbers(version: str) -> tuple[int, ...]:
    """Give the first run of dotted numbers in `version` (`15.18 (Debian …)` gives 15, 18); empty if there is none."""
    match = re.search(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in match[0].split(".")) if match else ()


def at_least(version: str, least: tuple[int, ...]) -> bool:
    """Whether `version` is `least` or newer; a version without a number is not."""
    return numbers(version) >= least
