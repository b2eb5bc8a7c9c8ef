"""A finding that is known and wanted is accepted in the window: it stays in sight, counts no longer, and comes back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from unittest.mock import Mock

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, REDIS, FakeServices, failing, passing
from tests.gui.pages import cards, press, summaries
from tests.unit.plans import SECRETS, good_plan
from wizard.app.acceptance import AcceptError
from wizard.checks.registry import component
from wizard.engine.since import Change, Since
from wizard.formats import cluster_file
from wizard.gui.shell import Shell
from wizard.gui.widgets.accept_dialog import AcceptDialog
from wizard.gui.widgets.card import FindingCard
from wizard.guide.accepting import where
from wizard.guide.exporting import doubts
from wizard.guide.status import counted
from wizard.plan.finding import Severity
from wizard.plan.identity import new_id

GONE, WORKS = "Redis is gone.", "Connected."
ACCEPTED = "Accepted until 2999-12-24: a test cluster"


@pytest.fixture
def review(shell: Shell, services: FakeServices, qtbot: QtBot) -> Shell:
    """The review after a run in which Redis failed for two roles."""
    services.checks = [
        passing(CONNECT, WORKS),
        *(failing(REDIS, GONE, subject=role) for role in ("cache", "lock")),
    ]
    shell.session.take(good_plan(), SECRETS, "")
    shell.go("review")
    with qtbot.waitSignal(shell.session.runs.finished):
        shell.primary()
    qtbot.waitUntil(lambda: GONE in summaries(shell))
    return shell


def _card(shell: Shell) -> FindingCard:
    [card] = [card for card in cards(shell) if card.finding.summary == GONE]
    return card


def _ask(shell: Shell, qtbot: QtBot) -> AcceptDialog:
    """Ask for the dialog by the keyboard alone."""
    button = _card(shell).findChild(QPushButton, "accept")
    assert button is not None
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: any(one.isVisible() for one in shell.findChildren(AcceptDialog)))
    [dialog] = [one for one in shell.findChildren(AcceptDialog) if one.isVisible()]
    return dialog


def _focused(shell: Shell) -> str:
    found = shell.focusWidget()
    return found.objectName() if found else ""


def _accept(shell: Shell, qtbot: QtBot, reason: str = "a test cluster", until: str = "2999-12-24") -> None:
    dialog = _ask(shell, qtbot)
    QTest.keyClicks(dialog.reason, reason)
    QTest.keyClicks(dialog.until, until)
    QTest.keyClick(dialog.until, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(_card(shell).finding.accepted))


def test_it_is_accepted_by_the_keyboard_stays_in_sight_and_counts_no_longer(review: Shell, qtbot: QtBot) -> None:
    assert review.bar.primary_button.text() == "Check &failed ones again"
    _accept(review, qtbot)
    qtbot.waitUntil(lambda: review.bar.primary_button.text() == "&Next: Export")
    page, document = review.page, review.session.document
    assert "2 accepted" in page.intro.text()
    assert "failed" not in page.intro.text()
    qtbot.waitUntil(lambda: page.verdict.text().startswith("Nothing to do"))
    told = _card(review).findChild(QLabel, "accepted")
    assert told is not None
    assert told.text() == ACCEPTED
    assert _card(review).accessibleName() == f"failed, accepted: {GONE}"
    assert review.side.step("redis").icon_name == "todo"  # neither failed nor tested
    assert (counted(document.findings.all), doubts(document.findings.all, "")) == ("", ())
    assert [(one.name, one.severity) for one in document.plan.accepted] == [
        ((REDIS.id, role), Severity.FAIL) for role in ("cache", "lock")
    ]
    qtbot.waitUntil(lambda: _focused(review) == "withdraw")


def test_enter_on_cancel_accepts_nothing(review: Shell, qtbot: QtBot) -> None:
    dialog = _ask(review, qtbot)
    QTest.keyClicks(dialog.reason, "a test cluster")
    cancel = dialog.findChild(QPushButton, "accept-not")
    assert cancel is not None
    cancel.setFocus()
    QTest.keyClick(cancel, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not any(one.isVisible() for one in review.findChildren(AcceptDialog)))
    assert review.session.document.plan.accepted == ()


def test_it_is_kept_in_the_saved_cluster(review: Shell, services: FakeServices, qtbot: QtBot) -> None:
    session = review.session
    _accept(review, qtbot)
    session.autosave.flush()
    qtbot.waitUntil(lambda: not session.autosave.waits)
    saved = cluster_file.read(services.library[session.document.plan.id], "cluster.yaml", draft=True)
    assert saved.accepted == session.document.plan.accepted != ()


def test_withdrawing_undoing_and_redoing_count_at_once(review: Shell, qtbot: QtBot) -> None:
    _accept(review, qtbot)
    press(review, "withdraw")
    qtbot.waitUntil(lambda: review.bar.primary_button.text() == "Check &failed ones again")
    assert review.session.document.plan.accepted == ()
    qtbot.waitUntil(lambda: _focused(review) == "accept")
    review.activateWindow()  # as a window manager does once a dialog has gone
    qtbot.waitUntil(review.isActiveWindow)
    QTest.keyClick(review, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: review.bar.primary_button.text() == "&Next: Export")
    QTest.keyClick(review, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not _card(review).finding.accepted)
    assert review.current == "review"


def test_it_counts_again_once_it_is_another_one(review: Shell, services: FakeServices, qtbot: QtBot) -> None:
    _accept(review, qtbot)
    services.checks = [passing(CONNECT, WORKS), failing(REDIS, "Redis refuses.", subject="replica")]
    with qtbot.waitSignal(review.session.runs.finished):
        press(review, "check-all")
    qtbot.waitUntil(lambda: review.bar.primary_button.text() == "Check &failed ones again")


def test_what_changed_since_the_last_good_run_follows_at_once(
    review: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    new = tuple(item for item in review.session.document.findings.all if item.summary == GONE)
    services.since = Since(datetime(2026, 11, 27, 22, 10, tzinfo=UTC), good=True, findings={Change.NEW: new})
    with qtbot.waitSignal(review.session.keeper.told):
        review.session.autosave.saved = datetime.now(UTC)
        press(review, "check-all")
    qtbot.waitUntil(lambda: review.page.since.sentence.text().endswith(": 2 new."))
    _accept(review, qtbot)
    qtbot.waitUntil(lambda: review.page.since.sentence.text().endswith(": nothing changed."))


def test_it_ends_with_its_last_day_in_a_window_that_stays_open(
    review: Shell, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _accept(review, qtbot)
    qtbot.waitUntil(lambda: review.bar.primary_button.text() == "&Next: Export")
    later = Mock(now=lambda *_zone: datetime(2999, 12, 25, 12, tzinfo=UTC))
    monkeypatch.setattr("wizard.app.check.datetime", later)
    monkeypatch.setattr("wizard.gui.session.datetime", later)
    review.session._days.timeout.emit()
    qtbot.waitUntil(lambda: review.bar.primary_button.text() == "Check &failed ones again")
    assert not _card(review).finding.accepted


def test_of_a_source_it_is_noted_where_the_command_line_looks_and_taken_back_there(
    review: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    file, names = Path("/srv/accepted.yaml"), [(REDIS.id, role) for role in ("cache", "lock")]
    review.session.document.accepts_in = file
    dialog = _ask(review, qtbot)
    place = dialog.findChild(QLabel, "accept-where")
    assert place is not None
    assert str(file) in place.text()
    dialog.reject()
    review.activateWindow()
    _accept(review, qtbot)
    qtbot.waitUntil(lambda: services.noted == [(file, [], names)])
    review.session.undo()
    qtbot.waitUntil(lambda: services.noted[1:] == [(file, names, [])])


@pytest.mark.parametrize(
    ("source", "file", "said"),
    [
        ("", None, ""),
        ("a.env, b.env", None, "with the saved cluster alone, and an export takes it along"),
        ("a.env", Path("/srv/accepted.yaml"), "/srv/accepted.yaml"),
    ],
)
def test_where_it_will_stand_is_said_of_a_source(source: str, file: Path | None, said: str) -> None:
    found = where(source, file)
    assert (said in found, bool(found)) == (True, bool(said))


def test_a_file_of_a_source_that_cannot_be_written_is_told(review: Shell, services: FakeServices, qtbot: QtBot) -> None:
    review.session.document.accepts_in = Path("/srv/accepted.yaml")
    services.save_trouble = AcceptError("/srv/accepted.yaml cannot be written: Permission denied.")
    _accept(review, qtbot)
    qtbot.waitUntil(lambda: "Permission denied" in review.session.autosave.source_trouble)


def test_what_could_not_be_noted_is_tried_again_with_the_next_edit(
    review: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    session, file = review.session, Path("/srv/accepted.yaml")
    session.document.accepts_in = file
    services.save_trouble = AcceptError("Permission denied.")
    _accept(review, qtbot)
    qtbot.waitUntil(lambda: "Permission denied" in session.autosave.source_trouble)
    services.save_trouble = None
    session.document.edit("name", "another name")
    qtbot.waitUntil(lambda: services.noted == [(file, [], [(REDIS.id, role) for role in ("cache", "lock")])])
    qtbot.waitUntil(lambda: session.autosave.source_trouble == "")


def test_closing_waits_for_the_note_and_its_outcome_is_of_no_other_cluster(
    review: Shell, services: FakeServices, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, go_on = review.session, Event()

    def refuse_late(*_given: object) -> None:
        go_on.wait()
        raise AcceptError("Permission denied.")

    monkeypatch.setattr(services, "note_accepted", refuse_late)
    session.document.accepts_in = Path("/srv/accepted.yaml")
    try:
        _accept(review, qtbot)
        session.autosave.flush()
        qtbot.waitUntil(lambda: session.autosave.saved is not None)
        assert (session.autosave.writes, session.autosave.waits) == (True, True)
        session.take(replace(good_plan(), id=new_id()), SECRETS, "")
    finally:
        go_on.set()
    qtbot.waitUntil(lambda: session.background.idle)
    assert (session.autosave.writes, session.autosave.source_trouble) == (False, "")


def test_a_saved_report_says_it(review: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    _accept(review, qtbot)
    review.page.saving._save(tmp_path / "report.json")  # type: ignore[attr-defined]
    qtbot.waitUntil((tmp_path / "report.json").exists)
    qtbot.waitUntil(lambda: review.session.background.idle)
    assert json.loads((tmp_path / "report.json").read_text())["summary"]["accepted"] == 2


REFUSED = (
    (" ", "", "A reason is wanted: whoever reads the report asks for it.", "accept-reason"),
    ("known", "24.12.2999", "“24.12.2999” is no day as YYYY-MM-DD.", "accept-until"),
    ("known", "2026-02-30", "“2026-02-30” is no day as YYYY-MM-DD.", "accept-until"),
    ("known", "2001-01-01", "2001-01-01 is over: it would count again at once.", "accept-until"),
)
"""What is entered as reason and last day, what is said of it, and where one goes on."""


def test_what_is_missing_or_cannot_be_read_is_said_and_nothing_is_accepted(review: Shell, qtbot: QtBot) -> None:
    dialog = _ask(review, qtbot)
    assert all(one.accessibleName() for one in dialog.findChildren(QLineEdit))
    for reason, until, said, back_to in REFUSED:
        dialog.reason.setText(reason)
        dialog.until.setText(until)
        press(dialog, "accept-go")
        assert (dialog.told.text(), dialog.isVisible()) == (said, True)
        assert dialog.focusWidget().objectName() == back_to, said
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert review.session.document.plan.accepted == ()


def test_what_a_rule_says_is_accepted_on_its_step_and_its_field_is_marked_no_longer(shell: Shell, qtbot: QtBot) -> None:
    session = shell.session
    session.take(good_plan().with_text("application.public_url", ""), SECRETS, "")
    shell.go("application")
    before = counted(session.document.findings.all)
    qtbot.waitUntil(lambda: any(card.way_on for card in cards(shell)))
    card = next(card for card in cards(shell) if card.way_on)
    finding, key = card.finding, str(card.finding.facts["setting"])
    assert session.document.note(key, left=True)
    assert card.way_on is not None
    card.way_on.click()
    qtbot.waitUntil(lambda: any(one.isVisible() for one in shell.findChildren(AcceptDialog)))
    [dialog] = [one for one in shell.findChildren(AcceptDialog) if one.isVisible()]
    QTest.keyClicks(dialog.reason, "known")
    QTest.keyClick(dialog.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: any(one.finding.accepted and one.finding.id == finding.id for one in cards(shell)))
    assert session.document.note(key, left=True) is None
    assert counted(session.document.findings.all) != before
    assert component("plan").spec(finding.id) is not None
