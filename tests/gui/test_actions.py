"""What to do stands first on the review: it leads to the field, is taken over with a button, and undone with one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QFrame, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, REDIS, VERSION, FakeServices, failing, passing
from tests.gui.pages import cards, line, press, visible_texts
from tests.gui.room import cut
from tests.unit.plans import SECRETS, good_plan
from wizard.engine.check import settled
from wizard.gui.repeater import EVERY
from wizard.gui.shell import Shell
from wizard.gui.steps import review
from wizard.gui.widgets.action_list import ActionCard
from wizard.plan.finding import ErrorKind
from wizard.plan.remedy import plan_value
from wizard.plan.sections import Dialect
from wizard.plan.spec import Spec

KEY = Spec("licence.plugins", "The key covers the plug-ins.")


def _actions(shell: Shell) -> list[ActionCard]:
    found = [card for card in shell.page.findChildren(ActionCard) if card.isVisible()]
    return sorted(found, key=lambda card: card.mapTo(shell.page, card.rect().topLeft()).y())


def _checked(shell: Shell, qtbot: QtBot) -> None:
    shell.session.take(good_plan(), SECRETS, "")
    shell.go("review")
    with qtbot.waitSignal(shell.session.runs.finished):
        QTest.keyClick(shell.bar.primary_button, Qt.Key.Key_Return)


def _pause_over(shell: Shell, qtbot: QtBot) -> None:
    """Let the pause before the next look be over now, and watch that look to its end."""
    pause = shell.page.repeater._timer  # type: ignore[attr-defined]
    assert pause.isActive()
    pause.stop()
    with qtbot.waitSignal(shell.session.runs.finished):
        pause.timeout.emit()


def _button(card: ActionCard, name: str) -> QPushButton:
    found = card.findChild(QPushButton, name)
    assert found is not None, name
    return found


def _click(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_review_begins_with_one_sentence_and_what_to_do(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    services.checks = [failing(REDIS, "Redis is gone.", subject=role) for role in ("cache", "sync")]
    _checked(shell, qtbot)
    qtbot.waitUntil(lambda: bool(_actions(shell)) and bool(cards(shell)))
    assert "Not ready: 1 thing to do first." in visible_texts(shell)
    [action, *_others] = _actions(shell)
    assert action.accessibleName() == "1, failed: Redis is gone."
    assert _button(action, "clears").text() == "clears 2 findings"
    assert (
        action.mapTo(shell.page, action.rect().topLeft()).y()
        < cards(shell)[0].mapTo(shell.page, cards(shell)[0].rect().topLeft()).y()
    )


def test_the_number_of_an_action_is_whole_beyond_the_ninth(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    specs = [Spec(f"database.a{at}", "The database answers.") for at in range(12)]
    services.checks = [failing(spec, f"It fails for reason {at}.") for at, spec in enumerate(specs)]
    _checked(shell, qtbot)
    qtbot.waitUntil(lambda: len(_actions(shell)) == len(specs))
    assert [text for text in cut(shell) if "QLabel" in text] == []


def test_an_action_that_an_edit_overtakes_grows_by_the_line_that_says_so(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    services.checks = [settled("database", "", (VERSION,), [VERSION.unknown("Nobody knows.", error=ErrorKind.OTHER)])]
    _checked(shell, qtbot)
    qtbot.waitUntil(lambda: [card.task.action.title for card in _actions(shell)] == ["Nobody knows."])
    former = _actions(shell)[0].height()
    shell.session.document.edit("database.host", "10.1.1.1")
    qtbot.waitUntil(lambda: [card.property("severity") for card in _actions(shell)] == ["stale"])
    [card] = _actions(shell)
    qtbot.waitUntil(lambda: card.height() == card.heightForWidth(card.width()) > former)


def test_what_passed_is_folded_below_its_step(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    services.checks = [passing(CONNECT, "Connected.")]
    _checked(shell, qtbot)

    def toggles() -> list[QPushButton]:
        every = shell.page.findChildren(QPushButton)
        return [one for one in every if one.accessibleName().startswith("Show: Database, ")]

    qtbot.waitUntil(lambda: bool(toggles()))
    assert "Connected." not in visible_texts(shell)
    _click(toggles()[0])
    qtbot.waitUntil(lambda: "Connected." in visible_texts(shell))


def test_an_action_leads_to_the_very_field_unfolded_and_focused(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    remedy = plan_value("database.table_prefix", "nb_", "DB_TABLE_PREFIX=nb_")
    services.checks = [failing(VERSION, "The tables begin with nb_.", remedy=remedy)]
    _checked(shell, qtbot)
    qtbot.waitUntil(lambda: bool(_actions(shell)))
    _click(_button(_actions(shell)[0], "go-to"))
    assert shell.current == "database"
    qtbot.waitUntil(lambda: QApplication.focusWidget() is line(shell.page, "database.table_prefix"))
    assert line(shell.page, "database.table_prefix").isVisible()


def test_a_refused_connection_leads_to_the_port_of_that_server(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    services.checks = [failing(REDIS, "Redis is gone.", subject="cache")]
    _checked(shell, qtbot)
    qtbot.waitUntil(lambda: bool(_actions(shell)))
    _click(_button(_actions(shell)[0], "go-to"))
    assert shell.current == "redis"
    qtbot.waitUntil(lambda: QApplication.focusWidget() is line(shell.page, "redis.server.port"))


def test_an_offered_value_is_taken_over_and_taken_back(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    remedy = plan_value("database.dialect", "mysql", "DB_DIALECT=mysql")
    services.checks = [failing(VERSION, "It is MySQL.", remedy=remedy)]
    _checked(shell, qtbot)
    qtbot.waitUntil(lambda: bool(_actions(shell)))
    _click(_button(_actions(shell)[0], "use-this"))
    assert shell.session.document.plan.database.dialect is Dialect.MYSQL
    assert "1 setting changed." in visible_texts(shell)
    assert shell.current == "review"
    press(shell, "undo")
    assert shell.session.document.plan.database.dialect is Dialect.POSTGRES
    assert "1 setting changed." not in visible_texts(shell)
    assert shell.current == "review"


def test_a_value_for_each_node_is_taken_over_for_all_at_once(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    services.checks = [
        settled(
            "node",
            node.name,
            (VERSION,),
            [
                VERSION.fail(
                    f"{node.name} listens on port {9000 + at}.",
                    ErrorKind.REFUSED,
                    subject=node.name,
                    remedy=plan_value(f"nodes.{at}.port", 9000 + at, f"port {9000 + at}"),
                )
            ],
        )
        for at, node in enumerate(good_plan().nodes)
    ]
    _checked(shell, qtbot)
    qtbot.waitUntil(lambda: bool(_actions(shell)))
    use = _button(_actions(shell)[0], "use-this")
    count = len(good_plan().nodes)
    assert use.text() == f"Use this for {count}"
    _click(use)
    assert [node.port for node in shell.session.document.plan.nodes] == [9000 + at for at in range(count)]
    assert f"{count} settings changed." in visible_texts(shell)
    press(shell, "undo")
    assert shell.session.document.plan.nodes == good_plan().nodes


def test_enter_in_a_field_does_the_primary_action_and_on_a_button_presses_it(shell: Shell) -> None:
    shell.go("database")
    line(shell.page, "database.host").setFocus()
    QTest.keyClick(line(shell.page, "database.host"), Qt.Key.Key_Return)
    assert shell.current == "redis"
    shell.bar.back_button.setFocus()
    QTest.keyClick(shell.bar.back_button, Qt.Key.Key_Return)
    assert shell.current == "database"


def test_after_a_test_the_first_bad_finding_is_in_sight(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    services.checks = [failing(CONNECT, "db.internal refuses the connection.")]
    shell.session.document.replace(good_plan())
    shell.resize(1024, 700)
    shell.go("database")
    press(shell.page, "more-settings")  # so that the findings begin below what is in sight
    with qtbot.waitSignal(shell.session.runs.finished):
        press(shell.bar, "test")

    def in_sight() -> bool:
        shown = [card for card in cards(shell) if card.finding.id == CONNECT.id]
        return bool(shown) and shown[0].visibleRegion().boundingRect() == shown[0].rect()

    qtbot.waitUntil(in_sight)
    assert not shell.page.title.visibleRegion().contains(shell.page.title.rect())


def test_what_is_brought_into_sight_is_laid_out_before(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    services.checks = [failing(CONNECT, "db.internal refuses the connection.")]
    shell.session.document.replace(good_plan())
    shell.resize(1024, 700)
    shell.go("database")
    with qtbot.waitSignal(shell.session.runs.finished):
        press(shell.bar, "test")
    qtbot.waitUntil(lambda: bool(cards(shell)))
    assert shell.page.panel is not None
    late = QFrame()
    late.setFixedHeight(500)
    shell.page.panel.list.put(late, 1)
    shell.page.in_sight.emit(late)
    assert late.visibleRegion().boundingRect() == late.rect()


def test_failed_ones_are_checked_again_until_they_pass_and_then_it_is_said(
    shell: Shell, services: FakeServices, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    noticed: list[str] = []
    monkeypatch.setattr(review, "notify", lambda _window, _background, words: noticed.append(words))
    services.checks = [failing(REDIS, "Redis is gone.", subject="cache")]
    _checked(shell, qtbot)
    assert EVERY == 10_000
    box = shell.page.findChild(QCheckBox, "repeat")
    assert box is not None
    qtbot.waitUntil(box.isVisible)
    QTest.mouseClick(box, Qt.MouseButton.LeftButton)
    for _look in range(2):
        _pause_over(shell, qtbot)
    assert len(services.asked) > 2
    assert noticed == []
    services.checks = [passing(REDIS, "Redis answers.", subject="cache")]
    _pause_over(shell, qtbot)
    qtbot.waitUntil(lambda: len(noticed) == 1)
    assert noticed == [f"{good_plan().name}: nothing fails any more."]
    assert not box.isChecked()
    asked = len(services.asked)
    qtbot.waitUntil(lambda: shell.session.background.idle)
    assert len(services.asked) == asked


def test_looking_again_ends_where_only_what_nobody_can_know_is_left_and_says_so(
    shell: Shell, services: FakeServices, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    noticed: list[str] = []
    monkeypatch.setattr(review, "notify", lambda _window, _background, words: noticed.append(words))
    key = settled("licence", "", (KEY,), [KEY.unknown("Only NocoBase's own licence kit can decode a licence key.")])
    services.checks = [key, failing(REDIS, "Redis is gone.", subject="cache")]
    _checked(shell, qtbot)
    box = shell.page.findChild(QCheckBox, "repeat")
    assert box is not None
    qtbot.waitUntil(box.isVisible)
    services.checks = [key, passing(REDIS, "Redis answers.", subject="cache")]
    QTest.mouseClick(box, Qt.MouseButton.LeftButton)
    _pause_over(shell, qtbot)
    qtbot.waitUntil(lambda: len(noticed) == 1)
    rest = "1 check stays unknown however often it is looked at."
    assert noticed == [f"{good_plan().name}: nothing fails any more. {rest}"]
    qtbot.waitUntil(lambda: not box.isChecked())
