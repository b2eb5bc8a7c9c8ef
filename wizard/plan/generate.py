"""Strong keys and passwords, in the alphabet that every reader of env files reads alike."""

from __future__ import annotations

import string

from wizard.plan.kinds import SecretValue
from wizard.plan.secret import Secret

ALPHABET = string.ascii_letters + string.digits + "_.-"
"""A part of the class `[A-Za-z0-9_./:@%+=,-]` that needs no quotes anywhere, and no percent-encoding in a URL."""


def generate(kind: SecretValue) -> Secret:
    """Return a new random secret of the kind; raises ValueError where none is offered for it.

    It begins with a letter or digit, so that no program takes it for an option. 48 characters hold 287 bits.
    """
    if not kind.length:
        raise ValueError("no secret is generated for this setting")
    import secrets

    if kind.hexadecimal:
        return Secret(secrets.token_hex(kind.length // 2))
    first = secrets.choice(string.ascii_letters + string.digits)
    return Secret(first + "".join(secrets.choice(ALPHABET) for _ in range(kind.length - 1)))
