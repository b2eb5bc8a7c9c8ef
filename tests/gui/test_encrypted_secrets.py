"""Secrets in encrypted files: offered before they are lost, asked for, exported; and secrets on the clipboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeServices
from tests.gui.pages import type_into
from tests.unit.plans import SECRETS, good_plan
from wizard.app.open_source import OpenedSource
from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.gui.widgets.passphrase_dialog import PassphraseDialog
from wizard.plan.secret import Secret
from wizard.storage.secret_store import SessionStore

PASSWORD = "kT7-quite.secret_value"


def _press(parent: QWidget, name: str) -> None:
    button = parent.findChild(QPushButton, name)
    assert button is not None, name
    button.click()


def _dialog(shell: Shell, qtbot: QtBot) -> PassphraseDialog:
    qtbot.waitUntil(lambda: shell.findChild(PassphraseDialog) is not None)
    dialog = shell.findChild(PassphraseDialog)
    assert dialog is not None
    return dialog


def _answer(dialog: PassphraseDialog, *texts: str) -> None:
    for name, text in zip(("passphrase-once", "passphrase-twice"), texts, strict=False):
        line = dialog.findChild(QLineEdit, name)
        assert line is not None
        line.setText(text)
    _press(dialog, "passphrase-go")


def _told(dialog: PassphraseDialog) -> str:
    words = dialog.findChild(QLabel, "passphrase-told")
    assert words is not None
    return words.text()


def _closing(shell: Shell, session: Session, qtbot: QtBot) -> PassphraseDialog:
    """Type a secret that nothing keeps, close, and choose the encrypted file."""
    session.start_new("x")
    session.autosave.take_secret_store(SessionStore(), "There is no keyring on this system.")
    session.document.set_secret("database.password", Secret(PASSWORD))
    shell.close()
    qtbot.waitUntil(lambda: shell.findChild(QMessageBox, "losing") is not None)
    _press(shell, "encrypt")
    return _dialog(shell, qtbot)


def test_closing_offers_an_encrypted_file_and_closes_once_it_is_written(
    shell: Shell, session: Session, services: FakeServices, qtbot: QtBot
) -> None:
    dialog = _closing(shell, session, qtbot)
    _answer(dialog, "correct horse", "correct hose")
    assert "differ" in _told(dialog)
    _answer(dialog, "correct horse", "correct horse")
    qtbot.waitUntil(lambda: not shell.isVisible())
    assert services.encrypted == {session.document.plan.id: {"database.password": Secret(PASSWORD)}}
    assert services.phrase == "correct horse"


def test_a_file_that_is_there_is_asked_for_its_own_passphrase(
    shell: Shell, session: Session, services: FakeServices, qtbot: QtBot
) -> None:
    session.start_new("x")
    services.encrypted[session.document.plan.id] = {}
    session.autosave.take_secret_store(SessionStore(), "")
    session.document.set_secret("database.password", Secret(PASSWORD))
    shell.close()
    qtbot.waitUntil(lambda: shell.findChild(QMessageBox, "losing") is not None)
    _press(shell, "encrypt")
    dialog = _dialog(shell, qtbot)
    assert dialog.findChild(QLineEdit, "passphrase-twice") is None
    dialog.reject()
    assert shell.isVisible()
    assert session.autosave.lost == ["Database: Password"]


@pytest.mark.parametrize("answer", ["correct horse", None])
def test_what_was_opened_asks_for_the_passphrase_of_its_secrets(
    shell: Shell, session: Session, services: FakeServices, qtbot: QtBot, answer: str | None
) -> None:
    plan = good_plan()
    services.opened, services.locked = OpenedSource(plan), "/saved/secrets.age"
    services.encrypted[plan.id] = dict(SECRETS)
    session.opening.open("cluster")
    dialog = _dialog(shell, qtbot)
    if answer:
        _answer(dialog, "wrong")
        qtbot.waitUntil(lambda: "passphrase is wrong" in _told(dialog))
        _answer(dialog, answer)
    else:
        dialog.reject()
    qtbot.waitUntil(lambda: session.document.plan.id == plan.id)
    assert session.document.secret("database.password") == (SECRETS["database.password"] if answer else None)
    assert session.autosave.lost == []


def test_an_export_asks_for_the_passphrase_twice(
    shell: Shell, session: Session, services: FakeServices, qtbot: QtBot, tmp_path: Path
) -> None:
    session.take(good_plan(), SECRETS, "")
    shell.go("export")
    page = shell.page
    page.place.setText(str(tmp_path / "out"))  # type: ignore[attr-defined]
    page.secrets.button(2).click()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: page.ready)
    page.act()
    _answer(_dialog(shell, qtbot), "correct horse", "correct horse")
    qtbot.waitUntil(lambda: bool(services.exported))
    assert [mode for _place, mode, _targets in services.exported] == ["encrypted"]


def test_a_copied_secret_leaves_the_clipboard_unless_something_else_was_copied(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The platform of the tests does not know who put something there; X11, Windows and macOS do."""
    monkeypatch.setattr("wizard.gui.clipboard._is_ours", lambda _clipboard, _mode: True)
    clipboard = QGuiApplication.clipboard()
    shell.go("database")
    type_into(shell.page, "database.password", PASSWORD)
    clipboard.setText("innocent")
    assert not shell.guard.timer.isActive()
    clipboard.setText(f"DB_PASSWORD={PASSWORD}")
    assert shell.guard.timer.isActive()
    assert shell.guard.timer.interval() == 30_000
    shell.guard.timer.timeout.emit()
    assert clipboard.text() == ""
    clipboard.setText(PASSWORD)
    clipboard.setText("innocent")
    shell.guard.timer.timeout.emit()
    assert clipboard.text(QClipboard.Mode.Clipboard) == "innocent"
