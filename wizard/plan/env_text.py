"""Which texts an env file can carry, so that nine readers read them alike (docs/nocobase.md, "Env files").

Measured with dotenv 16 (NocoBase's own reader), NocoBase's `nb`, python-dotenv, bash, dash, systemd, Compose and
`docker run --env-file`.
"""

from __future__ import annotations

from enum import Enum

from wizard.pattern import pattern

_BARE = pattern(r"[A-Za-z0-9_./:@%+=,-]*")
CONTROL = pattern(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
"""Line ends end a raw line, systemd drops a value with another control character, a lone surrogate is no UTF-8."""

LINE_ENDS = ("\n", "\r")
"""What a value ends with that was made by a command or an editor, which end lines."""

PASSWORD_HERE = "PASSWORD-HERE"  # noqa: S105 - it says where the password goes
"""What stands for a password inside a URL where the file holds no secrets."""

PLACEHOLDERS = (PASSWORD_HERE, "(secret:")
"""What a value contains that was not filled in: the second stood behind each secret's name in earlier bundles."""

_NOT_SINGLE = ("'", "${", "\\\\")
_NOT_DOUBLE = ('"', "\\", "$", "`")


class EnvForm(Enum):
    """How a value is written. All nine readers read BARE alike; `docker run --env-file` keeps other quotes."""

    BARE = "bare"
    SINGLE = "single"
    DOUBLE = "double"
    NONE = "none"


def is_unfilled(value: str) -> bool:
    """Whether a value still holds what an exported file has in a secret's place."""
    return any(words in value for words in PLACEHOLDERS)


def form_of(value: str) -> EnvForm:
    """Return the form that carries `value`; NONE if no encoding does."""
    if _BARE.fullmatch(value):
        return EnvForm.BARE
    if CONTROL.search(value):
        return EnvForm.NONE
    if not any(bad in value for bad in _NOT_SINGLE) and not value.endswith("\\"):
        return EnvForm.SINGLE
    if "'" in value and not any(bad in value for bad in _NOT_DOUBLE):
        return EnvForm.DOUBLE
    return EnvForm.NONE
