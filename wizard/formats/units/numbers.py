"""Numbers as JavaScript writes them: what a process is given where a module has one in its `env`."""

from __future__ import annotations

import re
from decimal import Decimal

from wizard.pattern import pattern

_GROUPED = pattern(r"(?<=[0-9a-f])_(?=[0-9a-f])", re.IGNORECASE)
_BASED = pattern(r"(?P<sign>-?)0(?P<base>[xob]?)(?P<digits>[0-9a-f]+)", re.IGNORECASE)
_BASES = {"x": 16, "o": 8, "b": 2, "": 8}
_DECIMAL = pattern(r"-?(?:[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,4})?")
_SMALLEST, _LARGEST = -7, 21
"""Powers of ten between which it writes no exponent."""
_LONGEST = 400


def as_text(number: str) -> str:
    """Return a number of a module as the text that it becomes; what is none stays as it is."""
    plain = _GROUPED.sub("", number)
    if len(plain) > _LONGEST:
        return number
    if based := _BASED.fullmatch(plain):
        try:
            return str(int(based["sign"] + based["digits"], _BASES[based["base"].lower()]))
        except ValueError:  # `08` is a decimal number
            pass
    return _written(float(plain)) if _DECIMAL.fullmatch(plain) else number


def _written(number: float) -> str:
    if number in {float("inf"), float("-inf")}:
        return "-Infinity" if number < 0 else "Infinity"
    exact = Decimal(repr(number)).normalize()
    power = exact.adjusted() if exact else 0
    if not exact:
        return "0"
    if _SMALLEST < power < _LARGEST:
        return f"{exact:f}"
    return f"{exact.scaleb(-power):f}e{'-' if power < 0 else '+'}{abs(power)}"
