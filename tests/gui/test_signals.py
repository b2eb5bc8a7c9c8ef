"""A window that the system asks to end closes without a question, and cancels its run."""

import os
import signal

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.gui.signals import heard
from wizard.plan.secret import Secret
from wizard.storage.secret_store import SessionStore


def test_the_interpreter_wakes_the_loop_for_a_signal_and_no_longer_afterwards(qtbot: QtBot) -> None:
    before = _woken()
    with heard(lambda _number: None):
        assert _woken() not in {before, -1}
    assert _woken() == before


def _woken() -> int:
    """Return where the interpreter writes to as a signal comes."""
    found = signal.set_wakeup_fd(-1)
    signal.set_wakeup_fd(found, warn_on_full_buffer=False)
    return found


def test_a_signal_that_is_ignored_stays_ignored(qtbot: QtBot) -> None:
    former = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with heard(lambda _number: None):
            assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, former)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_closes_the_window_without_a_question(
    shell: Shell, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    session.autosave.take_secret_store(SessionStore(), "There is no keyring on this system.")
    session.document.set_secret("application.app_key", Secret("kT7-quite.secret_value"))
    cancelled: list[bool] = []
    monkeypatch.setattr(session.runs, "cancel", lambda: cancelled.append(True))
    told: list[int] = []
    before = signal.getsignal(number)
    with heard(lambda got: (told.append(got), shell.end())):
        os.kill(os.getpid(), number)
        qtbot.waitUntil(lambda: not shell.isVisible())
    assert told == [number]
    assert cancelled
    assert shell.findChild(QMessageBox, "losing") is None
    assert signal.getsignal(number) == before
