"""Walking through the steps loses nothing."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeServices
from tests.gui.pages import line, note, press, type_into
from tests.patience import patience
from wizard.gui import autosave
from wizard.gui.background import Background
from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.guide import flow
from wizard.plan.plan import Plan
from wizard.plan.sections import Dialect


def test_next_leads_through_all_steps_and_names_where_it_leads(shell: Shell) -> None:
    titles = [step.title for step in flow.STEPS]
    for at, title in enumerate(titles[1:], 1):
        button = shell.bar.primary_button
        if flow.IDS[at - 1] == "review":
            break
        assert button.text().replace("&", "") == f"Next: {title}"
        press(shell, "primary")
        assert shell.current == flow.IDS[at]
    assert shell.current == "review"


def test_back_and_next_keep_every_value(shell: Shell) -> None:
    shell.go("database")
    type_into(shell.page, "database.host", "db.internal")
    type_into(shell.page, "database.password", "s3cret-of-the-db")
    press(shell, "primary")
    press(shell, "back")
    assert line(shell.page, "database.host").text() == "db.internal"
    assert line(shell.page, "database.password").text() == "s3cret-of-the-db"
    assert shell.session.document.plan.database.host == "db.internal"


def test_a_text_that_cannot_be_read_shows_why_and_survives_back_and_next(shell: Shell, qtbot: QtBot) -> None:
    shell.go("database")
    type_into(shell.page, "database.port", "fifty")
    qtbot.waitUntil(lambda: "not a whole number" in note(shell.page, "database.port").text())
    press(shell, "primary")
    press(shell, "back")
    assert line(shell.page, "database.port").text() == "fifty"
    assert note(shell.page, "database.port").text() == "“fifty” is not a whole number."


def test_a_text_that_cannot_be_read_survives_reopening(shell: Shell, session: Session, qtbot: QtBot) -> None:
    shell.go("database")
    type_into(shell.page, "database.port", "fifty")
    session.autosave.flush()
    qtbot.waitUntil(lambda: session.background.idle)
    identity = session.document.plan.id
    session.start_new("another")
    with qtbot.waitSignal(session.opened):
        session.opening.open_saved(identity)
    shell.go("database")
    assert line(shell.page, "database.port").text() == "fifty"
    assert "not a whole number" in note(shell.page, "database.port").text()


def test_who_types_on_and_on_is_saved_meanwhile(session: Session, services: FakeServices, shell: Shell) -> None:
    typed = 0

    def type_on() -> None:
        nonlocal typed
        typed += 1
        session.document.edit("storage.path", f"/srv/{'x' * (typed % 100)}")

    def typed_on_and_saved() -> bool:
        return "/srv/x" in services.library.get(session.document.plan.id, "")

    session.autosave.flush()
    keys = QTimer(shell, interval=20)
    keys.timeout.connect(type_on)
    keys.start()
    loop = QEventLoop()
    session.autosave.draft_saved.connect(lambda *_drafts: loop.quit() if typed_on_and_saved() else None)
    loop.exec()
    keys.stop()
    assert typed_on_and_saved()


def test_behind_a_draft_that_is_being_written_waits_the_newest_one_alone(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autosave, "_PAUSE", 10**6)
    monkeypatch.setattr(autosave, "_LATEST", 1)
    written, go_on, background = list[str](), threading.Event(), Background()

    def save(plan: Plan, _known: Plan | None) -> Plan:
        written.append(plan.name)
        go_on.wait(patience())
        return plan

    kept = autosave.Autosave(background, save, "x")
    kept.keep_draft(Plan(id="x", name="first"))
    qtbot.waitUntil(lambda: written == ["first"])
    for name in ("second", "third"):
        kept.keep_draft(Plan(id="x", name=name))
        loop = QEventLoop()
        QTimer.singleShot(20, loop, loop.quit)
        loop.exec()
    go_on.set()
    qtbot.waitUntil(lambda: background.idle and not kept.waits)
    assert written == ["first", "third"]


def test_a_problem_goes_as_soon_as_the_text_is_right(shell: Shell, qtbot: QtBot) -> None:
    shell.go("database")
    edit = type_into(shell.page, "database.port", "x")
    qtbot.waitUntil(lambda: note(shell.page, "database.port").property("role") == "problem")
    type_into(shell.page, "database.port", "5433")
    qtbot.waitUntil(lambda: edit.property("invalid") == "false")  # the rules follow the key
    assert note(shell.page, "database.port").property("role") == "hint"


def test_settings_that_do_not_count_are_out_of_sight(shell: Shell, session: Session) -> None:
    shell.go("database")
    press(shell, "more-settings")
    assert line(shell.page, "database.schema").isVisible()
    session.document.set("database.dialect", Dialect.MYSQL)
    assert not line(shell.page, "database.schema").isVisible()


def test_folded_settings_open_by_themselves_when_one_is_wrong(shell: Shell, session: Session) -> None:
    shell.go("database")
    assert shell.page.findChild(QLineEdit, "input.database.pool_idle") is None
    session.document.edit("database.pool_idle", "soon")
    assert line(shell.page, "database.pool_idle").isVisible()


class _Windows(QObject):
    """Remembers every window that is shown, however short."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[QObject] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's own name
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(watched)
        return False


def test_no_part_of_a_page_flashes_up_as_a_window_of_its_own(shell: Shell, qapp: QApplication) -> None:
    watch = _Windows()
    qapp.installEventFilter(watch)
    for step in flow.IDS:
        shell.go(step)
    shell.session.start_new("another")
    qapp.removeEventFilter(watch)
    assert watch.shown == []


def test_a_step_at_the_side_is_one_click_away(shell: Shell) -> None:
    press(shell, "step.storage")
    assert shell.current == "storage"
    assert shell.side.step("storage").isChecked()


def test_one_step_alone_looks_like_the_current_one_at_every_moment(shell: Shell) -> None:
    def current() -> list[str]:
        return [step for step in flow.IDS if shell.side.step(step).icon_name == "current"]

    shell.go("database")
    assert current() == ["database"]
    press(shell, "step.storage")
    assert current() == ["storage"]
    shell.back()
    assert current() == ["queue"]


def test_before_a_cluster_is_begun_only_the_first_step_is_open(
    session: Session, services: FakeServices, qtbot: QtBot
) -> None:
    window = Shell(session)
    qtbot.addWidget(window)
    assert not window.side.step("database").isEnabled()
    assert not window.bar.primary_button.isEnabled()
    window.page_of("start").name.setText("staging")  # type: ignore[attr-defined]
    assert window.bar.primary_button.isEnabled()
    window.primary()
    assert session.document.plan.name == "staging"
    assert window.current == "licence"
