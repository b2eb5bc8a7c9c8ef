"""Below a field stands what is wrong with it: at once when it cannot be read, by the rules once it was worked on."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.gui.pages import line, note, press, type_into
from wizard.gui.shell import Shell
from wizard.gui.theme import Scheme, theme
from wizard.plan.secret import SecretRef


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("application.app_key", "short", "APP_KEY has 5 characters"),
        ("application.aes_key", "zz", "APP_AES_SECRET_KEY"),
        ("application.public_url", "https://app.example.com", "nobody in this plan ends TLS"),
    ],
)
def test_a_value_that_a_rule_refuses_is_told_below_its_field_after_the_pause(
    shell: Shell, qtbot: QtBot, key: str, text: str, said: str
) -> None:
    shell.go("application")
    type_into(shell.page, key, text)
    assert said not in note(shell.page, key).text()
    qtbot.waitUntil(lambda: said in note(shell.page, key).text())
    assert note(shell.page, key).property("role") == "problem"
    assert line(shell.page, key).property("invalid") == "true"


def test_a_good_secret_has_no_problem(shell: Shell, qtbot: QtBot) -> None:
    shell.go("application")
    type_into(shell.page, "application.app_key", "short")
    qtbot.waitUntil(lambda: note(shell.page, "application.app_key").property("role") == "problem")
    press(shell, "generate.application.aes_key")
    type_into(shell.page, "application.app_key", "kT7quite-secret-value-kT7quite-secret-value")
    for key in ("application.app_key", "application.aes_key"):
        qtbot.waitUntil(lambda key=key: note(shell.page, key).property("role") == "hint")  # type: ignore[misc]
        assert line(shell.page, key).property("invalid") == "false"


def test_a_required_field_that_was_left_empty_is_told_and_one_not_seen_yet_is_not(shell: Shell) -> None:
    shell.go("database")
    host = note(shell.page, "database.host")
    assert host.property("role") == "hint"
    line(shell.page, "database.host").setFocus()
    line(shell.page, "database.port").setFocus()
    assert (host.text(), host.property("role")) == ("A cluster needs a value here.", "problem")
    shell.go("storage")
    assert note(shell.page, "storage.path").property("role") == "hint"
    shell.next()
    shell.back()
    assert note(shell.page, "storage.path").text() == "A cluster needs a value here."


def test_a_field_left_right_after_the_last_key_is_not_told_what_was_wrong_before(shell: Shell, qtbot: QtBot) -> None:
    key = "application.app_key"
    shell.go("application")
    shell.session.document.visited.add("application")
    shell.session.document.judge()
    said: list[str] = []
    edit = type_into(shell.page, key, "short")
    edit.left.connect(lambda: said.append(note(shell.page, key).text()))  # type: ignore[attr-defined]
    line(shell.page, "application.version").setFocus()
    assert len(said) == 1
    assert "needs a value" not in said[0]
    assert note(shell.page, key).property("role") == "hint"
    qtbot.waitUntil(lambda: note(shell.page, key).property("role") == "problem")
    assert "needs a value" not in note(shell.page, key).text()


def test_what_was_generated_is_not_told_to_be_missing_nor_replaced_by_enter(shell: Shell) -> None:
    shell.go("application")
    shell.session.document.visited.add("application")
    press(shell, "generate.application.app_key")
    made = shell.session.document.secret("application.app_key")
    assert made
    assert note(shell.page, "application.app_key").property("role") == "hint"
    focused = shell.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Return)
    assert shell.current == "database"
    assert shell.session.document.secret("application.app_key") == made


def test_a_test_of_the_step_makes_the_rules_count_for_its_fields(shell: Shell, qtbot: QtBot) -> None:
    shell.go("storage")
    with qtbot.waitSignal(shell.session.runs.finished):
        press(shell, "test")
    shell.session.document.edit("storage.kind", "local")
    qtbot.waitUntil(lambda: note(shell.page, "storage.path").property("role") == "problem")


def test_what_could_not_be_found_out_of_a_value_is_no_failure(shell: Shell) -> None:
    session = shell.session
    session.take(session.document.plan.with_value("application.app_key", SecretRef("application.app_key")), {}, "")
    shell.go("application")
    assert note(shell.page, "application.app_key").property("role") == "doubt"
    assert "not at hand" in note(shell.page, "application.app_key").text()
    assert line(shell.page, "application.app_key").property("invalid") == "false"


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_a_placeholder_can_be_read(shell: Shell, qtbot: QtBot, scheme: Scheme) -> None:
    theme().choose(scheme)
    shell.go("application")
    edit = line(shell.page, "application.public_url")
    shell.bar.back_button.setFocus()
    wanted = QColor(theme().palette.muted).name()

    def painted() -> set[str]:
        image = edit.grab().toImage()
        return {image.pixelColor(x, y).name() for x in range(10, 250) for y in range(8, 26)}

    qtbot.waitUntil(lambda: wanted in painted())
