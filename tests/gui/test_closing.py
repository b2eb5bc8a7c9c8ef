"""Closing asks once where secrets would be lost, and never where none would."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeServices, KeptStore
from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.plan.secret import Secret
from wizard.storage.secret_store import SecretStoreError, SessionStore


def _asked(shell: Shell) -> QMessageBox | None:
    return shell.findChild(QMessageBox, "losing")


def test_closing_asks_before_secrets_of_this_session_are_lost(shell: Shell, session: Session, qtbot: QtBot) -> None:
    session.autosave.take_secret_store(SessionStore(), "There is no keyring on this system.")
    session.document.set_secret("application.app_key", Secret("kT7-quite.secret_value"))
    shell.close()
    qtbot.waitUntil(lambda: _asked(shell) is not None)
    box = _asked(shell)
    assert box is not None
    assert box.isVisible()
    assert shell.isVisible()
    assert shell.isEnabled()
    assert "APP_KEY" in box.text() or "key" in box.text()
    assert "kT7" not in box.text()
    lose = box.findChild(QPushButton, "lose")
    assert lose is not None
    lose.click()
    qtbot.waitUntil(lambda: not shell.isVisible())


def test_closing_asks_nothing_where_a_lasting_secret_store_holds_the_secrets(
    shell: Shell, session: Session, qtbot: QtBot
) -> None:
    session.document.set_secret("application.app_key", Secret("kT7-quite.secret_value"))
    shell.close()
    qtbot.waitUntil(lambda: not shell.isVisible())
    assert _asked(shell) is None


def test_closing_asks_nothing_where_no_secret_was_entered(shell: Shell, session: Session, qtbot: QtBot) -> None:
    session.autosave.take_secret_store(SessionStore(), "")
    session.document.edit("database.host", "db.internal")
    shell.close()
    qtbot.waitUntil(lambda: not shell.isVisible())
    assert _asked(shell) is None


def test_a_secret_that_was_emptied_is_not_lost(session: Session) -> None:
    session.start_new("x")
    session.autosave.take_secret_store(SessionStore(), "")
    session.document.set_secret("database.password", Secret("kT7-quite.secret_value"))
    assert session.autosave.lost == ["Database: Password"]
    session.document.set_secret("database.password", None)
    assert session.autosave.lost == []


class LockedStore(KeptStore):
    """A keyring that takes nothing while it is locked."""

    locked = True

    def set(self, cluster_id: str, name: str, secret: Secret) -> None:
        if self.locked:
            raise SecretStoreError("The keyring is locked.")
        super().set(cluster_id, name, secret)


def _type(session: Session, key: str) -> None:
    session.document.set_secret(key, Secret("kT7-quite.secret_value"))


def test_secrets_are_told_apart_by_their_steps(session: Session) -> None:
    session.start_new("x")
    session.autosave.take_secret_store(SessionStore(), "")
    for key in ("database.password", "redis.server.password", "redis.cache.password", "licence.password"):
        _type(session, key)
    lost = ["Database: Password", "Redis: Password", "Redis, Cache: Password", "Licence: Password"]
    assert session.autosave.lost == lost
    session.start_new("y")
    assert session.autosave.lost == [f"{name} of another cluster" for name in lost]


def test_a_secret_that_the_keyring_refused_is_loose_until_the_keyring_took_it(session: Session, qtbot: QtBot) -> None:
    secret_store, autosave = LockedStore(), session.autosave
    session.start_new("x")
    autosave.take_secret_store(secret_store, "")
    _type(session, "database.password")
    assert "kept in" not in autosave.place
    autosave.flush()
    qtbot.waitUntil(lambda: not autosave.writes)
    assert autosave.place == "Secrets are kept in this session only: The keyring is locked."
    session.start_new("y")
    assert "The keyring is locked." in autosave.place
    assert autosave.lost == ["Database: Password of another cluster"]
    secret_store.locked = False
    _type(session, "redis.server.password")
    autosave.flush()
    qtbot.waitUntil(lambda: not autosave.lost and not autosave.writes)
    assert autosave.place == "Secrets are kept in: Secret Service (login keyring)"


def test_a_newer_value_is_not_overwritten_by_one_that_was_refused(session: Session, qtbot: QtBot) -> None:
    secret_store, autosave = LockedStore(), session.autosave
    session.start_new("x")
    autosave.take_secret_store(secret_store, "")
    _type(session, "database.password")
    autosave.flush()
    session.document.set_secret("database.password", Secret("newer"))
    qtbot.waitUntil(lambda: not autosave.writes)
    secret_store.locked = False
    autosave.flush()
    qtbot.waitUntil(lambda: not autosave.waits)
    assert secret_store.get(session.document.plan.id, "database.password") == Secret("newer")
    assert autosave.lost == []


def test_closing_asks_before_a_secret_is_lost_that_the_keyring_refused(
    shell: Shell, session: Session, qtbot: QtBot
) -> None:
    session.autosave.take_secret_store(LockedStore(), "")
    _type(session, "database.password")
    shell.close()
    qtbot.waitUntil(lambda: _asked(shell) is not None)
    box = _asked(shell)
    assert box is not None
    assert "Database: Password" in box.text()
    assert shell.isVisible()


@pytest.mark.parametrize("answer", ["keep", "lose"])
def test_closing_asks_before_a_draft_is_lost_that_cannot_be_saved(
    shell: Shell, services: FakeServices, qtbot: QtBot, answer: str
) -> None:
    services.save_trouble = OSError(28, "No space left on device")
    shell.session.document.edit("database.host", "db.internal")
    shell.close()
    qtbot.waitUntil(lambda: _asked(shell) is not None)
    box = _asked(shell)
    assert box is not None
    assert box.text() == "This draft is not saved: [Errno 28] No space left on device"
    assert [button.text() for button in box.buttons()] == ["Keep open", "Close and lose it"]
    if answer == "keep":
        box.reject()
        services.save_trouble = None
        shell.close()
    else:
        box.buttons()[1].click()
    qtbot.waitUntil(lambda: not shell.isVisible())
    assert ("db.internal" in "".join(services.library.values())) is (answer == "keep")


def test_the_draft_of_the_former_cluster_that_cannot_be_saved_is_not_forgotten(
    session: Session, services: FakeServices, qtbot: QtBot
) -> None:
    autosave = session.autosave
    services.save_trouble = OSError(28, "No space left on device")
    session.start_new("first")
    first = session.document.plan.id
    session.start_new("second")
    autosave.flush()
    qtbot.waitUntil(lambda: not autosave.writes)
    assert autosave.lost_drafts == [f"{name}: [Errno 28] No space left on device" for name in ("first", "second")]
    services.save_trouble = None
    autosave.flush()
    qtbot.waitUntil(lambda: not autosave.waits)
    assert autosave.lost_drafts == []
    assert first in services.library
