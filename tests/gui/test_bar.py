"""The bar: buttons of pages come and go with them, and never stand alone."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, REDIS, FakeServices, Gate, failing, passing
from tests.gui.pages import press
from wizard.gui.shell import Shell
from wizard.plan.finding import Severity


def test_no_button_of_a_page_out_of_sight_becomes_a_window(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    services.checks = [passing(CONNECT, "Connected."), failing(REDIS, "Redis is gone.", subject="cache")]
    shell.go("review")
    with qtbot.waitSignal(shell.session.runs.finished):
        shell.primary()
    shell.go("database")
    shell.session.document.edit("database.host", "db.internal")
    shell.page_of("review").show_findings()
    for button in shell.page_of("review").bar_right:
        button.setVisible(True)
    assert [window for window in QApplication.topLevelWidgets() if window.isVisible()] == [shell]
    shell.go("review")
    assert all(shell.bar.isAncestorOf(button) for button in shell.page.bar_right)


def test_figures_leave_out_what_an_edit_has_overtaken(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    services.checks = [passing(CONNECT, "Connected."), passing(REDIS, "Connected.", subject="cache")]
    shell.go("review")
    with qtbot.waitSignal(shell.session.runs.finished):
        shell.primary()
    assert shell.bar.way_on_button.text() == "&Next: Export"
    shell.session.document.edit("database.host", "db.internal")
    qtbot.waitUntil(lambda: "1 changed since the test" in shell.page.intro.text())
    words = shell.page.intro.text()
    fresh = [item for item in shell.session.document.findings.all if not shell.session.document.findings.stale(item)]
    assert f"{sum(item.severity is Severity.PASS for item in fresh)} passed" in words


def test_the_review_says_that_a_run_was_cancelled(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    gate = Gate()
    services.checks = [gate.check("database", (CONNECT,), CONNECT.passed("x"))]
    shell.go("review")
    shell.primary()
    qtbot.waitUntil(lambda: shell.session.runs.total == 1)
    with qtbot.waitSignal(shell.session.runs.finished):
        press(shell, "cancel")
    gate.open.set()
    assert shell.page.intro.text().startswith("The run was cancelled")
    assert shell.bar.primary_button.text() == "&Check everything"


def test_no_two_buttons_in_sight_share_a_mnemonic(shell: Shell) -> None:
    shell.go("start")
    start = [button for button in (shell.bar.back_button, shell.page._new) if button]  # type: ignore[attr-defined]
    letters = [button.text().partition("&")[2][:1].lower() for button in start]
    assert len(set(letters)) == len(letters)


def test_after_a_cluster_was_opened_the_focus_is_not_in_the_name_of_another(shell: Shell) -> None:
    shell.session.take(shell.session.document.plan, {}, "given.yaml")
    assert QApplication.focusWidget() is shell.bar.primary_button
