"""What every secret store can do, and how it says that it could not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from wizard.plan.secret import Secret


class SecretStoreError(Exception):
    """A secret store did not do what it was asked; the message is a sentence for the admin and holds no secret.

    `again` says the same in the language then in force; without it the message stays as it is.
    """

    def __init__(self, message: str, again: Callable[[], str] | None = None) -> None:
        """Keep what tells it again beside the sentence."""
        super().__init__(message)
        self.again = again or (lambda: message)


class DamagedEntryError(SecretStoreError):
    """One value is not whole any more; the store gives the others."""


class SecretStore(Protocol):
    """Keeps the values of a cluster's secrets by the names of their references. Calls may raise SecretStoreError."""

    @property
    def title(self) -> str:
        """What people call it: `Secret Service (login keyring)`."""

    @property
    def persistent(self) -> bool:
        """Whether it still knows the values after this program has ended."""

    def get(self, cluster_id: str, name: str) -> Secret | None:
        """Return the value, or None if there is none."""

    def set(self, cluster_id: str, name: str, secret: Secret) -> None:
        """Keep the value, in the place of an earlier one."""

    def delete(self, cluster_id: str, name: str) -> None:
        """Forget the value; nothing happens if there is none."""

    def names(self, cluster_id: str) -> list[str]:
        """Return the names that have a value, whether a plan still refers to them or not."""
