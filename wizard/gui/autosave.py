"""Keeps what was typed: the draft in the workspace, secrets in the secret store; both off the window's thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal

from wizard.gui.background import Background
from wizard.guide import flow
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.storage import log_filter

if TYPE_CHECKING:
    from wizard.storage.secret_store import SecretStore

_PAUSE = 800
"""Milliseconds without an edit before the draft and the secrets are written."""
_TYPED = 5000
"""Milliseconds without a key before a secret is written in whose field the focus still is: half of one helps nobody."""
_LATEST = 2000
"""Milliseconds after an edit in which they are written, too, while somebody types on: a crash would take all of it."""


Save: TypeAlias = Callable[[Plan, Plan | None], Plan]
Place: TypeAlias = tuple[str, str]
"""Where a secret stands in a secret store: the cluster's id, and the name of the reference."""


class Autosave(QObject):
    """Writes drafts and secrets a moment after the last edit. `kept` comes when there is news to show about it.

    `draft_saved` brings each draft, and as it was saved: with what another program has changed meanwhile.
    """

    kept = Signal()
    draft_saved = Signal(object, object)

    def __init__(self, background: Background, save: Save, identity: str, parent: QObject | None = None) -> None:
        """Save drafts by `save`, which is told what stood there when a draft was read or saved last.

        Without a secret store, secrets wait until there is one. `identity` is the id of the cluster that is worked on
        first.
        """
        super().__init__(parent)
        self._background, self._save_draft, self._here = background, save, identity
        self.secret_store: SecretStore | None = None
        self.reason = ""
        self._again: Callable[[], str] | None = None
        self.saved: datetime | None = None
        self.opened: datetime | None = None
        """When the cluster that was opened had been saved; None if it was not among the saved ones."""
        self.secret_store_trouble = ""
        self.source_trouble = ""
        """Why what was accepted could not be noted where the source is, or nothing."""
        self._loose: dict[Place, str] = {}
        """The secrets typed that no lasting secret store holds, each with what it is called."""
        self._drafts: dict[str, Plan] = {}
        self._known: dict[str, Plan] = {}
        """What stands in the saved clusters that were read or saved here, by their ids."""
        self._unsaved: dict[str, tuple[Plan, str]] = {}
        """The drafts that could not be saved, by their ids, each with the reason."""
        self._writing = 0
        self._secrets: dict[Place, Secret | None] = {}
        self._refused: set[Place] = set()
        """What the secret store did not take, or not let go of, when it was asked last; it is among those that wait."""
        self._pause = QTimer(self, interval=_PAUSE, singleShot=True)
        self._latest = QTimer(self, interval=_LATEST, singleShot=True)
        self._typing = QTimer(self, interval=_TYPED, singleShot=True)
        self._typed: Place | None = None
        """The secret that is being typed, which waits until it is all there."""
        self._pause.timeout.connect(self._write)
        self._latest.timeout.connect(self._write_meanwhile)
        self._typing.timeout.connect(self.settle)

    def _write_soon(self) -> None:
        self._pause.start()
        if not self._latest.isActive():
            self._latest.start()

    def _write_meanwhile(self) -> None:
        """Write what waits, while somebody types on; behind a slow disk or keyring no row of former texts forms."""
        if self.writes:
            self._latest.start()
        else:
            self._write()

    @property
    def waits(self) -> bool:
        """Whether something typed is not written yet, or is being written; what was refused may be taken by now."""
        return bool(self._drafts) or self.writes or bool(self._secrets and self.secret_store)

    @property
    def writes(self) -> bool:
        """Whether something is being written."""
        return self._writing > 0

    def keep_draft(self, plan: Plan) -> None:
        """Save the draft soon."""
        self._drafts[plan.id] = plan
        self._write_soon()

    def keep_secret(self, plan: Plan, key: str, name: str, secret: Secret | None, *, typed: bool = False) -> None:
        """Put the secret of the setting `key` into the secret store soon, under `name`, or take it out (None).

        One that is being `typed` waits until its field is left (`settle`), or until nobody has typed for a while.
        """
        place = plan.id, name
        self._secrets[place] = secret
        if secret:
            self._loose[place] = flow.called(plan, key)
        else:
            self._loose.pop(place, None)
        if typed:
            self._typed = place
            self._typing.start()
        elif place == self._typed:
            self._typed = None
        self._write_soon()

    def settle(self) -> None:
        """Learn that what was typed last is all there."""
        self._typing.stop()
        if self._typed is not None:
            self._typed = None
            self._write_soon()

    @property
    def lost(self) -> list[str]:
        """Name in words the secrets that closing would lose: those typed that no lasting secret store holds."""
        return [
            called if identity == self._here else tr("{name} of another cluster", name=called)
            for (identity, _name), called in self._loose.items()
        ]

    def loose_values(self) -> dict[str, dict[str, Secret]]:
        """Return the secrets that closing would lose: by the cluster's id, by their names."""
        found: dict[str, dict[str, Secret]] = {}
        for identity, name in self._loose:
            value = self._secrets.get((identity, name))
            if value is None and self.secret_store and not self.secret_store.persistent:
                value = self.secret_store.get(identity, name)
            if value:
                found.setdefault(identity, {})[name] = value
        return found

    def kept_elsewhere(self, values: Mapping[str, Mapping[str, Secret]]) -> None:
        """Learn that these are in an encrypted file by now."""
        for identity, secrets in values.items():
            for name in secrets:
                self._loose.pop((identity, name), None)
                self._secrets.pop((identity, name), None)
        self.kept.emit()

    @property
    def lost_drafts(self) -> list[str]:
        """Say of each draft that closing would lose why it could not be saved."""
        many = len(self._unsaved) > 1
        return [f"{plan.name}: {reason}" if many else reason for plan, reason in self._unsaved.values()]

    @property
    def draft_trouble(self) -> str:
        """Why the draft of this cluster could not be saved, or nothing."""
        return self._unsaved[self._here][1] if self._here in self._unsaved else ""

    def deleted(self, identity: str) -> None:
        """Forget what was typed of a cluster that was deleted."""
        for places in (self._loose, self._secrets):
            for place in [place for place in places if place[0] == identity]:
                del places[place]
        self._refused &= self._secrets.keys()
        self._drafts.pop(identity, None)
        self._unsaved.pop(identity, None)
        self._settle()

    def begin(self, plan: Plan, opened: datetime | None = None) -> None:
        """Follow this cluster from now on; `opened` is when it was saved, if it was."""
        self._here = plan.id
        self._known.pop(plan.id, None)
        if opened:
            self._known[plan.id] = plan
        self.opened = opened
        self.saved = None
        self.source_trouble = ""
        self.kept.emit()

    def take_secret_store(self, secret_store: SecretStore, reason: str, again: Callable[[], str] | None = None) -> None:
        """Learn where secrets go, and why not into the system's keyring if they do not; `again` says that anew."""
        self._again = again
        self._bring_along(secret_store)
        self.secret_store, self.reason, self.secret_store_trouble = secret_store, reason, ""
        self._refused.clear()
        self.kept.emit()
        if self._secrets:
            self._pause.start()

    def tell_again(self) -> None:
        """Say why secrets do not go into the keyring in the language in force."""
        if self._again:
            self.reason = self._again()
            self.kept.emit()

    def _bring_along(self, secret_store: SecretStore) -> None:
        """Let what this session alone holds wait for a secret store that was found after another one."""
        former = self.secret_store
        if former is None or former is secret_store:
            return
        for place in self._loose:
            if place not in self._secrets and (held := former.get(*place)):
                self._secrets[place] = held

    def note(self, write: Callable[[], None], told: Callable[[str], None]) -> None:
        """Have it noted where the source is what was accepted; `told` is called with why it could not be, or nothing.

        Closing waits for it as for a draft.
        """
        self._writing += 1

        def over(reason: str) -> None:
            told(reason)
            self._written()

        self._background.run(write, lambda _nothing: over(""), lambda error: over(str(error)), lane="accepted")

    def miss_source(self, reason: str) -> None:
        """Learn why what was accepted could not be noted where the source is; empty: it was."""
        if reason != self.source_trouble:
            self.source_trouble = reason
            self.kept.emit()

    def miss_secret_store(self, reason: str) -> None:
        """Learn that no secret store could be found, and why."""
        self.secret_store_trouble = reason
        self.kept.emit()

    @property
    def lasting(self) -> bool | None:
        """Whether secrets outlast this session; None while nobody knows."""
        if self.secret_store_trouble:
            return False
        return None if self.secret_store is None else self.secret_store.persistent

    @property
    def place(self) -> str:
        """Where secrets are kept, in words; "are kept" only while none is loose."""
        reason = self.secret_store_trouble or self.reason
        if self.lasting is None:
            return tr("Looking for the system's keyring …")
        if self.secret_store and self.lasting and self._loose:
            return tr("Secrets go into: {store} …", store=self.secret_store.title)
        if self.secret_store and self.lasting:
            return tr("Secrets are kept in: {store}", store=self.secret_store.title)
        if reason:
            return tr("Secrets are kept in this session only: {reason}", reason=reason)
        return tr("Secrets are kept in this session only.")

    def flush(self) -> None:
        """Write now what waits, what is being typed, too."""
        self._typing.stop()
        self._typed = None
        self._write()

    def _write(self) -> None:
        """Write now what waits and is not being typed."""
        self._pause.stop()
        self._latest.stop()
        drafts, self._drafts = self._drafts, {}
        for plan in drafts.values():
            self._save(plan)
        waiting = {place: secret for place, secret in self._secrets.items() if place != self._typed}
        if waiting and self.secret_store is not None:
            self._secrets = {place: secret for place, secret in self._secrets.items() if place not in waiting}
            log_filter.learn(secret for secret in waiting.values() if secret)
            self._writing += 1
            secret_store = self.secret_store
            self._background.run(
                lambda: _put(secret_store, waiting),
                lambda _nothing: self._secrets_kept(secret_store, waiting),
                lambda error: self._secrets_refused(waiting, error),
                lane="secrets",
            )

    def _save(self, plan: Plan) -> None:
        self._writing += 1

        def save() -> Plan:
            kept = self._save_draft(plan, self._known.get(plan.id))
            self._known[plan.id] = kept  # in the lane: the next draft is saved by it
            return kept

        self._background.run(
            save,
            lambda kept: self._draft_saved(plan, kept),
            lambda error: self._draft_failed(plan, error),
            lane="drafts",
        )

    def _draft_saved(self, plan: Plan, kept: Plan) -> None:
        self._unsaved.pop(plan.id, None)
        if plan.id == self._here:
            self.saved = datetime.now().astimezone()
        self.draft_saved.emit(plan, kept)
        self._written()

    def _draft_failed(self, plan: Plan, error: Exception) -> None:
        """Let the draft wait for the next edit or for closing, unless a newer one waits already."""
        self._unsaved[plan.id] = plan, str(error)
        self._drafts.setdefault(plan.id, plan)
        self._written()

    def _secrets_kept(self, secret_store: SecretStore, written: Iterable[Place]) -> None:
        for place in written:
            self._refused.discard(place)
            if secret_store.persistent and place not in self._secrets:
                self._loose.pop(place, None)
        if self._refused:  # the secret store takes secrets again
            self._pause.start()
        self._settle()
        self._written()

    def _secrets_refused(self, refused: Mapping[Place, Secret | None], error: Exception) -> None:
        """Let them wait where no newer value stands.

        A secret that no secret store holds is at hand in this session alone.
        """
        self.secret_store_trouble = str(error)
        self._refused |= refused.keys()
        self._secrets = {**refused, **self._secrets}
        self._written()

    def _settle(self) -> None:
        """Take back that the secret store is in trouble, once it took all that it had refused."""
        if self.secret_store and not self._refused:
            self.secret_store_trouble = ""

    def _written(self) -> None:
        self._writing -= 1
        self.kept.emit()


def _put(secret_store: SecretStore, secrets: Mapping[Place, Secret | None]) -> None:
    for (identity, name), secret in secrets.items():
        if secret is None:
            secret_store.delete(identity, name)
        else:
            secret_store.set(identity, name, secret)
