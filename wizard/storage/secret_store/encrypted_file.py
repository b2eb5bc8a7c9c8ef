"""The secret store for machines without a keyring: one file for each cluster, encrypted with a passphrase (age)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from wizard.plan.i18n import tr
from wizard.plan.identity import is_id
from wizard.plan.secret import Secret
from wizard.reading import parse_json, read_file
from wizard.storage.age_text import HEAVIEST_OWN, SealError, seal, unseal
from wizard.storage.atomic_files import alone_in, make_folders, write_atomic
from wizard.storage.saved_clusters import data_folder
from wizard.storage.secret_store.contract import SecretStoreError

SCHEMA = 1


class EncryptedFileStore:
    """Keeps the secrets of each cluster in `root`, or where the system keeps a user's data of programs."""

    persistent = True

    def __init__(self, passphrase: Secret, root: Path | None = None) -> None:
        """Nothing is read or made yet."""
        self._passphrase = passphrase
        self._root = root

    @property
    def title(self) -> str:
        """What people call it."""
        return tr("encrypted file")

    def get(self, cluster_id: str, name: str) -> Secret | None:
        """Return the value, or None if there is none."""
        return self.all(cluster_id).get(name)

    def set(self, cluster_id: str, name: str, secret: Secret) -> None:
        """Keep the value, in the place of an earlier one."""
        self.change(cluster_id, {name: secret})

    def delete(self, cluster_id: str, name: str) -> None:
        """Forget the value; nothing happens if there is none."""
        self.change(cluster_id, {name: None})

    def names(self, cluster_id: str) -> list[str]:
        """Return the names that have a value."""
        return list(self.all(cluster_id))

    def all(self, cluster_id: str) -> dict[str, Secret]:
        """Return every value of a cluster by its name; opening takes a moment, on purpose."""
        path = file_of(cluster_id, self._root)
        try:
            text = unseal(read_file(path), self._passphrase, HEAVIEST_OWN)
            document = parse_json(text.encode(), path)
            schema, found = document["schema"], document["secrets"]
            if schema > SCHEMA:
                raise SecretStoreError(tr("{path} was written by a newer version of the wizard.", path=path))
            return {str(name): Secret(str(value)) for name, value in found.items()}
        except FileNotFoundError:
            return {}
        except SealError as error:
            raise type(error)(f"{path}: {error}") from None
        except OSError as error:
            raise SecretStoreError(
                tr("{path} cannot be read: {reason}.", path=path, reason=error.strerror or error)
            ) from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise SecretStoreError(
                tr("{path} holds something else than the secrets of a cluster.", path=path)
            ) from None

    def change(self, cluster_id: str, values: Mapping[str, Secret | None]) -> None:
        """Keep several values, or forget those that are None, in one step; the last one takes the file along."""
        path = file_of(cluster_id, self._root)
        try:
            make_folders(path.parent)
            with alone_in(path.parent):
                wanted = {**self.all(cluster_id), **values}
                kept = {name: secret.reveal() for name, secret in wanted.items() if secret is not None}
                if not kept:
                    path.unlink(missing_ok=True)
                    return
                write_atomic(path, seal(json.dumps({"schema": SCHEMA, "secrets": kept}), self._passphrase).encode())
        except OSError as error:
            raise SecretStoreError(
                tr("{path} cannot be written: {reason}.", path=path, reason=error.strerror or error)
            ) from None


def file_of(cluster_id: str, root: Path | None = None) -> Path:
    """Return where a cluster's encrypted file is or would be; raises SecretStoreError for what is no identity."""
    if not is_id(cluster_id):
        raise SecretStoreError(tr("“{id}” is no identity of a cluster.", id=cluster_id))
    return (root or data_folder() / "secrets") / f"{cluster_id}.age"
