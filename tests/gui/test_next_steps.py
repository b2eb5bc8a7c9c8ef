"""What is to be done after an export is ticked where a run shows that it is done, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, FakeServices, failing, passing
from tests.gui.pages import press
from tests.unit.plans import SECRETS, good_plan
from wizard.engine.check import Check
from wizard.gui.shell import Shell
from wizard.plan.spec import Spec

HEALTH, BALANCER = Spec("node.health", "A node serves."), Spec("balancer.health", "The balancer serves.")
START, RELOAD, CHECK = "Start the first", "Put the balancer", "Check everything"


def _nodes(made: object, *others: object) -> list[Check[object]]:
    names = [node.name for node in good_plan().nodes]
    turn = [made, *others, *[made] * len(names)]
    return [one(HEALTH, f"{name} says.", subject=name) for one, name in zip(turn, names, strict=False)]  # type: ignore[operator]


def _run(shell: Shell, services: FakeServices, qtbot: QtBot, checks: list[Check[object]]) -> None:
    services.checks = checks
    shell.go("review")
    with qtbot.waitSignal(shell.session.runs.finished):
        shell.page.test()
    qtbot.waitUntil(lambda: shell.session.background.idle)


def _export(shell: Shell, qtbot: QtBot, place: Path) -> None:
    shell.go("export")
    shell.page.place.setText(str(place))  # type: ignore[attr-defined]
    page = shell.page
    while not page.outcome.told:  # type: ignore[attr-defined]
        qtbot.waitUntil(shell.bar.primary_button.isEnabled)
        press(shell, "primary")
        qtbot.waitUntil(lambda: page.outcome.told or page.question.told)  # type: ignore[attr-defined]


def _ticked(shell: Shell) -> dict[str, bool]:
    shell.go("export")
    boxes = shell.page.outcome.findChildren(QCheckBox)  # type: ignore[attr-defined]
    return {begin: box.isChecked() for box in boxes for begin in (START, RELOAD, CHECK) if box.text().startswith(begin)}


@pytest.fixture
def exported(shell: Shell, services: FakeServices, qtbot: QtBot, tmp_path: Path) -> Shell:
    """Return the window after an export of a cluster whose nodes did not serve yet, while a balancer did."""
    shell.session.take(good_plan(), SECRETS, "")
    _run(shell, services, qtbot, [*_nodes(failing), passing(BALANCER, "It serves.")])
    _export(shell, qtbot, tmp_path)
    assert _ticked(shell) == {START: False, RELOAD: False, CHECK: False}
    return shell


def test_nodes_that_serve_now_were_started_and_what_was_so_before_shows_nothing(
    exported: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    _run(exported, services, qtbot, [*_nodes(passing), passing(BALANCER, "It serves.")])
    assert _ticked(exported) == {START: True, RELOAD: False, CHECK: True}


def test_one_node_that_serves_is_not_all_of_them(exported: Shell, services: FakeServices, qtbot: QtBot) -> None:
    _run(exported, services, qtbot, _nodes(passing, failing))
    assert _ticked(exported) == {START: False, RELOAD: False, CHECK: True}


def test_a_test_of_one_step_is_not_everything(exported: Shell, services: FakeServices, qtbot: QtBot) -> None:
    services.checks = [passing(CONNECT, "Connected.")]
    exported.go("database")
    with qtbot.waitSignal(exported.session.runs.finished):
        exported.page.test()
    assert _ticked(exported) == {START: False, RELOAD: False, CHECK: False}
