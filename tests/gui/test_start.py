"""Beginning: a new cluster, a saved one, a source; and what was opened is all there."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QListWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, FakeServices, WithoutKeyring, failing, passing, plan_with
from tests.gui.pages import line, press, visible_texts
from tests.patience import patience
from wizard.app.open_source import OpenedSource
from wizard.engine.since import Change, Since
from wizard.formats import cluster_file, dotenv
from wizard.formats.files import SourceError
from wizard.gui import application, remembered
from wizard.gui.languages import languages
from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.gui.steps.paste_dialog import PasteDialog
from wizard.gui.theme import Scheme, theme
from wizard.gui.widgets.inputs import Segments
from wizard.guide.last_runs import LastRun
from wizard.plan.finding import Severity
from wizard.plan.secret import Secret, SecretRef
from wizard.storage.saved_clusters import SavedCluster
from wizard.storage.window_settings import SettingsWriter, WindowSettings


def test_a_saved_cluster_opens_with_its_values_and_secrets(
    shell: Shell, services: FakeServices, session: Session, qtbot: QtBot
) -> None:
    plan = plan_with(name="staging", database__host="db.staging").with_value(
        "database.password", SecretRef("database.password")
    )
    services.library[plan.id] = cluster_file.write(plan)
    services.secret_store.set(plan.id, "database.password", Secret("from-the-secret store"))
    shell.go("start")
    saved = _list_of(shell, qtbot)
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


def _list_of(window: Shell, qtbot: QtBot) -> QListWidget:
    """Return the list of saved clusters, which is made with the first one."""
    qtbot.waitUntil(lambda: window.page.findChild(QListWidget, "saved") is not None)
    found = window.page.findChild(QListWidget, "saved")
    assert found is not None
    return found


def test_a_saved_cluster_is_checked_with_one_click_and_its_result_is_on_the_review(
    session: Session, services: FakeServices, qtbot: QtBot
) -> None:
    plan = plan_with(name="staging")
    services.library[plan.id] = cluster_file.write(plan)
    services.runs[plan.id] = LastRun(datetime.now(UTC), 3, {Severity.FAIL: 2})
    services.since = Since(
        datetime(2026, 11, 27, 22, 10).astimezone(), good=True, findings={Change.NEW: (CONNECT.passed("Refused."),)}
    )
    services.checks = [failing(CONNECT, "db.staging refuses the connection.")]
    window = Shell(session)
    qtbot.addWidget(window, before_close_func=lambda shell: shell.session.autosave.flush())
    window.show()
    saved = _list_of(window, qtbot)
    qtbot.waitUntil(lambda: saved.count() == 1)
    assert re.fullmatch(r"staging\s+·\s+3 nodes, checked \d\d:\d\d, 2 failed", saved.item(0).text())
    assert window.bar.primary_button.text() == "Check &now"
    with qtbot.waitSignal(session.runs.finished):
        QTest.mouseClick(window.bar.primary_button, Qt.MouseButton.LeftButton)
    assert window.current == "review"
    assert services.asked == [()]
    qtbot.waitUntil(lambda: "Since the last good run (2026-11-27 22:10): 1 new." in visible_texts(window))
    listed = "New: database.connect: Refused."
    assert listed not in visible_texts(window)
    press(window, "since-which")
    qtbot.waitUntil(lambda: listed in visible_texts(window))
    memory = window.page.memory()
    press(window, "since-which")
    qtbot.waitUntil(lambda: listed not in visible_texts(window))
    window.page.remember(memory)
    qtbot.waitUntil(lambda: listed in visible_texts(window))
    languages().speak("fr")
    qtbot.waitUntil(lambda: "Depuis la dernière exécution réussie" in " ".join(visible_texts(window)))
    languages().speak("en")
    services.checks = [passing(CONNECT, "Connected.")]
    assert window.bar.primary_button.text() == "Check &failed ones again"
    with qtbot.waitSignal(session.runs.finished):
        QTest.mouseClick(window.bar.primary_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Since the last good run (2026-11-27 22:10): nothing changed." in visible_texts(window))
    assert services.kept == [plan.id]


def test_files_that_are_dropped_are_read_together_and_what_they_do_not_say_leads_to_its_field(
    shell: Shell, services: FakeServices, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    text = "DB_DIALECT=postgres\nDB_HOST=10.0.0.9\nDB_DATABASE=noco\nDB_USER=noco\n"
    services.opened = OpenedSource(*dotenv.read(text, "cluster.env"), "cluster.env")
    shell.go("start")
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("cluster.env", "node-a.env")])
    box = shell.page.sources  # type: ignore[attr-defined]
    how = Qt.DropAction.CopyAction, dropped, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    with qtbot.waitSignal(session.opened):
        QApplication.sendEvent(box, QDragEnterEvent(QPoint(5, 5), *how))
        QApplication.sendEvent(box, QDropEvent(QPointF(5, 5), *how))
    told = shell.page.findChild(QFrame, "what-was-read")
    assert told is not None
    assert re.fullmatch(r"\d+ values were read from cluster\.env\.", told.accessibleName())
    QApplication.processEvents()
    press(shell, "gap.application.public_url")
    assert shell.current == "application"
    qtbot.waitUntil(lambda: QApplication.focusWidget() is line(shell.page, "application.public_url"))


@pytest.fixture
def real_window(_look: None, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """Return a window that reads files itself, of an admin who has saved nothing yet."""
    for kind in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))
    session = Session(WithoutKeyring())
    window = Shell(session)
    qtbot.addWidget(window, before_close_func=lambda window: window.session.autosave.flush())
    session.opening.begin(None)
    window.show()
    qtbot.waitUntil(lambda: session.autosave.secret_store is not None)
    yield window
    qtbot.waitUntil(lambda: session.background.idle)


@pytest.mark.parametrize("name", ["cluster.env", "é t é.env"])
def test_a_real_file_dropped_on_the_window_is_opened(
    real_window: Shell, qtbot: QtBot, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_text("DB_DIALECT=postgres\nDB_HOST=10.0.0.9\n")
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(path))])
    box = real_window.page.sources  # type: ignore[attr-defined]
    at = box.mapTo(real_window, box.rect().center())
    how = Qt.DropAction.CopyAction, dropped, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered, moved, left = QDragEnterEvent(at, *how), QDragMoveEvent(at, *how), QDropEvent(QPointF(at), *how)
    with qtbot.waitSignal(real_window.session.opened):
        for event in (entered, moved, left):
            QApplication.sendEvent(real_window.windowHandle(), event)
    assert left.isAccepted()
    assert real_window.session.document.plan.database.host == "10.0.0.9"


def test_text_that_is_dropped_is_no_file(real_window: Shell) -> None:
    dropped = QMimeData()
    dropped.setText("10.0.0.9")
    box = real_window.page.sources  # type: ignore[attr-defined]
    at = box.mapTo(real_window, box.rect().center())
    how = Qt.DropAction.CopyAction, dropped, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(at, *how)
    QApplication.sendEvent(real_window.windowHandle(), entered)
    assert not entered.isAccepted()


def test_who_chooses_what_stands_there_already_says_what_the_source_did_not(shell: Shell, session: Session) -> None:
    plan, secrets = dotenv.read("DB_DIALECT=postgres\nDB_HOST=10.0.0.9\n", "cluster.env")
    session.take(plan, secrets, "cluster.env")
    assert "balancer.kind" in session.document.plan.unsaid or "balancer" in session.document.plan.unsaid
    shell.go("balancer")
    chosen = shell.page.findChild(Segments, "input.balancer.kind")
    assert chosen is not None
    QTest.mouseClick(chosen.button(chosen.current()), Qt.MouseButton.LeftButton)
    assert "balancer.kind" not in session.document.plan.unsaid


def test_pasted_text_is_shown_with_a_tick_a_line_and_what_is_ticked_is_taken_over_as_one_edit(
    shell: Shell, session: Session, qtbot: QtBot
) -> None:
    shell.go("start")
    press(shell, "paste-anything")
    dialog = shell.page.findChild(PasteDialog, "paste")
    assert dialog is not None
    assert not dialog.take_button.isEnabled()
    dialog.text.setPlainText("DB_HOST=10.0.0.9\nDB_PASSWORD=kT7-quite.secret\n10.0.0.[11-12]")
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 3)
    assert dialog.take_button.text() == "Take over 3 values"
    nodes = next(dialog.table.item(at, 0) for at in range(3) if dialog.table.item(at, 0).text() == "Nodes")  # type: ignore[union-attr]
    nodes.setCheckState(Qt.CheckState.Unchecked)  # type: ignore[union-attr]
    assert dialog.take_button.text() == "Take over 2 values"
    QTest.mouseClick(dialog.take_button, Qt.MouseButton.LeftButton)
    assert session.document.plan.database.host == "10.0.0.9"
    assert session.document.secret("database.password") == Secret("kT7-quite.secret")
    assert session.document.plan.nodes == ()
    session.undo()
    assert session.document.plan.database.host == ""
    assert session.document.secret("database.password") is None


def test_of_a_file_that_is_dropped_into_the_box_its_text_is_taken(shell: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    shell.go("start")
    press(shell, "paste-anything")
    dialog = shell.page.findChild(PasteDialog, "paste")
    assert dialog is not None
    dialog.text.insertPlainText("REDIS_URL=redis://cache:6379")
    (tmp_path / "a.env").write_text("DB_HOST=10.0.0.9\n")
    for name in ("a.env", "none.env"):  # what the first one says is shown before the second is dropped
        dropped = QMimeData()
        dropped.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
        assert dialog.text.canInsertFromMimeData(dropped)
        dialog.text.insertFromMimeData(dropped)
        qtbot.waitUntil(lambda: shell.session.background.idle and dialog.table.rowCount() == 2)
    assert dialog.text.toPlainText() == "REDIS_URL=redis://cache:6379\nDB_HOST=10.0.0.9\n"
    assert dialog.told.text() == f"{tmp_path / 'none.env'} cannot be read: No such file or directory."


def test_the_cluster_that_is_open_is_the_one_chosen_in_the_list(
    shell: Shell, services: FakeServices, session: Session, qtbot: QtBot
) -> None:
    session.autosave.flush()
    qtbot.waitUntil(lambda: session.document.plan.id in services.library)
    shell.go("database")
    shell.go("start")
    saved = _list_of(shell, qtbot)
    qtbot.waitUntil(lambda: [item.text().split()[0] for item in saved.selectedItems()] == ["production"])
    assert shell.page.saved.check_button.isEnabled()  # type: ignore[attr-defined]


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
    saved = _list_of(shell, qtbot)
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
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
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
def test_the_choice_of_colours_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    kept = WindowSettings()
    kept.keep("colours", "dark")
    try:
        writer = SettingsWriter()
        remembered.colours(writer)
        assert theme().scheme is Scheme.DARK
        theme().choose(Scheme.LIGHT)
        assert writer.finish(patience())
        assert kept.get("colours") == "light"
    finally:
        theme().choose(Scheme.SYSTEM)


def test_closing_waits_until_what_was_typed_is_written(
    shell: Shell, services: FakeServices, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    session.document.edit("database.host", "typed-last.internal")
    shell.close()
    qtbot.waitUntil(lambda: not shell.isVisible())
    assert "typed-last.internal" in services.library[session.document.plan.id]


def test_no_source_of_the_window_is_read_as_its_modules_are_loaded() -> None:
    script = """
import linecache
from wizard.gui import quick_imports
quick_imports.by_python()
import wizard.gui.application
print([name for name in linecache.cache if "wizard" in name])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[]"]


def test_openssl_is_loaded_after_the_first_picture() -> None:
    script = """
import sys
import wizard.gui.application
from wizard.gui import quick_imports
print("_hashlib" in sys.modules)
quick_imports.load_soon()
print("_hashlib" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
