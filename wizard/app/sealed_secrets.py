"""Secrets encrypted with a passphrase: in a bundle (`export --secrets encrypted`), or in a cluster's own file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wizard.app.gather_secrets import missing
from wizard.export import secrets_file
from wizard.plan.bundle_names import SEALED
from wizard.plan.secret import Secret, Secrets
from wizard.sources.contract import OpenedSource
from wizard.storage import log_filter
from wizard.storage.age_text import unseal
from wizard.storage.secret_store.encrypted_file import EncryptedFileStore, file_of

__all__ = ["encrypted_files", "keep_encrypted", "kept_encrypted", "locked_in", "unlocked", "unsealed"]


def unsealed(opened: OpenedSource, passphrase: Secret) -> dict[str, Secret]:
    """Return the secrets in an opened bundle's encrypted file, by the names of their references; raises SealError."""
    found = secrets_file.read(opened.plan, unseal(opened.sealed.encode(), passphrase))
    log_filter.learn(found.values())
    return found


def locked_in(opened: OpenedSource, known: Secrets) -> str:
    """Name the encrypted file that may have the secrets not `known` of what was opened; empty if there is none."""
    if not missing(opened.plan, known):
        return ""
    if opened.sealed:
        return f"{opened.title}/{SEALED}"
    file = file_of(opened.plan.id)
    return str(file) if file.is_file() else ""


def unlocked(opened: OpenedSource, passphrase: Secret) -> dict[str, Secret]:
    """Return the secrets in the file that `locked_in` names; raises SecretStoreError."""
    if opened.sealed:
        return unsealed(opened, passphrase)
    return kept_encrypted(opened.plan.id, passphrase)


def kept_encrypted(identity: str, passphrase: Secret) -> dict[str, Secret]:
    """Return the secrets in the encrypted file of a cluster by its id; raises SecretStoreError."""
    found = EncryptedFileStore(passphrase).all(identity)
    log_filter.learn(found.values())
    return found


def encrypted_files(identities: Iterable[str]) -> list[str]:
    """Return the encrypted files that are there for the clusters of these ids."""
    return [str(file) for identity in identities if (file := file_of(identity)).is_file()]


def keep_encrypted(values: Mapping[str, Secrets], passphrase: Secret) -> None:
    """Keep secrets by their clusters' ids in encrypted files, beside what is there; raises SecretStoreError."""
    store = EncryptedFileStore(passphrase)
    for identity, secrets in values.items():
        store.change(identity, secrets)
