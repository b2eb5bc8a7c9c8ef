"""While a run goes on, what is in sight stays in sight at its full size until something takes its place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, REDIS, VERSION, FakeServices, Gate, failing
from tests.gui.pages import cards, line, summaries
from tests.unit.plans import SECRETS, good_plan
from wizard.checks.plan import rules
from wizard.engine.check import settled
from wizard.gui import steps
from wizard.gui.pace import pace
from wizard.gui.shell import Shell
from wizard.gui.side import StepButton
from wizard.gui.widgets.action_list import ActionCard
from wizard.gui.widgets.basics import keep_painted
from wizard.gui.widgets.card import FindingCard
from wizard.gui.widgets.findings_by_step import StepHead
from wizard.gui.widgets.wrapped import WrappedLabel
from wizard.guide import flow
from wizard.plan.plan import Plan
from wizard.plan.remedy import commands

_HOUR = 3_600_000
LONG = "It was asked in vain, and whoever reads this line sees that it goes on over more than one line of a card. " * 2


class Painted(QObject):
    """Watches what is painted: cards that are smaller than they ask for, and rows of the side by their heights."""

    def __init__(self) -> None:
        super().__init__()
        self.cards = 0
        self.squashed: list[str] = []
        self.rows: set[int] = set()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's own name
        if event.type() is QEvent.Type.Paint and isinstance(watched, ActionCard | FindingCard | StepHead):
            self.cards += 1
            wanted = watched.heightForWidth(watched.width())
            if watched.height() < wanted:
                self.squashed.append(f"{watched.accessibleName()}: {watched.height()} of {wanted}")
        if event.type() is QEvent.Type.Paint and isinstance(watched, StepButton):
            self.rows.add(watched.height())
        return False


@pytest.fixture
def painted(qapp: QApplication) -> Iterator[Painted]:
    watch = Painted()
    qapp.installEventFilter(watch)
    yield watch
    qapp.removeEventFilter(watch)


def _many(count: int) -> list[object]:
    """Return findings that want a person, each with a text of several lines and a remedy."""
    return [
        VERSION.fail(f"Server {number} is too old.", subject=str(number), detail=LONG, remedy=commands("apt upgrade"))
        for number in range(count)
    ]


def _of_redis(shell: Shell) -> list[str]:
    """Return how the actions about Redis stand."""
    return [
        card.property("severity") for card in shell.page.findChildren(ActionCard) if "Redis" in card.task.action.title
    ]


def test_no_card_is_painted_smaller_than_it_wants_to_be_and_nothing_vanishes_in_a_run(
    shell: Shell, services: FakeServices, painted: Painted, qtbot: QtBot
) -> None:
    shell.session.take(good_plan(), SECRETS, "")
    services.checks = [settled("database", "", (VERSION,), _many(8)), failing(REDIS, "Redis is gone.", subject="cache")]
    shell.go("review")
    with qtbot.waitSignal(shell.page.list.settled):  # type: ignore[attr-defined]
        shell.primary()
    qtbot.waitUntil(lambda: len(summaries(shell)) >= 9)
    qtbot.waitUntil(shell.page.verdict.isVisible)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: _of_redis(shell) == ["fail"])
    before = set(summaries(shell))
    gate = Gate()
    services.checks = [
        settled("database", "", (VERSION,), _many(12)),
        gate.check("redis", (REDIS,), REDIS.fail("Redis is still gone.", subject="cache")),
    ]
    with qtbot.waitSignal(shell.session.runs.finished):
        shell.page.check_all()  # type: ignore[attr-defined]
        qtbot.waitUntil(lambda: "Server 11 is too old." in summaries(shell))
        assert before <= set(summaries(shell))
        [gone] = [card for card in cards(shell) if card.finding.summary == "Redis is gone."]
        qtbot.waitUntil(lambda: gone.property("stale") == "true")
        assert shell.page.verdict.isVisible()  # type: ignore[attr-defined]
        qtbot.waitUntil(lambda: _of_redis(shell) == ["stale"])
        gate.open.set()
    qtbot.waitUntil(lambda: "Redis is gone." not in summaries(shell))
    assert painted.cards > 20
    assert painted.squashed == []
    assert len(painted.rows) == 1


def test_a_card_that_grows_pushes_the_others_down_and_squashes_none(
    shell: Shell, services: FakeServices, painted: Painted, qtbot: QtBot
) -> None:
    services.checks = [settled("database", "", (VERSION,), _many(5)), failing(CONNECT, "Refused.")]
    shell.go("review")
    with qtbot.waitSignal(shell.session.runs.finished):
        shell.primary()
    tasks = shell.page.tasks  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: pace().rests and len(tasks.widgets) >= 2)  # a card may still go to another place
    first, second = tasks.widgets[:2]
    was = second.y()
    QTest.mouseClick(first.findChild(QWidget, "clears"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: second.y() > was)
    assert second.y() >= first.geometry().bottom()
    assert painted.squashed == []


def test_all_pages_are_loaded_once_a_cluster_is_open_and_nobody_goes_there_yet(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(steps, "import_module", loaded.append)
    shell.session.take(good_plan(), SECRETS, "")
    wanted = {f"wizard.gui.steps.{identifier}" for identifier in flow.IDS}
    qtbot.waitUntil(lambda: wanted <= set(loaded) and pace().rests)
    assert shell.current == "start"


def _about_to_run(shell: Shell, services: FakeServices) -> Gate:
    """Put the focus on the button that begins a run of one check, which the gate holds up."""
    gate = Gate()
    services.checks = [gate.check("redis", (REDIS,), REDIS.passed("Redis is there.", subject="cache"))]
    shell.session.take(good_plan(), SECRETS, "")
    shell.go("review")
    shell.bar.primary_button.setFocus()
    return gate


def test_cancel_lets_go_of_the_focus_for_the_button_that_began_the_run(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    gate = _about_to_run(shell, services)
    with qtbot.waitSignal(shell.session.runs.finished):
        shell.primary()
        qtbot.waitUntil(shell.bar.cancel_button.hasFocus)
        gate.open.set()
    assert not shell.bar.cancel_button.isVisible()
    qtbot.waitUntil(shell.bar.primary_button.hasFocus)


def test_a_run_that_rests_the_button_in_focus_looks_for_no_other_part_all_over_the_window(
    shell: Shell, services: FakeServices, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    gate = _about_to_run(shell, services)
    looked: list[bool] = []
    monkeypatch.setattr(Shell, "focusNextPrevChild", lambda _shell, forward: bool(looked.append(forward)))
    with qtbot.waitSignal(shell.session.runs.finished):
        shell.primary()
        qtbot.waitUntil(shell.bar.cancel_button.hasFocus)
        gate.open.set()
    assert looked == []


def test_the_page_that_goes_has_no_focus_to_look_for_another_part(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.session.take(good_plan(), SECRETS, "")
    shell.go("database")
    line(shell.page, "database.name").setFocus()
    looked: list[bool] = []
    monkeypatch.setattr(Shell, "focusNextPrevChild", lambda _shell, forward: bool(looked.append(forward)))
    shell.go("redis")
    assert looked == []
    assert shell.focusWidget() is shell.bar.primary_button


def test_what_lies_on_a_ground_that_only_grows_is_not_painted_anew(painted: Painted, qtbot: QtBot) -> None:
    ground = QWidget()
    keep_painted(ground)
    whole = QScrollArea(widgetResizable=False)
    whole.setWidget(ground)
    ground.resize(300, 200)
    row = StepButton(flow.STEPS[0])
    row.setParent(ground)
    row.setGeometry(0, 0, 200, 40)
    qtbot.addWidget(whole)
    with qtbot.waitExposed(whole):
        whole.show()
    qtbot.waitUntil(lambda: bool(painted.rows))
    QApplication.processEvents()
    painted.rows.clear()
    ground.resize(300, 400)
    QApplication.processEvents()
    assert painted.rows == set()


def test_what_is_on_the_screen_after_a_run_is_what_painting_all_of_it_gives(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    def stands() -> bool:
        shown = shell.screen().grabWindow(shell.winId()).toImage()
        whole = shell.grab().toImage()
        return shown.convertToFormat(whole.format()) == whole

    shell.session.take(good_plan(), SECRETS, "")
    for count in (3, 9, 1):
        services.checks = [settled("database", "", (VERSION,), _many(count)), failing(REDIS, "Gone.", subject="cache")]
        shell.go("review")
        with qtbot.waitSignal(shell.session.runs.finished):
            shell.page.check_all()  # type: ignore[attr-defined]
        qtbot.waitUntil(lambda: pace().rests and "Gone." in summaries(shell))
        qtbot.waitUntil(stands)


def test_a_text_can_be_selected_by_whoever_comes_with_a_pointer(qtbot: QtBot) -> None:
    label = WrappedLabel("Redis at cache.internal refused the connection.")
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    qtbot.addWidget(label)
    label.resize(400, 40)
    label.show()
    assert not label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    QTest.mouseDClick(label, Qt.MouseButton.LeftButton, pos=label.rect().center())
    assert label.selectedText()


def test_no_key_waits_for_all_rules_while_side_and_findings_still_follow_the_one_before(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    shell.session.take(good_plan(), SECRETS, "")
    shell.go("database")
    qtbot.waitUntil(lambda: pace().rests)
    judged: list[Plan] = []
    monkeypatch.setattr(rules, "rules_in_parts", lambda plan, _secrets: iter([judged.append(plan) or []]))
    for timer in shell.session.findChildren(QTimer):
        timer.setInterval(_HOUR)  # nobody pauses
    for key in "abc":
        shell.refresh()
        shell.page.show_findings()
        QTest.keyClicks(line(shell.page, "database.name"), key)
        qtbot.waitUntil(lambda: pace().rests)
    assert judged == []
    shell.go("redis")
    assert judged == [shell.session.document.plan]
