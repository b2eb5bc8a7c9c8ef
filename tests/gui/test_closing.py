"""Closing asks once where secrets would be lost, and never where none would."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.plan.secret import Secret
from wizard.vault import SessionVault


def _asked(shell: Shell) -> QMessageBox | None:
    return shell.findChild(QMessageBox, "losing")


def test_closing_asks_before_secrets_of_this_session_are_lost(shell: Shell, session: Session, qtbot: QtBot) -> None:
    session.keeper.take_vault(SessionVault(), "There is no keyring on this system.")
    session.set_secret("application.app_key", Secret("kT7-quite.secret_value"))
    shell.close()
    qtbot.waitUntil(lambda: _asked(shell) is not None)
    box = _asked(shell)
    assert box is not None
    assert shell.isVisible()
    assert shell.isEnabled()
    assert "APP_KEY" in box.text() or "key" in box.text()
    assert "kT7" not in box.text()
    lose = box.findChild(QPushButton, "lose")
    assert lose is not None
    lose.click()
    qtbot.waitUntil(lambda: not shell.isVisible())


def test_closing_asks_nothing_where_a_lasting_vault_holds_the_secrets(
    shell: Shell, session: Session, qtbot: QtBot
) -> None:
    session.set_secret("application.app_key", Secret("kT7-quite.secret_value"))
    shell.close()
    qtbot.waitUntil(lambda: not shell.isVisible())
    assert _asked(shell) is None


def test_closing_asks_nothing_where_no_secret_was_entered(shell: Shell, session: Session, qtbot: QtBot) -> None:
    session.keeper.take_vault(SessionVault(), "")
    session.edit("database.host", "db.internal")
    shell.close()
    qtbot.waitUntil(lambda: not shell.isVisible())
    assert _asked(shell) is None


def test_a_secret_that_was_emptied_is_not_lost(session: Session) -> None:
    session.start_new("x")
    session.keeper.take_vault(SessionVault(), "")
    session.set_secret("database.password", Secret("kT7-quite.secret_value"))
    assert session.keeper.lost == ["Password"]
    session.set_secret("database.password", None)
    assert session.keeper.lost == []
