"""Testing a step: findings stream in, can be stopped, and grow stale when something is edited."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, REDIS, VERSION, FakeServices, Gate, failing, passing
from tests.gui.pages import cards, press, summaries, type_into, visible_texts
from tests.made_up_component import TIDE
from tests.unit.plans import SECRETS, good_plan
from wizard.gui.icons import StateIcon
from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.plan.remedy import commands
from wizard.plan.sections import QueueKind


def _test(shell: Shell, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shell.session.runs.finished):
        press(shell, "test")


def test_a_steps_test_runs_its_own_components_and_the_rules(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    for step, wanted in (
        ("licence", ("plan.", "licence.")),
        ("database", ("plan.", "database.")),
        ("redis", ("plan.", "redis.")),
        ("queue", ("plan.", "redis.")),
        ("storage", ("plan.", "storage.")),
        ("nodes", ("plan.", "node.")),
        ("balancer", ("plan.", "balancer.")),
    ):
        shell.go(step)
        _test(shell, qtbot)
        assert services.asked[-1] == wanted


def test_the_queues_test_asks_rabbitmq_where_that_carries_it(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    shell.session.document.set("queue.kind", QueueKind.RABBITMQ)
    shell.go("queue")
    _test(shell, qtbot)
    assert services.asked == [("plan.", "rabbitmq.")]


def test_findings_come_as_they_end_and_the_worst_stands_first(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    gate = Gate()
    services.checks = [
        passing(CONNECT, "Connected to PostgreSQL 16.4."),
        gate.check(
            "database", (VERSION,), VERSION.fail("PostgreSQL 9 is too old.", detail="9.6", remedy=commands("upgrade"))
        ),
    ]
    shell.go("database")
    press(shell, "test")
    qtbot.waitUntil(lambda: "Connected to PostgreSQL 16.4." in summaries(shell))
    assert "PostgreSQL 9 is too old." not in summaries(shell)
    qtbot.waitUntil(lambda: " of 2 · " in shell.bar.progress.text())
    with qtbot.waitSignal(shell.session.runs.finished):
        gate.open.set()
    qtbot.waitUntil(lambda: "PostgreSQL 9 is too old." in summaries(shell))
    shown = summaries(shell)
    assert shown.index("PostgreSQL 9 is too old.") < shown.index("Connected to PostgreSQL 16.4.")
    qtbot.waitUntil(lambda: shell.side.step("database").fact.endswith("failed"))
    assert not shell.bar.cancel_button.isVisible()


def test_cancel_answers_at_once_and_says_what_was_not_looked_at(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    gate = Gate()
    services.checks = [gate.check("database", (VERSION,), VERSION.passed("never seen"))]
    shell.go("database")
    with qtbot.waitSignal(shell.session.runs.started):
        press(shell, "test")
    qtbot.waitUntil(lambda: shell.session.runs.total == 1)
    with qtbot.waitSignal(shell.session.runs.finished):
        press(shell, "cancel")
    said = [item.summary for item in shell.session.document.findings.of("database")]
    assert said == ["Cancelled before it ended."]
    qtbot.waitUntil(lambda: any(text.endswith("not looked at") for text in visible_texts(shell)))
    gate.open.set()


def test_the_side_says_being_tested_as_long_as_a_check_of_the_step_has_not_ended(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    database, redis = Gate(), Gate()
    services.checks = [
        database.check("database", (CONNECT,), CONNECT.passed("Connected.")),
        redis.check("redis", (REDIS,), REDIS.passed("Redis answers.", subject="cache")),
    ]
    shell.session.take(good_plan(), SECRETS, "")
    shell.go("review")

    def running() -> set[str]:
        return {step for step in ("database", "redis", "storage") if shell.side.step(step).icon_name == "running"}

    shell.primary()
    qtbot.waitUntil(lambda: running() == {"database", "redis"})
    database.open.set()
    qtbot.waitUntil(lambda: running() == {"redis"})
    qtbot.waitUntil(lambda: shell.side.step("database").icon_name == "pass")
    with qtbot.waitSignal(shell.session.runs.finished):
        redis.open.set()
    qtbot.waitUntil(lambda: running() == set())


def test_an_edit_makes_the_steps_findings_stale_in_sight(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    services.checks = [failing(CONNECT, "db.internal refuses the connection.")]
    shell.go("database")
    _test(shell, qtbot)
    type_into(shell.page, "database.host", "db2.internal")
    qtbot.waitUntil(lambda: "Host changed since the test" in visible_texts(shell))
    stale = [card for card in cards(shell) if card.finding.id == CONNECT.id]
    assert [card.property("stale") for card in stale] == ["true"]
    qtbot.waitUntil(lambda: shell.side.step("database").fact == "Host changed")
    qtbot.waitUntil(lambda: "Changed since this test: Database: Host. Test again to know." in visible_texts(shell))


def test_a_steps_passes_that_an_edit_has_overtaken_look_like_no_pass(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    services.checks = [passing(REDIS, f"Redis answers as {role}.", subject=role) for role in "abcde"]
    services.checks += [passing(CONNECT, f"Connected {count}.", subject=count) for count in "1234"]
    shell.go("review")
    with qtbot.waitSignal(shell.session.runs.finished):
        shell.primary()
    shell.session.document.edit("database.host", "db2.internal")
    qtbot.waitUntil(lambda: any(text.endswith(" · 4 changed since the test") for text in visible_texts(shell)))
    assert "changed since the test" in shell.page.intro.text()
    icons = {icon.accessibleName(): icon.name for icon in shell.page.findChildren(StateIcon) if icon.isVisible()}
    assert [icon for words, icon in icons.items() if words.endswith(" · 4 changed since the test")] == ["stale"]


def test_a_card_that_an_edit_has_overtaken_has_the_stale_icon(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    services.checks = [passing(CONNECT, "Connected.")]
    shell.go("database")
    _test(shell, qtbot)
    qtbot.waitUntil(lambda: [card.icon.name for card in cards(shell) if card.finding.id == CONNECT.id] == ["pass"])
    shell.session.document.edit("database.host", "db2.internal")
    qtbot.waitUntil(lambda: [card.icon.name for card in cards(shell) if card.finding.id == CONNECT.id] == ["stale"])


def test_a_step_of_values_alone_does_not_claim_to_ask_anything(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    shell.go("application")
    button = shell.bar.findChild(QPushButton, "test")
    assert button is not None
    assert button.text() == "Check the &values"
    assert any(text.startswith("The values alone are judged here") for text in visible_texts(shell))
    assert not any("asks the real thing" in text for text in visible_texts(shell))
    _test(shell, qtbot)
    assert services.asked == [("plan.",)]


def test_an_edit_on_another_step_leaves_findings_alone(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    services.checks = [passing(CONNECT, "Connected.")]
    shell.go("database")
    _test(shell, qtbot)
    shell.session.document.edit("balancer.server_name", "app.example.com")
    assert not shell.session.document.findings.any_stale


def test_what_was_edited_while_it_was_tested_is_stale_from_the_start(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    gate = Gate()
    services.checks = [gate.check("database", (CONNECT,), CONNECT.passed("Connected to the former host."))]
    shell.go("database")
    press(shell, "test")
    qtbot.waitUntil(lambda: shell.session.runs.total == 1)
    shell.session.document.edit("database.host", "db2.internal")
    with qtbot.waitSignal(shell.session.runs.finished):
        gate.open.set()
    assert shell.session.document.findings.any_stale


def test_findings_of_the_former_cluster_never_reach_the_next(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    gate = Gate()
    services.checks = [gate.check("database", (CONNECT,), CONNECT.passed("Connected to the former database."))]
    shell.go("database")
    press(shell, "test")
    qtbot.waitUntil(lambda: shell.session.runs.total == 1)
    shell.session.start_new("another")
    assert not shell.session.runs.running
    gate.open.set()
    services.checks = []
    shell.go("database")
    _test(shell, qtbot)
    assert shell.session.document.findings.of("database") == ()


def test_testing_again_replaces_what_was_found(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    services.checks = [failing(CONNECT, "Refused.")]
    shell.go("database")
    _test(shell, qtbot)
    services.checks = [passing(CONNECT, "Connected.")]
    _test(shell, qtbot)
    qtbot.waitUntil(lambda: "Connected." in summaries(shell))
    qtbot.waitUntil(lambda: "Refused." not in summaries(shell))


def test_a_remedy_can_be_copied(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    services.checks = [failing(CONNECT, "Refused.", remedy=commands("systemctl start postgresql"))]
    shell.go("database")
    _test(shell, qtbot)
    qtbot.waitUntil(lambda: "Refused." in summaries(shell))
    card = next(card for card in cards(shell) if card.finding.id == CONNECT.id)
    button = card.findChild(QPushButton, "copy")
    assert button is not None
    button.click()
    assert QGuiApplication.clipboard().text() == "systemctl start postgresql"
    assert button.text() == "Copied"


def test_many_passed_fold_into_one_line(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    services.checks = [passing(REDIS, f"Redis answers as {role}.", subject=role) for role in ("a", "b", "c", "d", "e")]
    shell.go("redis")
    _test(shell, qtbot)
    qtbot.waitUntil(lambda: any("5 passed" in text for text in visible_texts(shell)))
    assert not [text for text in summaries(shell) if text.startswith("Redis answers")]


def test_rules_are_shown_on_the_step_of_their_setting_once_it_was_left(shell: Shell, qtbot: QtBot) -> None:
    shell.go("application")
    assert not summaries(shell)
    shell.next()
    shell.back()
    qtbot.waitUntil(lambda: any("APP_KEY" in text for text in summaries(shell)))
    qtbot.waitUntil(lambda: shell.side.step("application").fact == "2 values missing")


def test_after_a_check_of_everything_no_step_that_lacks_a_value_looks_untouched(shell: Shell, qtbot: QtBot) -> None:
    shell.go("review")
    application = shell.side.step("application")
    assert application.icon_name == "todo"
    with qtbot.waitSignal(shell.session.runs.finished):
        shell.primary()
    qtbot.waitUntil(lambda: (application.icon_name, application.fact) == ("fail", "2 values missing"))


def test_text_of_a_finding_is_never_taken_for_markup(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    services.checks = [failing(CONNECT, "<b>bold</b> & <img src='x'>", detail="<i>x</i>")]
    shell.go("database")
    _test(shell, qtbot)
    qtbot.waitUntil(lambda: "<b>bold</b> & <img src='x'>" in visible_texts(shell))
    labels = [item for item in shell.page.findChildren(QLabel) if item.isVisible()]
    assert {item.textFormat().name for item in labels} == {"PlainText"}


def test_a_run_that_cannot_be_put_together_is_told_and_over(
    session: Session, services: FakeServices, qtbot: QtBot
) -> None:
    services.prepare = None  # type: ignore[assignment,method-assign]
    session.start_new("x")
    with qtbot.waitSignal(session.background.fault):
        session.test(("database",), "database")
    assert not session.runs.running


@pytest.mark.usefixtures("tide")
def test_a_component_that_was_added_in_one_module_is_tested_on_its_step(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    services.checks = [failing(TIDE, "The water is too low.")]
    shell.go("storage")
    _test(shell, qtbot)
    assert services.asked[-1] == ("plan.", "storage.", "tide.")
    qtbot.waitUntil(lambda: "The water is too low." in summaries(shell))
