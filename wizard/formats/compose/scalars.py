"""What Compose makes of a value that is not quoted: numbers and truth as Go writes them.

Its reader of YAML (go.yaml.in/yaml/v4, resolver.go) takes `0123` for an octal number and `1_000` for one thousand, and
what a process is given is the number as `fmt.Sprint` writes it (compose-go, types/mapping.go).
"""

from __future__ import annotations

import math
import re
from decimal import Decimal

from wizard.formats.cluster_file.tree import Tree
from wizard.pattern import pattern

_WORDS = {
    **dict.fromkeys(("true", "True", "TRUE"), "true"),
    **dict.fromkeys(("false", "False", "FALSE"), "false"),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), "NaN"),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), "+Inf"),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), "-Inf"),
}
_BASES = {"x": 16, "o": 8, "b": 2}
_WHOLE = pattern(r"(?P<sign>[-+]?)0(?P<base>[xob]?)(?P<digits>[0-9a-f]+)|[-+]?[0-9]+", re.IGNORECASE)
_FLOAT = pattern(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_LEAST, _MOST = -(2**63), 2**64
_SMALLEST, _LARGEST = -4, 6
"""Powers of ten between which Go writes no exponent."""
_LONGEST = 40
"""Characters of a number that is taken for one: a longer text is a key, and no number is that exact."""


def given(tree: Tree) -> str:
    """Return what a process is given where a value stands in a mapping."""
    text = tree.text()
    if not tree.is_plain() or not text or len(text) > _LONGEST:
        return text
    if text in _WORDS:
        return _WORDS[text]
    plain = text.replace("_", "") if text[0] in "+-0123456789" else text
    if text[0] not in "+-.0123456789":
        return text
    whole = _whole(plain)
    if whole is not None and _LEAST <= whole < _MOST:
        return str(whole)
    return _as_go_writes(float(plain)) if _FLOAT.fullmatch(plain) else text


def _whole(text: str) -> int | None:
    match = _WHOLE.fullmatch(text)
    if match is None:
        return None
    if match["digits"] is None:
        return int(text)
    try:
        return int(match["sign"] + match["digits"], _BASES[match["base"].lower() or "o"])
    except ValueError:  # `08` is no octal number
        return None


def _as_go_writes(number: float) -> str:
    """Return a number with the fewest digits that tell it, and an exponent from a million on or below 0.0001."""
    if math.isinf(number):
        return "-Inf" if number < 0 else "+Inf"
    exact = Decimal(repr(number)).normalize()
    power = exact.adjusted() if exact else 0
    if _SMALLEST <= power < _LARGEST:
        return f"{exact:f}"
    digits = f"{exact.scaleb(-power):f}"
    return f"{digits}e{'-' if power < 0 else '+'}{abs(power):02}"
