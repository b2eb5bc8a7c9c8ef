"""Beginning: a new cluster, a saved one, a source; and what was opened is all there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QLabel, QListWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeServices, plan_with
from tests.gui.pages import line, press
from wizard.app.open_source import OpenedSource
from wizard.formats import cluster_file
from wizard.formats.files import SourceError
from wizard.gui import application
from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.gui.theme import Scheme, theme
from wizard.plan.secret import Secret, SecretRef
from wizard.storage.saved_clusters import SavedCluster


def test_a_saved_cluster_opens_with_its_values_and_secrets(
    shell: Shell, services: FakeServices, session: Session, qtbot: QtBot
) -> None:
    plan = plan_with(name="staging", database__host="db.staging").with_value(
        "database.password", SecretRef("database.password")
    )
    services.library[plan.id] = cluster_file.write(plan)
    services.secret_store.set(plan.id, "database.password", Secret("from-the-secret store"))
    shell.go("start")
    saved = shell.page.findChild(QListWidget, "saved")
    assert saved is not None
    qtbot.waitUntil(lambda: bool(saved.findItems("staging", Qt.MatchFlag.MatchStartsWith)))
    saved.setCurrentItem(saved.findItems("staging", Qt.MatchFlag.MatchStartsWith)[0])
    with qtbot.waitSignal(session.opened):
        press(shell, "open-saved")
    draft = shell.findChild(QLabel, "draft")
    assert draft is not None
    assert draft.text().startswith("saved ")
    shell.go("database")
    assert line(shell.page, "database.host").text() == "db.staging"
    assert line(shell.page, "database.password").text() == "from-the-secret store"
    assert "staging" in shell.windowTitle()


def test_a_damaged_cluster_says_so_in_the_list(
    shell: Shell, services: FakeServices, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    then, why = datetime(2026, 1, 2, tzinfo=UTC), "Its cluster file is empty."
    listed = [
        SavedCluster("a", "whole", then, Path("/saved/a")),
        SavedCluster("b", "broken", then, Path("/saved/b"), why),
    ]
    monkeypatch.setattr(services, "clusters", lambda: listed)
    shell.go("start")
    saved = shell.page.findChild(QListWidget, "saved")
    assert saved is not None
    qtbot.waitUntil(lambda: saved.count() == 2)
    assert [saved.item(row).text().endswith("damaged") for row in (0, 1)] == [False, True]
    assert why in saved.item(1).toolTip()


def test_a_source_given_at_the_start_is_opened_when_the_secret_store_was_found(
    session: Session, services: FakeServices, qtbot: QtBot
) -> None:
    services.opened = OpenedSource(plan_with(name="given"), {}, "given.yaml")
    with qtbot.waitSignal(session.opened):
        session.opening.begin("given.yaml")
    assert session.document.plan.name == "given"
    assert session.autosave.secret_store is services.secret_store


def test_a_source_that_was_read_already_is_taken(session: Session, qtbot: QtBot) -> None:
    opened = OpenedSource(plan_with(name="demo"), {"database.password": Secret("of-the-demo")}, "demo")
    with qtbot.waitSignal(session.opened):
        session.opening.begin(None, opened)
    assert session.document.secrets["database.password"] == Secret("of-the-demo")


def test_a_source_that_cannot_be_read_is_told_in_words(
    shell: Shell, services: FakeServices, session: Session, qtbot: QtBot
) -> None:
    services.opened = SourceError("broken.yaml, line 3: “databse” is no section.")
    shell.go("start")
    with qtbot.waitSignal(session.opening.failed):
        session.opening.open("broken.yaml")
    trouble = shell.page.findChild(QFrame, "open-trouble")
    assert trouble is not None
    assert trouble.property("role") == "banner-bad"
    assert trouble.accessibleName() == "broken.yaml, line 3: “databse” is no section."
    assert session.document.plan.name == "production"


def test_the_draft_is_saved_after_an_edit_and_the_side_says_when(
    shell: Shell, services: FakeServices, session: Session, qtbot: QtBot
) -> None:
    session.document.edit("database.host", "db.internal")
    qtbot.waitUntil(lambda: session.autosave.saved is not None)
    assert "db.internal" in services.library[session.document.plan.id]
    draft = shell.findChild(QLabel, "draft")
    assert draft is not None
    assert draft.text().startswith("draft saved ")


def test_a_draft_that_cannot_be_saved_is_told(
    shell: Shell, services: FakeServices, session: Session, qtbot: QtBot
) -> None:
    services.save_trouble = OSError("No space left on device")
    session.document.edit("database.host", "db.internal")
    draft = shell.findChild(QLabel, "draft")
    assert draft is not None
    qtbot.waitUntil(lambda: draft.text() == "Draft not saved: No space left on device")


def test_enter_in_the_name_begins_a_cluster(session: Session, qtbot: QtBot) -> None:
    window = Shell(session)
    qtbot.addWidget(window)
    window.show()
    name = window.page.name  # type: ignore[attr-defined]
    QTest.keyClicks(name, "acme")
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert session.document.plan.name == "acme"
    assert window.current == "licence"


def test_what_came_from_a_file_is_as_opened(shell: Shell, session: Session) -> None:
    session.take(session.document.plan, {}, "given.yaml")
    draft = shell.findChild(QLabel, "draft")
    assert draft is not None
    assert draft.text() == "as opened"


@pytest.mark.usefixtures("_look")
def test_a_page_is_painted_for_the_self_test(capfd: pytest.CaptureFixture[str]) -> None:
    assert "pixels painted" in application.paint_page()
    assert "propagateSizeHints" not in capfd.readouterr().err


@pytest.mark.usefixtures("_look")
def test_the_choice_of_colours_is_remembered(tmp_path: Path) -> None:
    user = QSettings.Format.IniFormat, QSettings.Scope.UserScope
    former = Path(QSettings(*user, "x", "y").fileName()).parent.parent
    QSettings.setPath(*user, str(tmp_path))
    try:
        kept = QSettings(*user, application.NAME, "window")
        kept.setValue("colours", "dark")
        kept.sync()
        application.remember_colours()
        assert theme().scheme is Scheme.DARK
        theme().choose(Scheme.LIGHT)
        kept.sync()
        assert kept.value("colours") == "light"
    finally:
        theme().choose(Scheme.SYSTEM)
        QSettings.setPath(*user, str(former))


def test_closing_waits_until_what_was_typed_is_written(
    shell: Shell, services: FakeServices, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    session.document.edit("database.host", "typed-last.internal")
    shell.close()
    qtbot.waitUntil(lambda: not shell.isVisible())
    assert "typed-last.internal" in services.library[session.document.plan.id]
