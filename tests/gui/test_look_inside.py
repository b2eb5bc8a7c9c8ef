"""The window looks from inside the nodes: chosen for one cluster, with the command in sight, cancelled at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, FakeServices, WithoutKeyring, failing, passing
from tests.gui.pages import press, summaries, visible_texts
from tests.unit.plans import SECRETS, good_plan
from wizard.engine.unanswered import with_more_time
from wizard.gui import remembered
from wizard.gui.commands import Ways, commands
from wizard.gui.finder import Finder
from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.gui.steps.review import ReviewPage
from wizard.guide.advice import in_window
from wizard.plan.finding import Finding, Severity
from wizard.plan.plan import Plan
from wizard.plan.secret import HIDDEN
from wizard.plan.sections import Transport
from wizard.plan.spec import Spec
from wizard.storage.window_settings import SettingsWriter

DRIFT = Spec("inside.app_key", "All nodes have one APP_KEY.")
CONTROL = Qt.KeyboardModifier.ControlModifier


def _plan(transport: Transport = Transport.SSH, command: str = "") -> Plan:
    return good_plan().with_value("reach.transport", transport).with_value("reach.command", command)


def _switch(shell: Shell) -> QCheckBox:
    found = shell.page.findChild(QCheckBox, "inside")
    assert found is not None
    return found


def _take(shell: Shell, plan: Plan, page: str = "review") -> None:
    shell.session.take(plan, SECRETS, "")
    shell.go(page)


def _run(shell: Shell, qtbot: QtBot, name: str) -> None:
    with qtbot.waitSignal(shell.session.runs.finished):
        press(shell, name)


def _look_inside_once(shell: Shell, qtbot: QtBot) -> None:
    """Take a plan with a way into its nodes, and check everything with the switch on."""
    _take(shell, _plan())
    shell.session.inside.turn(on=True)
    _run(shell, qtbot, "primary")


def test_the_switch_is_there_where_the_plan_has_a_way_and_shows_its_command(shell: Shell, qtbot: QtBot) -> None:
    _take(shell, good_plan())
    assert not _switch(shell).isVisible()
    shell.session.document.set("reach.transport", Transport.DOCKER)
    qtbot.waitUntil(_switch(shell).isVisible)
    assert any("docker exec -i {target} node" in text for text in visible_texts(shell))
    assert "docker exec -i {target}" in _switch(shell).accessibleDescription()
    shell.session.document.set("reach.transport", Transport.COMMAND)  # with no command yet
    qtbot.waitUntil(lambda: not _switch(shell).isVisible())


def test_everything_is_looked_at_from_inside_only_once_the_switch_is_on(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    _take(shell, _plan())
    _run(shell, qtbot, "primary")
    QTest.mouseClick(_switch(shell), Qt.MouseButton.LeftButton)
    _run(shell, qtbot, "check-all")
    QTest.keyClick(_switch(shell), Qt.Key.Key_Space)
    _run(shell, qtbot, "check-all")
    assert services.looked == [False, True, False]


def test_what_failed_inside_is_looked_at_again_from_inside(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    services.checks = [failing(DRIFT, "node2 has another APP_KEY.")]
    _look_inside_once(shell, qtbot)
    qtbot.waitUntil(lambda: "node2 has another APP_KEY." in summaries(shell))
    _run(shell, qtbot, "primary")
    assert (services.asked[-1], services.looked) == (("plan.", "inside."), [True, True])


def test_with_the_switch_off_what_was_found_inside_is_not_looked_at_again(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    services.checks = [failing(DRIFT, "node2 has another APP_KEY."), failing(CONNECT, "Refused.")]
    _look_inside_once(shell, qtbot)
    QTest.mouseClick(_switch(shell), Qt.MouseButton.LeftButton)
    _run(shell, qtbot, "primary")
    assert (services.asked[-1], services.looked) == (("plan.", "database."), [True, False])


def test_with_the_switch_off_nothing_is_checked_again_where_only_the_inside_failed(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    services.checks = [failing(DRIFT, "node2 has another APP_KEY.")]
    _look_inside_once(shell, qtbot)
    page = shell.page
    assert isinstance(page, ReviewPage)
    qtbot.waitUntil(page.repeat.isVisible)
    QTest.mouseClick(page.repeat, Qt.MouseButton.LeftButton)
    shell.session.inside.turn(on=False)
    page.check_failed()  # as the clock does
    assert (shell.session.runs.running, services.looked) == (False, [True])
    assert not page.repeater.on
    assert not page.repeat.isChecked()
    assert page.action == ""
    qtbot.waitUntil(lambda: not page.repeat.isVisible())


def test_checking_again_ends_with_the_switch_off_and_claims_nothing_of_the_inside(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    services.checks = [failing(DRIFT, "node2 has another APP_KEY."), failing(CONNECT, "Refused.")]
    _look_inside_once(shell, qtbot)
    shell.session.inside.turn(on=False)
    page = shell.page
    assert isinstance(page, ReviewPage)
    page.repeater.turn(on=True)
    services.checks = [passing(CONNECT, "Connected.")]
    with qtbot.waitSignal(page.repeater.passed):
        page.check_failed()
    assert page.outcome.told
    assert any("Inside them nobody looked again." in text for text in visible_texts(shell))


def test_the_switch_never_flashes_up_as_a_window_of_its_own(shell: Shell) -> None:
    for page in ("nodes", "review"):
        _take(shell, _plan(), page)
        assert shell.isActiveWindow()


def test_another_cluster_begins_with_the_switch_off(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    _take(shell, _plan())
    shell.session.inside.turn(on=True)
    _take(shell, replace(_plan(), id="another"))
    assert not _switch(shell).isChecked()
    _run(shell, qtbot, "primary")
    assert services.looked == [False]


def test_another_command_is_not_run_on_the_strength_of_a_former_consent(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    session = shell.session
    _take(shell, _plan(Transport.COMMAND, "first {target}"))
    QTest.mouseClick(_switch(shell), Qt.MouseButton.LeftButton)
    _run(shell, qtbot, "primary")
    session.document.set("reach.command", "second {target}")
    qtbot.waitUntil(lambda: not _switch(shell).isChecked())
    assert not session.inside.on
    _run(shell, qtbot, "check-all")
    session.undo()  # the command that was agreed to stands there again
    shell.go("review")
    qtbot.waitUntil(_switch(shell).isChecked)
    session.redo()
    shell.go("review")
    qtbot.waitUntil(lambda: not _switch(shell).isChecked())
    _run(shell, qtbot, "check-all")
    assert services.looked == [True, False, False]
    QTest.mouseClick(_switch(shell), Qt.MouseButton.LeftButton)
    session.undo()  # the last word was for the other command
    assert not session.inside.on


def test_a_change_of_the_program_asks_for_consent_anew(shell: Shell) -> None:
    document, inside = shell.session.document, shell.session.inside
    _take(shell, _plan(Transport.SSH))
    inside.turn(on=True)
    document.set("reach.transport", Transport.NONE)
    assert not inside.on
    document.set("reach.transport", Transport.DOCKER)
    assert not inside.on
    document.set("reach.transport", Transport.SSH)
    assert inside.on


def test_a_page_that_is_built_anew_does_not_consent_again(shell: Shell) -> None:
    session = shell.session
    _take(shell, _plan(Transport.COMMAND, "first {target}"))
    QTest.mouseClick(_switch(shell), Qt.MouseButton.LeftButton)
    page = shell.page
    assert isinstance(page, ReviewPage)
    memory = page.memory()
    assert memory.ticks["inside"]
    session.document.set("reach.command", "second {target}")
    page.remember(memory)
    assert not session.inside.on


def test_ctrl_k_looks_inside_where_there_is_a_way(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    _take(shell, _plan(), "database")
    QTest.keyClick(shell, Qt.Key.Key_K, CONTROL)
    qtbot.waitUntil(lambda: any(one.isVisible() for one in shell.findChildren(Finder)))
    [finder] = [one for one in shell.findChildren(Finder) if one.isVisible()]
    QTest.keyClicks(finder.edit, "look inside")
    with qtbot.waitSignal(shell.session.runs.finished):
        QTest.keyClick(finder.edit, Qt.Key.Key_Return)
    assert (shell.current, services.looked, _switch(shell).isChecked()) == ("review", [True], True)
    shell.session.document.set("reach.transport", Transport.NONE)
    ways: Ways = shell._ways()
    assert "inside" not in commands(ways)


def test_the_page_of_the_nodes_shows_the_command_and_tries_it(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    _take(shell, good_plan(), "nodes")
    assert not any(one.isVisible() for one in shell.page.findChildren(QPushButton, "look-inside"))
    shell.session.document.set("reach.transport", Transport.KUBECTL)
    told = shell.page.findChild(QLabel, "way-command")
    assert told is not None
    qtbot.waitUntil(lambda: told.isVisible() and "kubectl exec -i {target} -- node" in told.text())
    _run(shell, qtbot, "look-inside")
    assert (shell.current, services.asked, services.looked) == ("review", [("plan.", "inside.")], [True])


def test_the_way_into_the_nodes_is_found_on_their_page(shell: Shell, qtbot: QtBot) -> None:
    _take(shell, _plan(Transport.COMMAND, "true"), "review")
    shell.go_to("reach.command")
    assert shell.current == "nodes"
    qtbot.waitUntil(lambda: shell.focusWidget().objectName() == "input.reach.command")


@pytest.fixture
def real(session: Session, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """A window whose runs are real ones."""
    verbs = WithoutKeyring()
    for name in ("prepare", "look_inside"):
        monkeypatch.setattr(session.services, name, getattr(verbs, name))
    return shell


def _command(code: str) -> str:
    return f'{sys.executable} -S -c "{code}" {{target}}'


def _inside(shell: Shell) -> tuple[Finding, ...]:
    return shell.session.document.findings.of("inside")


def test_a_node_that_does_not_answer_is_unknown_with_its_standard_error_but_no_secret(
    real: Shell, qtbot: QtBot
) -> None:
    password = SECRETS["database.password"].reveal()
    code = f"import sys; sys.exit('no way: {password}')"
    _take(real, _plan(Transport.COMMAND, _command(code)), "nodes")
    _run(real, qtbot, "look-inside")
    answers = [item for item in _inside(real) if item.id == "inside.answers"]
    assert [item.subject for item in answers] == [node.name for node in good_plan().nodes]
    assert {item.severity for item in answers} == {Severity.UNKNOWN}
    assert all(f"no way: {HIDDEN}" in item.detail and password not in item.detail for item in answers)
    qtbot.waitUntil(lambda: any("could not be looked at from inside" in text for text in summaries(real)))


def test_cancelling_ends_the_look_at_once_and_its_programs(real: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    mark = tmp_path / "pids"
    code = f"import os, signal; open('{mark}', 'a').write(str(os.getpid()) + chr(10)); signal.pause()"
    _take(real, _plan(Transport.COMMAND, _command(code)), "nodes")
    press(real, "look-inside")
    nodes = len(good_plan().nodes)
    qtbot.waitUntil(lambda: mark.exists() and len(mark.read_text().split()) == nodes)
    with qtbot.waitSignal(real.session.runs.finished):
        QTest.keyClick(real, Qt.Key.Key_Escape)  # else the look ends by its deadline, and skips nothing
    assert {item.severity for item in _inside(real)} == {Severity.SKIP}
    qtbot.waitUntil(lambda: not any(_lives(int(pid)) for pid in mark.read_text().split()))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


@pytest.mark.usefixtures("kept")
def test_at_night_the_nodes_are_looked_into_as_last_time_but_never_by_another_command(
    shell: Shell, qtbot: QtBot
) -> None:
    session = shell.session
    remembered.inside(SettingsWriter(), session)
    _take(shell, _plan())
    session.inside.turn(on=True)
    _run(shell, qtbot, "primary")
    for plan, expected in (
        (_plan(), True),
        (_plan(Transport.DOCKER), False),
        (replace(_plan(), id="another"), False),
        (_plan(), True),
    ):
        session.take(plan, SECRETS, "")
        assert session.inside.on is expected, plan.reach
    session.take(replace(_plan(), id="another"), SECRETS, "")  # no person turned it off
    session.take(_plan(), SECRETS, "")
    assert session.inside.on


@pytest.mark.usefixtures("kept")
def test_a_consent_that_was_taken_back_is_forgotten_at_once(shell: Shell, qtbot: QtBot) -> None:
    session = shell.session
    remembered.inside(SettingsWriter(), session)
    _take(shell, _plan())
    QTest.mouseClick(_switch(shell), Qt.MouseButton.LeftButton)
    _run(shell, qtbot, "primary")
    QTest.mouseClick(_switch(shell), Qt.MouseButton.LeftButton)  # and nothing is run after that
    session.take(_plan(), SECRETS, "")
    assert not session.inside.on


@pytest.mark.parametrize(("transport", "words"), [(Transport.SSH, "turn on “Look"), (Transport.NONE, "choose a way")])
def test_what_only_the_nodes_can_tell_is_advised_in_the_windows_words(transport: Transport, words: str) -> None:
    from wizard.checks.shared.look_there import let_nodes_look, let_nodes_meet, look_from_there

    for remedy in (let_nodes_look(), let_nodes_meet(), look_from_there()):
        [told] = in_window(_plan(transport), [DRIFT.unknown("Not found out.", remedy=remedy)])
        assert words in told.remedy
        assert "--nodes" not in told.remedy


def test_a_busy_machine_is_answered_in_the_windows_words() -> None:
    [told] = in_window(_plan(), [DRIFT.unknown("Too busy.", remedy=with_more_time())])
    assert told.remedy == "Check again when less is going on on this machine."
