"""Opens what the wizard works on: the secret store, the list of saved clusters, and sources.

All off the window's thread.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, Signal

from wizard.dataclass import dataclass
from wizard.gui.background import Background
from wizard.gui.services import Services
from wizard.guide.edits import UNREADABLE
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret

if TYPE_CHECKING:
    from wizard.app.open_source import OpenedSource
    from wizard.guide.last_runs import LastRun
    from wizard.storage.saved_clusters import SavedCluster
    from wizard.storage.secret_store import Opened, SecretStore


Found: TypeAlias = "tuple[Plan, dict[str, Secret], str, datetime | None, Path | None, Path | None]"
"""What is gone on with: the plan, its secrets, the title, when it was saved, and two paths, if there are any: where the
bundle lies, and the source's file in which stands what is accepted.
"""


@dataclass(frozen=True, slots=True)
class Locked:
    """What was read and has secrets in the encrypted `file`; `unlock` returns it with them, for their passphrase."""

    found: Found
    file: str
    unlock: Callable[[Secret], Found]


Listed: TypeAlias = "tuple[list[SavedCluster], Mapping[str, LastRun]]"
"""The saved clusters, and by their ids what the last check of each found."""


class SourceLoader(QObject):
    """Opens off the window's thread, and says what came of it.

    `listed` brings the saved clusters with their last runs (`Listed`); `failed` a sentence that says why something
    could not be opened; `found` what was read (`Found`); `locked` the same where secrets in it wait for a passphrase
    (`Locked`); `deleted` the id of a saved cluster that is gone;
    `store_found` where secrets go (`Opened`), or `store_failed` the exception for which nobody knows.
    """

    listed = Signal(object)
    failed = Signal(str)
    found = Signal(object)
    locked = Signal(object)
    deleted = Signal(str)
    store_found = Signal(object)
    store_failed = Signal(object)

    def __init__(self, background: Background, services: Services, parent: QObject | None = None) -> None:
        """Ask `services`; there is no secret store yet."""
        super().__init__(parent)
        self._background, self._services = background, services
        self._secret_store: SecretStore | None = None
        self._waiting: Callable[[], OpenedSource] | None = None
        self.busy = False
        self.looks = False
        """Whether the secret store is being looked for."""

    def begin(self, source: str | None, opened: OpenedSource | None = None) -> None:
        """Look for the secret store, then go on with `opened`, or read `source`.

        Their secrets may be in the secret store.
        """
        if opened is not None:
            self._waiting = lambda: opened
        elif source:
            self._waiting = lambda: self._services.open_source(source)
        self.busy = self._waiting is not None
        self.look_for_store()

    def look_for_store(self) -> None:
        """Look for where secrets go, also once more: a keyring may have been unlocked or installed meanwhile."""
        self.looks = True
        self._background.run(self._services.open_secret_store, self._secret_store_opened, self._no_secret_store)

    def refresh(self) -> None:
        """Look for the saved clusters."""
        services = self._services

        def look() -> Listed:
            clusters = list(services.clusters())
            return clusters, services.last_runs([one.id for one in clusters])

        self._background.run(look, self.listed.emit, self._no_list, lane="list")  # the latest look tells last

    def open(self, source: str) -> None:
        """Read a cluster file, an env file, a bundle or a saved cluster by its name, and go on with it."""
        self._open(lambda: self._services.open_source(source))

    def open_several(self, sources: Sequence[str]) -> None:
        """Read files or folders that say together what one cluster is, and go on with it."""
        if len(sources) == 1:
            self.open(sources[0])
        elif sources:
            self._open(lambda: self._services.open_sources(sources))

    def open_saved(self, identity: str) -> None:
        """Read a saved cluster by its id, and go on with it."""
        self._open(lambda: self._services.open_saved(identity))

    def delete(self, identity: str) -> None:
        """Forget a saved cluster and its secrets."""
        services, secret_store = self._services, self._secret_store
        self._background.run(
            lambda: services.delete(identity, secret_store), lambda _nothing: self._deleted(identity), self._not_opened
        )

    def _deleted(self, identity: str) -> None:
        self.deleted.emit(identity)
        self.refresh()

    def _open(self, read: Callable[[], OpenedSource]) -> None:
        self.busy = True
        services, secret_store = self._services, self._secret_store

        def work() -> Found | Locked:
            opened = read()
            secrets = services.gather(opened.plan, opened.secrets, secret_store)
            saved = _saved(services, opened)
            if saved and secret_store:
                _forget_stale(opened.plan, secret_store)
            found = opened.plan, secrets, opened.title, saved, opened.bundle, opened.accepts_in
            if file := services.locked_in(opened, secrets):
                return Locked(found, file, lambda given: _unlocked(found, services.unlock(opened, given)))
            return found

        self._background.run(work, self._opened, self._not_opened)

    def _opened(self, found: Found | Locked) -> None:
        self.busy = False
        if isinstance(found, Locked):
            self.locked.emit(found)
        else:
            self.found.emit(found)

    def _not_opened(self, error: Exception) -> None:
        self.busy = False
        self.failed.emit(str(error))

    def _no_list(self, error: Exception) -> None:
        self.listed.emit(([], {}))
        self.failed.emit(str(error))

    def _secret_store_opened(self, opened: Opened) -> None:
        self.looks = False
        self._secret_store = opened.secret_store
        self.store_found.emit(opened)
        self._go_on()

    def _no_secret_store(self, error: Exception) -> None:
        self.looks = False
        self.store_failed.emit(error)
        self._go_on()

    def _go_on(self) -> None:
        read, self._waiting = self._waiting, None
        if read:
            self._open(read)


def _unlocked(found: Found, more: Mapping[str, Secret]) -> Found:
    plan, secrets, title, saved, bundle, accepts_in = found
    return plan, {**more, **secrets}, title, saved, bundle, accepts_in


def _saved(services: Services, opened: OpenedSource) -> datetime | None:
    """Return when a saved cluster was saved; nothing for what came from elsewhere. A saved one bears its own name."""
    if opened.title not in {"", opened.plan.name}:
        return None
    return next((one.saved.astimezone() for one in services.clusters() if one.id == opened.plan.id), None)


def _forget_stale(plan: Plan, secret_store: SecretStore) -> None:
    """Take whole addresses out of the secret store that the saved plan no longer refers to.

    They may hold a password.
    """
    from wizard.storage.secret_store import SecretStoreError

    held = {ref.name for _key, ref in plan.secret_refs()}
    with contextlib.suppress(SecretStoreError):  # it is tried again at the next opening
        for name in secret_store.names(plan.id):
            if name.startswith(UNREADABLE) and name not in held:
                secret_store.delete(plan.id, name)
