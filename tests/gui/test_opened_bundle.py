"""A bundle that was opened is checked for what was changed in it by hand, as on the command line."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, FakeServices, failing, passing
from tests.gui.pages import cards, press, summaries
from tests.unit.plans import SECRETS, good_plan
from wizard.app.export import export
from wizard.app.open_source import open_source
from wizard.formats.files import SecretsMode
from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.guide.flow import State
from wizard.plan.finding import Finding, Severity

CHANGED = "env/cluster.env was changed after the export; the plan knows nothing of it."


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """Return an exported bundle whose env file was changed by hand."""
    export(good_plan(), SECRETS, tmp_path / "out")
    with (tmp_path / "out/env/cluster.env").open("a") as file:
        file.write("ADDED_BY_HAND=1\n")
    return tmp_path / "out"


@pytest.fixture
def opened(shell: Shell, services: FakeServices, bundle: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Return the window after the bundle was opened on the start page."""
    monkeypatch.setattr(services, "open_source", open_source)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(bundle))
    services.checks = [passing(CONNECT, "Connected.")]
    shell.go("start")
    with qtbot.waitSignal(shell.session.opened):
        press(shell, "open-bundle")
    return shell


def _check_everything(shell: Shell, qtbot: QtBot) -> None:
    shell.go("review")
    with qtbot.waitSignal(shell.session.runs.finished):
        shell.page.test()


def _of_bundle(session: Session) -> list[Finding]:
    return [item for item in session.document.findings.all if item.id == "plan.bundle_files"]


def test_what_was_changed_by_hand_in_an_opened_bundle_is_told_at_the_review(opened: Shell, qtbot: QtBot) -> None:
    _check_everything(opened, qtbot)
    qtbot.waitUntil(lambda: CHANGED in summaries(opened))
    card = next(card for card in cards(opened) if card.finding.summary == CHANGED)
    assert card.finding.severity is Severity.WARN
    card.asked.emit("export")
    assert opened.current == "export"


def test_it_counts_on_the_export_step_where_it_is_mended(opened: Shell, qtbot: QtBot) -> None:
    _check_everything(opened, qtbot)
    line = opened.side.step("export")
    qtbot.waitUntil(lambda: (line.icon_name, line.fact) == (State.WARN.value, "1 warning"))
    assert opened.side.step("application").icon_name != State.WARN.value


def test_a_step_s_own_test_looks_at_the_bundle_too(opened: Shell, qtbot: QtBot) -> None:
    opened.go("database")
    with qtbot.waitSignal(opened.session.runs.finished):
        press(opened, "test")
    assert [item.summary for item in _of_bundle(opened.session)] == [CHANGED]


def test_an_edit_makes_what_was_said_of_the_bundle_stale_and_takes_nothing_away(opened: Shell, qtbot: QtBot) -> None:
    _check_everything(opened, qtbot)
    opened.session.document.edit("database.host", "db2.internal")
    [finding] = _of_bundle(opened.session)
    assert opened.session.document.findings.stale(finding)


def test_after_an_edit_nobody_claims_that_the_plan_knows_nothing_of_the_change(opened: Shell, qtbot: QtBot) -> None:
    opened.session.document.edit("database.host", "db2.internal")
    _check_everything(opened, qtbot)
    [finding] = _of_bundle(opened.session)
    assert finding.severity is Severity.WARN
    assert finding.summary == "env/cluster.env was changed after the export; the edited plan may not know of it."
    opened.session.document.edit("database.host", good_plan().database.host)
    _check_everything(opened, qtbot)
    assert [item.summary for item in _of_bundle(opened.session)] == [CHANGED]


def test_a_sound_bundle_of_an_edited_plan_is_no_pass(opened: Shell, bundle: Path, qtbot: QtBot) -> None:
    export(good_plan(), SECRETS, bundle)
    _check_everything(opened, qtbot)
    assert [item.severity for item in _of_bundle(opened.session)] == [Severity.PASS]
    opened.session.document.edit("database.host", "db2.internal")
    _check_everything(opened, qtbot)
    [finding] = _of_bundle(opened.session)
    assert finding.severity is Severity.INFO
    assert finding.summary.endswith("the plan was edited since.")


def test_another_cluster_is_not_asked_for_the_former_ones_bundle(opened: Shell, qtbot: QtBot) -> None:
    opened.session.start_new("another")
    _check_everything(opened, qtbot)
    assert _of_bundle(opened.session) == []


def test_after_an_export_the_new_bundle_is_the_one_that_is_checked(
    opened: Shell, bundle: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    session = opened.session
    _check_everything(opened, qtbot)
    session.document.edit("database.host", "db2.internal")
    elsewhere = tmp_path / "elsewhere"
    export(session.document.plan, session.document.secrets, elsewhere)
    session.exported_to(elsewhere, session.document.plan)
    qtbot.waitUntil(lambda: opened.side.step("export").fact == "elsewhere")
    _check_everything(opened, qtbot)
    assert [item.severity for item in _of_bundle(session)] == [Severity.PASS]
    session.exported_to(bundle, replace(session.document.plan, name="as it was when the export began"))
    assert session.document.outdated


def test_checking_failed_ones_again_looks_at_the_bundle_again_too(
    opened: Shell, services: FakeServices, bundle: Path, qtbot: QtBot
) -> None:
    shutil.rmtree(bundle)
    services.checks = [failing(CONNECT, "Refused.")]
    _check_everything(opened, qtbot)
    assert [item.severity for item in _of_bundle(opened.session)] == [Severity.UNKNOWN]
    with qtbot.waitSignal(opened.session.runs.finished):
        press(opened, "primary")
    assert services.asked[-1] == ("plan.", "database.")


@pytest.mark.parametrize(("mode", "proposed"), [(SecretsMode.REFERENCE, 0), (SecretsMode.INLINE, 1)])
def test_an_opened_bundle_is_proposed_as_the_place_of_the_next_export_with_its_way_of_secrets(
    shell: Shell,
    services: FakeServices,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    *,
    mode: SecretsMode,
    proposed: int,
) -> None:
    export(good_plan(), SECRETS, tmp_path / "out", mode)
    monkeypatch.setattr(services, "open_source", open_source)
    with qtbot.waitSignal(shell.session.opened):
        shell.session.opening.open_several([str(tmp_path / "out")])
    shell.go("export")
    destination = shell.page.findChild(QLineEdit, "destination")
    assert destination is not None
    assert destination.text() == str(tmp_path / "out")
    secrets = shell.page.secrets  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: shell.session.background.idle)
    assert secrets.current() == proposed
