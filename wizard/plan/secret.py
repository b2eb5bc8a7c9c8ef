"""Secrets: values that never show themselves, and the names a plan knows them by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import NoReturn

from wizard.dataclass import dataclass

HIDDEN = "••••••"


class Secret:
    """A value that hides in repr, str, format, JSON, pickles and tracebacks; `reveal` is the only way to it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        """Wrap `value`; the empty string is a value too."""
        self._value = value

    def reveal(self) -> str:
        """Return the plain value: for a driver's connect call, the secret store, or the user's own export."""
        return self._value

    def fingerprint(self, salt: bytes = b"nocobase-cluster-wizard:") -> str:
        """Return 12 hex digits that tell two values apart without telling the value (salted SHA-256).

        Where others may see them beside a weak secret, the `salt` is one that nobody knows: the usual one is public.
        """
        import hashlib

        return hashlib.sha256(salt + _bytes(self._value)).hexdigest()[:12]

    def __repr__(self) -> str:
        return "Secret(hidden)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        import hmac

        return hmac.compare_digest(_bytes(self._value), _bytes(other._value))

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled")


def _bytes(value: str) -> bytes:
    """Return the bytes of any value: one from the environment need not have been UTF-8."""
    return value.encode(errors="surrogatepass")


@dataclass(frozen=True, slots=True)
class SecretRef:
    """The name of a secret: what a plan holds in the place of the value.

    `outside` is where the value is, if the plan says so: `env:NAME`, `file:PATH`, `cmd:COMMAND` (`plan.outside`).
    """

    name: str
    outside: str = field(default="", compare=False)


Secrets = Mapping[str, Secret]
"""The values at hand, by the name of their reference. A reference without a value is a secret not at hand."""
