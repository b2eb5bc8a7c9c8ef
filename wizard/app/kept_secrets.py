"""Use case secrets: which store keeps which secret of a cluster; putting, removing and moving them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum

from wizard.dataclass import dataclass
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.storage import log_filter
from wizard.storage.secret_store import SecretStore, SecretStoreError
from wizard.storage.secret_store.encrypted_file import EncryptedFileStore


class Place(StrEnum):
    """Where a secret can be put."""

    KEYRING = "keyring"
    FILE = "file"


class KeptSecretsError(Exception):
    """A secret cannot be put, removed or moved; the message is a sentence, and nothing is lost."""


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores at hand for one cluster.

    `keyring` is None where there is none that can be used, for `reason`. `file` opens the encrypted file when it is
    needed, which may ask somebody for the passphrase; it raises KeptSecretsError where there is none. `has_file` says
    whether the file is there.
    """

    plan: Plan
    keyring: SecretStore | None
    reason: str
    file: Callable[[], EncryptedFileStore]
    has_file: Callable[[], bool]

    def default(self) -> Place:
        """Return where a secret goes if nobody says so: the keyring if there is one."""
        return Place.KEYRING if self.keyring else Place.FILE

    def of(self, place: Place) -> SecretStore:
        """Return the store; raises KeptSecretsError."""
        if place is Place.FILE:
            return self.file()
        if self.keyring is None:
            raise KeptSecretsError(self.reason)
        return self.keyring

    def values(self, place: Place) -> dict[str, Secret]:
        """Return what a store has of the cluster, also what the plan no longer names; raises KeptSecretsError."""
        found: dict[str, Secret] = {}
        with _told():
            if place is Place.FILE and self.has_file():
                found = self.file().all(self.plan.id)
            if place is Place.KEYRING and self.keyring:
                names = dict.fromkeys([*self.keyring.names(self.plan.id), *named(self.plan)])
                read = {name: self.keyring.get(self.plan.id, name) for name in names}
                found = {name: secret for name, secret in read.items() if secret is not None}
        log_filter.learn(found.values())
        return found

    def lost(self, found: Mapping[str, Secret]) -> list[str]:
        """Return the names that the keyring should have and has no longer: somebody removed the entries there."""
        with _told():
            return [name for name in self.keyring.names(self.plan.id) if name not in found] if self.keyring else []

    def put(self, name: str, secret: Secret, place: Place) -> None:
        """Keep a secret; an older one in the keyring, which would win over it, goes. Raises KeptSecretsError."""
        with _told():
            self.of(place).set(self.plan.id, name, secret)
            if place is Place.FILE and self.keyring:
                self.keyring.delete(self.plan.id, name)

    def remove(self, names: Iterable[str]) -> list[str]:
        """Forget secrets in every store; return those that were in one. Raises KeptSecretsError."""
        wanted = list(dict.fromkeys(names))
        there = {place: self.values(place) for place in Place}  # once: opening the file takes a second
        for place, values in there.items():
            self._write(place, {name: None for name in wanted if name in values})
        return [name for name in wanted if any(name in values for values in there.values())]

    def move(self, names: Iterable[str], target: Place) -> list[str]:
        """Put secrets (none named: all) into `target`, and then take them out of the other store; return their names.

        Each is read back before it is taken out. Raises KeptSecretsError.
        """
        source = Place.KEYRING if target is Place.FILE else Place.FILE
        there = self.values(source)
        wanted = list(dict.fromkeys(names)) or list(there)
        moving = {name: there[name] for name in wanted if name in there}
        if not moving:
            return []
        self._write(target, moving)
        written = self.values(target)
        if any(written.get(name) != secret for name, secret in moving.items()):
            raise KeptSecretsError(tr("What was written could not be read back, so it stays where it was, too."))
        self._write(source, dict.fromkeys(moving))
        return list(moving)

    def _write(self, place: Place, values: Mapping[str, Secret | None]) -> None:
        """Put secrets into a store, and take those out that are None."""
        if not values:
            return
        store = self.of(place)
        with _told():
            if isinstance(store, EncryptedFileStore):  # all at once: each writing takes a second
                store.change(self.plan.id, values)
                return
            for name, secret in values.items():
                if secret is None:
                    store.delete(self.plan.id, name)
                else:
                    store.set(self.plan.id, name, secret)


def named(plan: Plan) -> dict[str, str]:
    """Return the names of the plan's secrets, each with the first key it stands at."""
    found: dict[str, str] = {}
    for key, ref in plan.secret_refs():
        found.setdefault(ref.name, key)
    return found


def name_of(plan: Plan, word: str) -> str | None:
    """Return the name of the secret that a person means by its name or by its setting's key; None if there is none."""
    names = named(plan)
    return word if word in names else next((ref.name for key, ref in plan.secret_refs() if key == word), None)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except SecretStoreError as error:
        raise KeptSecretsError(str(error)) from None
