"""Keeps what was typed: the draft in the workspace, secrets in the vault; both off the window's thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal

from wizard.gui import flow
from wizard.plan.words import tr
from wizard.vault import logs

if TYPE_CHECKING:
    from wizard.gui.session import Session
    from wizard.plan.plan import Plan
    from wizard.plan.secret import Secret
    from wizard.vault import Vault

_PAUSE = 800
"""Milliseconds without an edit before the draft and the secrets are written."""


Place: TypeAlias = tuple[str, str]
"""Where a secret stands in a vault: the cluster's id, and the name of the reference."""


class Keeper(QObject):
    """Writes drafts and secrets a moment after the last edit. `kept` comes when there is news to show about it."""

    kept = Signal()

    def __init__(self, session: Session) -> None:
        """Serve `session`; without a vault, secrets wait until there is one."""
        super().__init__(session)
        self._session = session
        self.vault: Vault | None = None
        self.reason = ""
        self.saved: datetime | None = None
        self.opened: datetime | None = None
        """When the cluster that was opened had been saved; None if it was not among the saved ones."""
        self.vault_trouble = ""
        self._loose: dict[Place, str] = {}
        """The secrets typed that no lasting vault holds, each with what it is called."""
        self._drafts: dict[str, Plan] = {}
        self._unsaved: dict[str, tuple[Plan, str]] = {}
        """The drafts that could not be saved, by their ids, each with the reason."""
        self._writing = 0
        self._secrets: dict[Place, Secret | None] = {}
        self._refused: set[Place] = set()
        """What the vault did not take, or not let go of, when it was asked last; it is among those that wait."""
        self._pause = QTimer(self, interval=_PAUSE, singleShot=True)
        self._pause.timeout.connect(self.flush)

    @property
    def waits(self) -> bool:
        """Whether something typed is not written yet, or is being written; what was refused may be taken by now."""
        return bool(self._drafts) or self.writes or bool(self._secrets and self.vault)

    @property
    def writes(self) -> bool:
        """Whether something is being written."""
        return self._writing > 0

    def plan_changed(self) -> None:
        """Save the draft soon; nothing is saved before a cluster was begun or opened."""
        if self._session.begun:
            self._drafts[self._session.plan.id] = self._session.plan
            self._pause.start()

    def keep_secret(self, key: str, name: str, secret: Secret | None) -> None:
        """Put the secret of the setting `key` into the vault soon, under `name`, or take it out (None)."""
        plan = self._session.plan
        place = plan.id, name
        self._secrets[place] = secret
        if secret:
            self._loose[place] = flow.called(plan, key)
        else:
            self._loose.pop(place, None)
        self._pause.start()

    @property
    def lost(self) -> list[str]:
        """Name in words the secrets that closing would lose: those typed that no lasting vault holds."""
        here = self._session.plan.id
        return [
            called if identity == here else tr("{name} of another cluster", name=called)
            for (identity, _name), called in self._loose.items()
        ]

    @property
    def lost_drafts(self) -> list[str]:
        """Say of each draft that closing would lose why it could not be saved."""
        many = len(self._unsaved) > 1
        return [f"{plan.name}: {reason}" if many else reason for plan, reason in self._unsaved.values()]

    @property
    def draft_trouble(self) -> str:
        """Why the draft of this cluster could not be saved, or nothing."""
        return self._unsaved[self._session.plan.id][1] if self._session.plan.id in self._unsaved else ""

    def deleted(self, identity: str) -> None:
        """Forget what was typed of a cluster that was deleted."""
        for places in (self._loose, self._secrets):
            for place in [place for place in places if place[0] == identity]:
                del places[place]
        self._refused &= self._secrets.keys()
        self._drafts.pop(identity, None)
        self._unsaved.pop(identity, None)
        self._settle()

    def forget(self, opened: datetime | None = None) -> None:
        """Another cluster is being worked on: no news about it yet, but when it was saved if it was."""
        self.opened = opened
        self.saved = None
        self.kept.emit()

    def take_vault(self, vault: Vault, reason: str) -> None:
        """Learn where secrets go, and why not into the system's keyring if they do not."""
        self.vault, self.reason, self.vault_trouble = vault, reason, ""
        self._refused.clear()
        self.kept.emit()
        if self._secrets:
            self._pause.start()

    @property
    def place(self) -> str:
        """Where secrets are kept, in words; "kept" only while none is loose."""
        if self.vault_trouble:
            return tr("Kept in this session only: {reason}", reason=self.vault_trouble)
        if self.vault is None:
            return tr("Looking for the system's keyring …")
        if self.vault.persistent and self._loose:
            return tr("Goes into: {vault} …", vault=self.vault.title)
        if self.vault.persistent:
            return tr("Kept in: {vault}", vault=self.vault.title)
        if self.reason:
            return tr("Kept in this session only: {reason}", reason=self.reason)
        return tr("Kept in this session only.")

    def flush(self) -> None:
        """Write now what waits."""
        self._pause.stop()
        session = self._session
        drafts, self._drafts = self._drafts, {}
        for plan in drafts.values():
            self._save(plan)
        if self._secrets and self.vault is not None:
            waiting, self._secrets = self._secrets, {}
            logs.learn(secret for secret in waiting.values() if secret)
            self._writing += 1
            vault = self.vault
            session.background.run(
                lambda: _put(vault, waiting),
                lambda _nothing: self._secrets_kept(vault, waiting),
                lambda error: self._secrets_refused(waiting, error),
                lane="vault",
            )

    def _save(self, plan: Plan) -> None:
        self._writing += 1
        save = self._session.services.save
        self._session.background.run(
            lambda: save(plan),
            lambda _nothing: self._draft_saved(plan),
            lambda error: self._draft_failed(plan, error),
            lane="drafts",
        )

    def _draft_saved(self, plan: Plan) -> None:
        self._unsaved.pop(plan.id, None)
        if plan.id == self._session.plan.id:
            self.saved = datetime.now().astimezone()
        self._written()

    def _draft_failed(self, plan: Plan, error: Exception) -> None:
        """Let the draft wait for the next edit or for closing, unless a newer one waits already."""
        self._unsaved[plan.id] = plan, str(error)
        self._drafts.setdefault(plan.id, plan)
        self._written()

    def _secrets_kept(self, vault: Vault, written: Iterable[Place]) -> None:
        for place in written:
            self._refused.discard(place)
            if vault.persistent and place not in self._secrets:
                self._loose.pop(place, None)
        if self._refused:  # the vault takes secrets again
            self._pause.start()
        self._settle()
        self._written()

    def _secrets_refused(self, refused: Mapping[Place, Secret | None], error: Exception) -> None:
        """Let them wait where no newer value stands: a secret that no vault holds is at hand in this session alone."""
        self.vault_trouble = str(error)
        self._refused |= refused.keys()
        self._secrets = {**refused, **self._secrets}
        self._written()

    def _settle(self) -> None:
        """Take back that the vault is in trouble, once it took all that it had refused."""
        if self.vault and not self._refused:
            self.vault_trouble = ""

    def _written(self) -> None:
        self._writing -= 1
        self.kept.emit()


def _put(vault: Vault, secrets: Mapping[Place, Secret | None]) -> None:
    for (identity, name), secret in secrets.items():
        if secret is None:
            vault.delete(identity, name)
        else:
            vault.set(identity, name, secret)
