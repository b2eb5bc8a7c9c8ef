"""Secrets go to the secret store, and are nowhere to be read but in their own field, when asked for."""

from __future__ import annotations

import logging

import keyring
import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, FakeServices
from tests.gui.pages import line, press, type_into, visible_texts
from tests.patience import patience
from tests.unit.keyrings import UNUSABLE
from tests.unit.plans import SECRETS, good_plan
from tests.unit.test_secret_store import MemoryKeyring
from wizard.app.gather_secrets import gather_secrets
from wizard.engine.check import settled
from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.guide import flow
from wizard.plan.finding import ErrorKind
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.secret_hints import how_to_give
from wizard.storage.secret_store import SecretStoreError, SessionStore, open_secret_store
from wizard.storage.secret_store.os_keyring import SERVICE, KeyringStore

PASSWORD = "kT7-quite.secret_value"


def test_a_typed_secret_goes_to_the_secret_store_and_the_plan_gets_its_name(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    shell.go("database")
    type_into(shell.page, "database.password", PASSWORD)
    session = shell.session
    assert session.document.plan.database.password == SecretRef("database.password")
    qtbot.waitUntil(
        lambda: services.secret_store.get(session.document.plan.id, "database.password") == Secret(PASSWORD)
    )


def test_an_emptied_secret_is_forgotten(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    shell.go("database")
    type_into(shell.page, "database.password", PASSWORD)
    qtbot.waitUntil(lambda: services.secret_store.get(shell.session.document.plan.id, "database.password") is not None)
    type_into(shell.page, "database.password", "")
    assert shell.session.document.plan.database.password is None
    qtbot.waitUntil(lambda: services.secret_store.get(shell.session.document.plan.id, "database.password") is None)


def test_no_accessible_text_nor_title_nor_draft_holds_a_secret(
    shell: Shell, services: FakeServices, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for key in ("licence.password", "application.app_key", "database.password", "redis.server.password"):
        shell.session.document.set_secret(key, Secret(PASSWORD))
    for step in flow.IDS:
        shell.go(step)
    shell.session.autosave.flush()
    qtbot.waitUntil(lambda: shell.session.background.idle)
    for widget in [shell, *shell.findChildren(QWidget)]:
        for text in _said(widget):
            assert PASSWORD not in text
    assert PASSWORD not in "".join(services.library.values())
    assert PASSWORD not in caplog.text


def _said(widget: QWidget) -> list[str]:
    spoken = QAccessible.queryAccessibleInterface(widget)
    roles = (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value, QAccessible.Text.Help)
    return [
        widget.windowTitle(),
        widget.toolTip(),
        widget.accessibleName(),
        widget.accessibleDescription(),
        *(spoken.text(role) for role in roles if spoken),
    ]


def test_show_shows_until_the_page_is_left(shell: Shell) -> None:
    shell.go("database")
    edit = type_into(shell.page, "database.password", PASSWORD)
    toggle = edit.findChild(QPushButton)
    assert toggle is not None
    toggle.click()
    assert edit.echoMode() is QLineEdit.EchoMode.Normal
    assert toggle.accessibleName() == "Hide “Password”"
    shell.next()
    assert edit.echoMode() is QLineEdit.EchoMode.Password


def test_generate_makes_a_strong_key_and_asks_before_it_replaces_one(shell: Shell) -> None:
    shell.go("application")
    press(shell, "generate.application.aes_key")
    first = shell.session.document.secret("application.aes_key")
    assert first is not None
    assert len(first.reveal()) == 64
    press(shell, "generate.application.aes_key")
    assert shell.session.document.secret("application.aes_key") == first
    press(shell, "generate.application.aes_key")
    assert shell.session.document.secret("application.aes_key") != first


def _said_of_secrets(shell: Shell) -> QLabel:
    found = shell.findChild(QLabel, "where-secrets-are")
    assert found is not None
    return found


def test_the_window_says_once_where_secrets_are_kept_on_each_step_that_has_some(shell: Shell, session: Session) -> None:
    shell.go("database")
    kept = "Secrets are kept in: Secret Service (login keyring)"
    assert [item.text() for item in shell.findChildren(QLabel) if "keyring" in item.text()] == [kept]
    assert _said_of_secrets(shell).isVisible()
    assert not shell.words.try_again.isVisible()
    shell.go("nodes")
    assert not _said_of_secrets(shell).isVisible()
    session.autosave.take_secret_store(SessionStore(), "There is no keyring on this system.")
    shell.go("database")
    assert _said_of_secrets(shell).text() == (
        "Secrets are kept in this session only: There is no keyring on this system."
    )


def _look_for_store(session: Session, qtbot: QtBot) -> None:
    """Look once more, and wait for the end of that: the first draft may be kept meanwhile, which is news, too."""
    session.opening.look_for_store()
    qtbot.waitUntil(lambda: not session.opening.looks)


def test_a_keyring_that_is_there_at_the_second_try_gets_what_this_session_held_and_gives_what_it_has(
    shell: Shell, session: Session, services: FakeServices, qtbot: QtBot
) -> None:
    lasting, services.secret_store = services.secret_store, SessionStore()
    services.reason = "The keyring is locked."
    lasting.set(session.document.plan.id, "redis.server.password", Secret("kept-before"))
    _look_for_store(session, qtbot)
    ref = SecretRef("redis.server.password")
    session.document.set("redis.server.password", ref)
    shell.go("database")
    type_into(shell.page, "database.password", PASSWORD)
    qtbot.waitUntil(lambda: not session.autosave.waits)
    assert lasting.get(session.document.plan.id, "database.password") is None
    services.secret_store, services.reason = lasting, ""
    press(shell, "secret-store-again")
    qtbot.waitUntil(lambda: lasting.get(session.document.plan.id, "database.password") == Secret(PASSWORD))
    qtbot.waitUntil(lambda: "are kept in: Secret Service" in _said_of_secrets(shell).text())
    assert session.autosave.lost == []
    assert not shell.words.try_again.isVisible()
    qtbot.waitUntil(lambda: session.document.secret("redis.server.password") == Secret("kept-before"))


@pytest.mark.parametrize("state", UNUSABLE)
def test_a_keyring_that_cannot_be_used_is_told_with_a_way_on(
    shell: Shell, session: Session, services: FakeServices, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    made = UNUSABLE[state].make()
    monkeypatch.setattr(keyring, "get_keyring", lambda: made)
    if state != "none":
        monkeypatch.setattr(type(made), "__module__", "keyring.backends.SecretService")
    bound = 0.05 if state == "hanging" else patience()
    monkeypatch.setattr(services, "open_secret_store", lambda: open_secret_store(bound))
    _look_for_store(session, qtbot)
    shell.go("database")
    told = _said_of_secrets(shell).text()
    assert told.startswith("Secrets are kept in this session only: ")
    assert UNUSABLE[state].says in told
    assert UNUSABLE[state].way_on in told
    assert shell.words.try_again.isVisible()


@pytest.fixture
def backend(services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    """A keyring with the limit of Windows, which the window has found; to be asked for before the window."""
    made = MemoryKeyring()
    services.secret_store = KeyringStore(made, "Windows Credential Manager", bound=60)
    monkeypatch.setattr(services, "gather", lambda plan, known, store: gather_secrets(plan, known, store, environ={}))
    return made


LONG = "-----BEGIN KEY-----" + "A" * 5000


def _keep_two(session: Session, services: FakeServices) -> str:
    """Keep a long secret and a short one in the keyring, and return the cluster's identity."""
    identity = session.document.plan.id
    services.secret_store.set(identity, "database.password", Secret(LONG))
    services.secret_store.set(identity, "redis.server.password", Secret("kept"))
    return identity


def _look_again(session: Session, qtbot: QtBot) -> None:
    """Open the cluster anew, whose secrets are in the keyring alone."""
    plan = session.document.plan
    for key in ("database.password", "redis.server.password"):
        plan = plan.with_value(key, SecretRef(key))
    session.take(plan, {}, "")
    session.opening.look_for_store()
    qtbot.waitUntil(lambda: session.document.secret("redis.server.password") == Secret("kept"))


@pytest.mark.parametrize("entry", ["", " part 2"], ids=["the secret", "a part of it"])
def test_what_somebody_removed_from_the_keyring_is_asked_for_again_and_the_others_are_there(
    backend: MemoryKeyring, shell: Shell, session: Session, services: FakeServices, qtbot: QtBot, entry: str
) -> None:
    identity = _keep_two(session, services)
    del backend.entries[SERVICE, f"{identity}/database.password{entry}"]
    _look_again(session, qtbot)
    shell.go("database")
    assert session.document.secret("database.password") is None
    assert "Enter it again" in line(shell.page, "database.password").placeholderText()
    type_into(shell.page, "database.password", PASSWORD)
    qtbot.waitUntil(lambda: backend.entries.get((SERVICE, f"{identity}/database.password")) == PASSWORD)
    qtbot.waitUntil(lambda: _said_of_secrets(shell).text() == "Secrets are kept in: Windows Credential Manager")


def test_what_somebody_changed_in_the_keyring_is_what_the_window_has(
    backend: MemoryKeyring, shell: Shell, session: Session, services: FakeServices, qtbot: QtBot
) -> None:
    identity = _keep_two(session, services)
    backend.entries[SERVICE, f"{identity}/database.password"] = "changed by hand"
    _look_again(session, qtbot)
    shell.go("database")
    assert session.document.secret("database.password") == Secret("changed by hand")
    assert line(shell.page, "database.password").placeholderText() == ""


def test_a_secret_too_long_for_windows_is_kept_in_parts_and_comes_back_whole(
    backend: MemoryKeyring, shell: Shell, session: Session, services: FakeServices, qtbot: QtBot
) -> None:
    _keep_two(session, services)
    session.document.set_secret("database.password", Secret(LONG + "B"))
    session.autosave.flush()
    qtbot.waitUntil(lambda: not session.autosave.waits)
    assert (session.autosave.lost, session.autosave.secret_store_trouble) == ([], "")
    assert max(len(value.encode("utf-16-le")) for value in backend.entries.values()) <= 2560
    _look_again(session, qtbot)
    assert session.document.secret("database.password") == Secret(LONG + "B")


def test_a_secret_store_that_fails_is_told(shell: Shell, session: Session, qtbot: QtBot) -> None:
    class Locked(SessionStore):
        persistent = True

        def set(self, cluster_id: str, name: str, secret: Secret) -> None:
            raise SecretStoreError("The keyring is locked.")

    session.autosave.take_secret_store(Locked(), "")
    shell.go("database")
    type_into(shell.page, "database.password", PASSWORD)
    qtbot.waitUntil(lambda: "The keyring is locked." in _said_of_secrets(shell).text())
    assert session.document.secret("database.password") == Secret(PASSWORD)


def test_a_secret_that_is_named_but_not_at_hand_is_asked_for(shell: Shell, session: Session) -> None:
    plan = session.document.plan.with_value("database.password", SecretRef("database.password"))
    session.take(plan, {}, "")
    shell.go("database")
    assert "Enter it again" in line(shell.page, "database.password").placeholderText()


def test_a_secret_that_is_not_at_hand_is_asked_for_in_the_windows_own_terms(
    shell: Shell, session: Session, services: FakeServices, qtbot: QtBot
) -> None:
    plan = good_plan()
    session.take(plan, {name: secret for name, secret in SECRETS.items() if name != "database.password"}, "")
    told = CONNECT.unknown("not at hand", error=ErrorKind.MISSING, remedy=how_to_give(plan, "database.password"))
    services.checks = [settled("database", "", (CONNECT,), [told])]
    shell.go("review")
    with qtbot.waitSignal(session.runs.finished):
        shell.primary()
    qtbot.waitUntil(lambda: "Enter “Password” on the step Database." in visible_texts(shell))
    assert not [text for text in visible_texts(shell) if "export " in text]
    shown = shell.page.map.accessibleDescription()  # type: ignore[attr-defined]
    assert "PostgreSQL: could not be found out" in shown


def test_a_secret_typed_before_the_secret_store_was_found_is_kept_when_it_is(
    session: Session, services: FakeServices, qtbot: QtBot
) -> None:
    session.start_new("early")
    session.document.set_secret("database.password", Secret(PASSWORD))
    session.autosave.flush()
    session.opening.begin(None)
    qtbot.waitUntil(
        lambda: services.secret_store.get(session.document.plan.id, "database.password") == Secret(PASSWORD)
    )


def test_secrets_that_wait_stay_with_their_cluster(session: Session, services: FakeServices, qtbot: QtBot) -> None:
    session.start_new("first")
    first = session.document.plan.id
    session.document.set_secret("database.password", Secret(PASSWORD))
    session.start_new("second")
    session.opening.begin(None)
    qtbot.waitUntil(lambda: services.secret_store.get(first, "database.password") == Secret(PASSWORD))
    assert services.secret_store.get(session.document.plan.id, "database.password") is None
