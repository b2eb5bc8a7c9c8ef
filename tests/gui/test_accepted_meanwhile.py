"""What the command line changes in a cluster that the window has open: findings accepted, and where secrets are."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeServices
from tests.gui.pages import press
from wizard.app.outside_secrets import references
from wizard.formats import cluster_file
from wizard.formats.cluster_file.accepted import with_accepted
from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.plan.accepted import Accepted
from wizard.plan.changed_meanwhile import with_outside
from wizard.plan.finding import Severity
from wizard.plan.secret import Secret

KNOWN = Accepted("redis.connect", "cache", Severity.FAIL, "known")


def test_the_next_save_keeps_it_and_the_window_knows_it_from_then_on(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    session = shell.session
    identity = session.document.plan.id
    session.document.edit("database.name", "first")
    session.autosave.flush()
    qtbot.waitUntil(lambda: not session.autosave.waits)
    services.library[identity] = with_accepted(services.library[identity], [KNOWN])
    session.document.seal()
    session.document.edit("database.name", "second")
    session.autosave.flush()
    qtbot.waitUntil(lambda: session.document.plan.accepted == (KNOWN,))
    saved = cluster_file.read(services.library[identity], identity, draft=True)
    assert (saved.accepted, saved.database.name) == ((KNOWN,), "second")
    session.undo()
    assert session.document.text("database.name") == "first"
    session.autosave.flush()
    qtbot.waitUntil(lambda: not session.autosave.waits)
    assert session.document.plan.accepted == (KNOWN,)


def test_of_a_source_it_is_noted_there_without_a_further_edit(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    session = shell.session
    session.document.edit("database.name", "first")
    session.autosave.flush()
    qtbot.waitUntil(lambda: not session.autosave.waits)
    identity, file = session.document.plan.id, Path("/srv/accepted.yaml")
    session.document.accepts_in = file
    services.library[identity] = with_accepted(services.library[identity], [KNOWN])
    session.document.seal()
    session.document.edit("database.name", "second")
    session.autosave.flush()
    qtbot.waitUntil(lambda: services.noted == [(file, [], [KNOWN.name])])


def test_a_draft_that_waited_behind_the_one_that_brought_it_takes_nothing_back(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    session = shell.session
    identity = session.document.plan.id
    session.autosave.flush()
    qtbot.waitUntil(lambda: not session.autosave.waits)
    services.library[identity] = with_accepted(services.library[identity], [KNOWN])
    for name in ("first", "second"):  # both are on their way before the window hears of either
        session.document.edit("database.name", name)
        session.autosave.flush()
    qtbot.waitUntil(lambda: session.document.plan.accepted == (KNOWN,))
    qtbot.waitUntil(lambda: not session.autosave.waits)
    saved = cluster_file.read(services.library[identity], identity, draft=True)
    assert (saved.accepted, saved.database.name) == ((KNOWN,), "second")


def test_where_the_command_line_says_that_a_secret_is_counts_in_the_window_and_is_said(
    shell: Shell, services: FakeServices, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity, name = session.document.plan.id, "database.password"
    session.document.set_secret(name, Secret("the-former-one"))
    session.autosave.flush()
    qtbot.waitUntil(lambda: not session.autosave.waits)
    former = cluster_file.read(services.library[identity], identity, draft=True)
    services.library[identity] = cluster_file.write(with_outside(former, name, "env:DB_SECRET"))
    outside = {name: Secret("the-one-from-outside")}
    monkeypatch.setattr(services, "gather", lambda _plan, known, _store: {**outside, **known})
    shell.go("storage")
    session.document.edit("database.name", "second")
    session.autosave.flush()
    told = shell.findChild(QLabel, "secrets-moved")
    assert told is not None
    qtbot.waitUntil(lambda: told.isVisible() and session.document.secrets == outside)
    assert "Database: Password" in told.text()
    session.undo()
    session.autosave.flush()
    qtbot.waitUntil(lambda: not session.autosave.waits)
    kept = cluster_file.read(services.library[identity], identity, draft=True)
    assert references(kept) == references(session.document.plan) == {name: "env:DB_SECRET"}
    press(shell, "secrets-moved-read")
    qtbot.waitUntil(lambda: not told.isVisible())


def test_of_several_secrets_that_are_elsewhere_is_said_how_many(session: Session, shell: Shell) -> None:
    session.document.set_secret("database.password", Secret("one"))
    session.document.set_secret("application.app_key", Secret("another"))
    session.moved = frozenset({"database.password", "application.app_key"})
    shell.go("storage")
    told = shell.findChild(QLabel, "secrets-moved")
    assert told is not None
    assert "where 2 secrets are: " in told.text()
    assert "Database: Password" in told.text()
