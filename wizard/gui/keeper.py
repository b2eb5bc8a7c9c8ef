"""Keeps what was typed: the draft in the workspace, secrets in the vault; both off the window's thread."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from wizard.plan.words import tr
from wizard.vault import logs

if TYPE_CHECKING:
    from wizard.gui.session import Session
    from wizard.plan.plan import Plan
    from wizard.plan.secret import Secret
    from wizard.vault import Vault

_PAUSE = 800
"""Milliseconds without an edit before the draft and the secrets are written."""


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
        self.draft_trouble = ""
        self.vault_trouble = ""
        self._loose: dict[tuple[str, str], None] = {}
        self._plan_waits = False
        self._writing = 0
        self._secrets: dict[tuple[str, str], Secret | None] = {}
        self._pause = QTimer(self, interval=_PAUSE, singleShot=True)
        self._pause.timeout.connect(self.flush)

    @property
    def waits(self) -> bool:
        """Whether something typed is not written yet, or is being written."""
        return self._plan_waits or self._writing > 0 or bool(self._secrets and self.vault)

    def plan_changed(self) -> None:
        """Save the draft soon; nothing is saved before a cluster was begun or opened."""
        if self._session.begun:
            self._plan_waits = True
            self._pause.start()

    def keep_secret(self, name: str, secret: Secret | None) -> None:
        """Put a secret into the vault soon, or take it out (None)."""
        place = self._session.plan.id, name
        self._secrets[place] = secret
        if secret:
            self._loose[place] = None
        else:
            self._loose.pop(place, None)
        self._pause.start()

    @property
    def lost(self) -> list[str]:
        """Name in words the secrets that closing would lose: those typed that no lasting vault holds."""
        if self.vault and self.vault.persistent and not self.vault_trouble:
            return []
        plan = self._session.plan
        titles = {
            (plan.id, ref.name): tr(plan.setting(key).label) for key, ref in plan.secret_refs() if _has(plan, key)
        }
        return list(dict.fromkeys(titles.get(place, place[1]) for place in self._loose))

    def deleted(self, identity: str) -> None:
        """Forget the secrets of a cluster that was deleted."""
        self._loose = {place: None for place in self._loose if place[0] != identity}

    def forget(self, opened: datetime | None = None) -> None:
        """Another cluster is being worked on: no news about it yet, but when it was saved if it was."""
        self.opened = opened
        self.saved, self.draft_trouble, self.vault_trouble = None, "", ""
        self.kept.emit()

    def take_vault(self, vault: Vault, reason: str) -> None:
        """Learn where secrets go, and why not into the system's keyring if they do not."""
        self.vault, self.reason = vault, reason
        self.kept.emit()
        if self._secrets:
            self._pause.start()

    @property
    def place(self) -> str:
        """Where secrets are kept, in words."""
        if self.vault_trouble:
            return tr("Kept in this session only: {reason}", reason=self.vault_trouble)
        if self.vault is None:
            return tr("Looking for the system's keyring …")
        if self.vault.persistent:
            return tr("Kept in: {vault}", vault=self.vault.title)
        if self.reason:
            return tr("Kept in this session only: {reason}", reason=self.reason)
        return tr("Kept in this session only.")

    def flush(self) -> None:
        """Write now what waits."""
        self._pause.stop()
        session = self._session
        if self._plan_waits:
            self._plan_waits = False
            self._writing += 1
            plan, save = session.plan, session.services.save
            session.background.run(lambda: save(plan), self._draft_saved, self._draft_failed, lane="drafts")
        if self._secrets and self.vault is not None:
            waiting, self._secrets = self._secrets, {}
            logs.learn(secret for secret in waiting.values() if secret)
            self._writing += 1
            vault = self.vault
            session.background.run(
                lambda: _put(vault, waiting),
                lambda _nothing: self._secrets_kept(vault, waiting),
                self._secrets_failed,
                lane="vault",
            )

    def _draft_saved(self, _nothing: None) -> None:
        self.saved, self.draft_trouble = datetime.now().astimezone(), ""
        self._written()

    def _draft_failed(self, error: Exception) -> None:
        self.draft_trouble = str(error)
        self._written()

    def _secrets_kept(self, vault: Vault, written: Iterable[tuple[str, str]]) -> None:
        self.vault_trouble = ""
        for place in written:
            if vault.persistent and place not in self._secrets:
                self._loose.pop(place, None)
        self._written()

    def _secrets_failed(self, error: Exception) -> None:
        self.vault_trouble = str(error)
        self._written()

    def _written(self) -> None:
        self._writing -= 1
        self.kept.emit()


def _has(plan: Plan, key: str) -> bool:
    try:
        plan.setting(key)
    except KeyError:  # a variable that no setting covers
        return False
    return True


def _put(vault: Vault, secrets: dict[tuple[str, str], Secret | None]) -> None:
    for (identity, name), secret in secrets.items():
        if secret is None:
            vault.delete(identity, name)
        else:
            vault.set(identity, name, secret)
