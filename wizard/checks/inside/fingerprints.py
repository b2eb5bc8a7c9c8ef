"""Keyed fingerprints of values, as the script makes them: what tells two values apart without telling the values."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping

from wizard.formats.dotenv.values import variables
from wizard.formats.files import UnwritableError
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, SecretRef, Secrets

AES = "AES"
"""The name under which the bytes of an AES key are told, wherever it stands."""
_DIGITS = 24


def new_key() -> Secret:
    """Return a fresh key, as hexadecimal digits."""
    return Secret(secrets.token_hex(32))


def id_of(key: Secret) -> str:
    """Return what a key is called where it must not stand itself."""
    return hashlib.sha256(b"nocobase-cluster-wizard key " + bytes.fromhex(key.reveal())).hexdigest()[:12]


def fingerprint(key: Secret, name: str, value: str) -> str:
    """Return the fingerprint of a variable's value: HMAC-SHA256 of its name, a zero byte and the value, cut."""
    told = f"{name}\0{value}".encode(errors="surrogateescape")
    return hmac.new(bytes.fromhex(key.reveal()), told, hashlib.sha256).hexdigest()[:_DIGITS]


def expected(plan: Plan, secrets: Secrets, key: Secret) -> Mapping[str, Mapping[str, str]]:
    """Return by each node's name the fingerprints of the variables that the plan gives it, as far as values are known.

    Empty where the plan cannot be written as variables at all.
    """
    try:
        found = variables(plan)
    except UnwritableError:
        return {}
    aes = _aes(plan, secrets, key)
    prints: dict[str, Mapping[str, str]] = {}
    for name, own in found.nodes:
        values = {item.name: item.reveal(secrets) for item in (*found.common, *own) if not item.problem}
        prints[name] = aes | {named: fingerprint(key, named, value) for named, value in values.items() if value}
    return prints


def _aes(plan: Plan, secrets: Secrets, key: Secret) -> dict[str, str]:
    ref = plan.application.aes_key
    secret = secrets.get(ref.name) if isinstance(ref, SecretRef) else None
    return {AES: fingerprint(key, AES, secret.reveal().strip().lower())} if secret else {}
