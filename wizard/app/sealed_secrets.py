"""Secrets that a bundle has encrypted with a passphrase (`export --secrets encrypted`)."""

from __future__ import annotations

from wizard.export import secrets_file
from wizard.export.secrets_file import SEALED
from wizard.plan.secret import Secret
from wizard.sources.contract import OpenedSource
from wizard.storage import log_filter
from wizard.storage.age_text import unseal

__all__ = ["SEALED", "unsealed"]


def unsealed(opened: OpenedSource, passphrase: Secret) -> dict[str, Secret]:
    """Return the secrets in an opened bundle's encrypted file, by the names of their references; raises SealError."""
    found = secrets_file.read(opened.plan, unseal(opened.sealed.encode(), passphrase))
    log_filter.learn(found.values())
    return found
