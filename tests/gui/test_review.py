"""The review runs everything, says how it stands, and leads to what is wrong and on."""

from __future__ import annotations

import re

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, REDIS, FakeServices, failing, passing
from tests.gui.pages import check_all, press, summaries
from tests.unit.plans import SECRETS, good_plan
from wizard.engine.check import settled
from wizard.gui.shell import Shell
from wizard.gui.steps.review import figures
from wizard.gui.widgets.map import ClusterMap
from wizard.plan.spec import Spec


def test_the_reviews_primary_action_checks_everything_then_the_failed_ones_and_then_leads_on(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    services.checks = [passing(CONNECT, "Connected."), failing(REDIS, "Redis is gone.", subject="cache")]
    shell.session.take(good_plan(), SECRETS, "")
    shell.go("review")
    assert shell.bar.primary_button.text() == "&Check everything"
    assert not shell.bar.way_on_button.isVisible()
    check_all(shell, qtbot)
    assert services.asked == [()]
    assert shell.bar.primary_button.text() == "Check &failed ones again"
    assert shell.bar.way_on_button.text() == "&Next: Export"
    assert re.match(r"\d+ checks in ", shell.page.intro.text())
    assert "1 failed" in shell.page.intro.text()
    qtbot.waitUntil(lambda: "Redis is gone." in summaries(shell))
    services.checks = [passing(CONNECT, "Connected."), passing(REDIS, "Redis answers.", subject="cache")]
    check_all(shell, qtbot)
    assert services.asked[-1] == ("plan.", "redis.")
    assert shell.bar.primary_button.text() == "&Next: Export"
    assert not shell.bar.way_on_button.isVisible()


def test_one_may_go_on_although_something_failed(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    services.checks = [failing(REDIS, "Redis is gone.", subject="cache")]
    shell.go("review")
    check_all(shell, qtbot)
    press(shell, "way-on")
    assert shell.current == "export"


def test_a_test_of_one_page_leaves_the_review_still_to_do(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    services.checks = [passing(CONNECT, "Connected.")]
    shell.go("database")
    with qtbot.waitSignal(shell.session.runs.finished):
        press(shell, "test")
    shell.go("review")
    assert shell.bar.primary_button.text() == "&Check everything"


def test_checking_failed_ones_again_asks_what_could_not_be_found_out_and_no_warning(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    old = settled("database", "", (CONNECT,), [CONNECT.warn("Old, but it works.")])
    services.checks = [old, passing(REDIS, "Redis answers.", subject="cache")]
    shell.session.take(good_plan(), SECRETS, "")
    shell.go("review")
    check_all(shell, qtbot)
    assert shell.bar.primary_button.text() == "&Next: Export"
    unknown = settled("redis", "cache", (REDIS,), [REDIS.unknown("Who knows.", subject="cache")])
    services.checks = [old, unknown]
    with qtbot.waitSignal(shell.session.runs.finished):
        press(shell, "check-all")
    assert shell.bar.primary_button.text() == "&Next: Export"  # it may stay unknown for good
    services.checks = [old, unknown, failing(Spec("storage.space", "There is room."), "It is full.")]
    with qtbot.waitSignal(shell.session.runs.finished):
        press(shell, "check-all")
    check_all(shell, qtbot)
    assert services.asked[-1] == ("plan.", "redis.", "storage.")


@pytest.mark.parametrize(("elapsed", "said"), [(412, "1 check in 412 ms: "), (1500, "1 check in 1.5 s: ")])
def test_the_time_of_a_run_is_in_milliseconds_below_a_second(elapsed: int, said: str) -> None:
    assert figures([CONNECT.passed("Connected.")], elapsed).startswith(said)


def test_the_map_says_in_words_what_it_paints(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    services.checks = [failing(CONNECT, "Refused.")]
    shell.session.document.edit("database.host", "db.internal")
    shell.go("review")
    check_all(shell, qtbot)
    shown = shell.page.findChild(ClusterMap, "map")
    assert shown is not None
    qtbot.waitUntil(lambda: "PostgreSQL: connection refused" in shown.accessibleDescription())


def test_a_finding_of_the_review_leads_to_its_step(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    services.checks = [failing(REDIS, "Redis is gone.", subject="cache")]
    shell.go("review")
    check_all(shell, qtbot)
    shell.page.asked.emit("redis")
    assert shell.current == "redis"
