"""Version numbers of NocoBase and of servers, in their order.

A pre-release of NocoBase is `2.2.0-beta.1` or `2.2.0-alpha.20250801`. Its images add `-full` or `-no-nginx` to a
release, and who builds on one of them what they like: that is a pre-release to the library semver and no version to
packaging, so neither is used.
"""

from __future__ import annotations

import re

from wizard.pattern import pattern

_STAGES = ("alpha", "beta", "rc")
_STAGE = pattern(rf"-({'|'.join(_STAGES)})\b((?:\.[0-9]+)*)")
_PACKED = pattern(rf"v?([0-9]+\.[0-9]+\.[0-9]+(?:-(?:{'|'.join(_STAGES)})\b(?:\.[0-9]+)*+)?+)(?:[-+_.].*)?|v([0-9].*)")
_RELEASE = (len(_STAGES), ())

Order = tuple[tuple[int, ...], tuple[int, tuple[int, ...]]]


def numbers(version: str) -> tuple[int, ...]:
    """Return the first run of dotted numbers in `version` (`15.18 (Debian …)` gives 15, 18); empty if there is none."""
    match = re.search(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in match[0].split(".")) if match else ()


def order(version: str) -> Order:
    """Return what versions are compared by: their numbers, then a pre-release before its release."""
    match = _STAGE.search(version)
    stage = (_STAGES.index(match[1]), numbers(match[2])) if match else _RELEASE
    return _filled(numbers(version)), stage


def release_of(version: str) -> str:
    """Return the version without what an image's tag says of its packing: `2.2.15-full-no-nginx` is 2.2.15."""
    packed = _PACKED.fullmatch(version)
    return (packed[1] or packed[2]) if packed else version


def at_least(version: str, least: tuple[int, ...]) -> bool:
    """Whether `version` is the release `least` or newer; a version without a number is not."""
    return order(version) >= (_filled(least), _RELEASE)


def _filled(found: tuple[int, ...]) -> tuple[int, ...]:
    return found + (0,) * (3 - len(found))
