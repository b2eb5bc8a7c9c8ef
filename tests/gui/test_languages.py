"""The language changes while the window is open, and nobody loses their place by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QFileInfo, QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QFileIconProvider,
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from tests import texts
from tests.gui.conftest import CONNECT, FakeServices, Gate, failing, passing
from tests.gui.pages import line, press, summaries, type_into
from tests.patience import patience
from tests.unit.plans import good_plan
from wizard.app import language
from wizard.engine.check import Check
from wizard.engine.facts import PENDING, Fact, Known
from wizard.gui import remembered
from wizard.gui.finder import Finder
from wizard.gui.languages import languages
from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.plan import i18n
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import tr
from wizard.storage.secret_store import SessionStore
from wizard.storage.secret_store.os_keyring import no_keyring
from wizard.storage.window_settings import SettingsWriter, WindowSettings


@pytest.fixture(autouse=True)
def _english_again(_look: None) -> Iterator[None]:
    yield
    languages().speak(i18n.ENGLISH)
    language.use(i18n.ENGLISH)


class _Answered:
    """What a probe found: whether the server answered."""

    def __init__(self) -> None:
        self.answered: Fact[bool] = PENDING


def _asked(facts: _Answered) -> None:
    facts.answered = Known(value=True)


def _judged(facts: _Answered) -> list[Finding]:
    return (
        [CONNECT.fail(tr("Cancelled before it ended."), ErrorKind.REFUSED)] if isinstance(facts.answered, Known) else []
    )


def _of_facts() -> Check[_Answered]:
    return Check(component="database", specs=(CONNECT,), facts=_Answered, probe=_asked, judge=_judged)


def test_the_language_is_chosen_on_the_first_page_and_everything_is_told_in_it_at_once(
    shell: Shell, qtbot: QtBot
) -> None:
    shell.go("start")
    choice = shell.page.findChild(QComboBox, "language")
    assert choice is not None
    assert [choice.itemText(at) for at in range(choice.count())] == ["English", "Français", "简体中文"]
    choice.setFocus()
    QTest.keyClick(choice, Qt.Key.Key_Down)
    with qtbot.waitSignal(languages().changed):
        choice.activated.emit(choice.currentIndex())
    assert languages().current == "fr"
    assert shell.page.title.text() == "Début"
    assert shell.bar.back_button.text().replace("&", "") == "Retour"
    assert shell.side.step("database").accessibleName().startswith("Base de données")
    focused = shell.focusWidget()
    assert focused is not None
    assert focused.objectName() == "language"


def test_page_focus_cursor_and_what_was_typed_stay(shell: Shell, qtbot: QtBot) -> None:
    shell.go("database")
    press(shell, "more-settings")
    edit = type_into(shell.page, "database.host", "db.inter nal")
    edit.setSelection(2, 3)
    languages().speak("zh-CN")
    assert shell.current == "database"
    again = line(shell.page, "database.host")
    assert again is not edit
    assert shell.focusWidget() is again
    assert (again.text(), again.selectedText()) == ("db.inter nal", ".in")
    assert line(shell.page, "database.pool_min").isVisible()
    qtbot.waitUntil(lambda: shell.page.title.text() == "数据库")


def test_what_is_in_no_plan_stays_on_pages_out_of_sight_too(shell: Shell) -> None:
    shell.go("start")
    name = shell.page.findChild(QLineEdit, "new-name")
    assert name is not None
    QTest.keyClicks(name, "another")
    shell.go("export")
    place = shell.page.findChild(QLineEdit, "destination")
    assert place is not None
    place.setText("/srv/somewhere")
    languages().speak("fr")
    place = shell.page.findChild(QLineEdit, "destination")
    assert place is not None
    assert place.text() == "/srv/somewhere"
    shell.go("start")
    name = shell.page.findChild(QLineEdit, "new-name")
    assert name is not None
    assert name.text() == "another"


def test_what_was_exported_is_told_in_the_new_language_and_its_choices_stay(
    shell: Shell, services: FakeServices, qtbot: QtBot, tmp_path: Path
) -> None:
    shell.session.document.replace(good_plan())
    shell.go("export")
    place = shell.page.findChild(QLineEdit, "destination")
    assert place is not None
    place.setText(str(tmp_path / "out"))
    qtbot.waitUntil(lambda: shell.page.findChild(QCheckBox, "target.kubernetes") is not None)
    QTest.mouseClick(_tick(shell, "target.kubernetes"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(shell.bar.primary_button.isEnabled)
    press(shell, "primary")  # what fails is asked for once
    press(shell, "primary")
    qtbot.waitUntil(lambda: shell.page.findChild(QFrame, "result") is not None)
    QTest.mouseClick(_tick(shell, "next-step.1"), Qt.MouseButton.LeftButton)
    languages().speak("fr")
    qtbot.waitUntil(lambda: shell.page.findChild(QCheckBox, "target.kubernetes") is not None)
    qtbot.waitUntil(lambda: shell.session.background.idle)
    told = shell.page.findChild(QFrame, "result")
    assert told is not None
    assert told.accessibleName().startswith("1 fichier écrit")
    assert [_tick(shell, f"next-step.{at}").isChecked() for at in range(3)] == [False, True, False]
    assert not _tick(shell, "target.kubernetes").isChecked()
    assert _tick(shell, "target.env").isChecked()


def _tick(shell: Shell, name: str) -> QCheckBox:
    found = shell.page.findChild(QCheckBox, name)
    assert found is not None
    return found


def test_how_far_a_page_was_scrolled_stays(shell: Shell, qtbot: QtBot) -> None:
    shell.go("application")
    bar = shell._places["application"].verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 200)
    bar.setValue(180)
    languages().speak("fr")
    qtbot.waitUntil(lambda: shell._places["application"].verticalScrollBar().value() == 180)


def test_results_are_told_anew_by_what_was_found_and_nobody_is_asked_again(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    services.checks = [_of_facts()]
    shell.go("database")
    with qtbot.waitSignal(shell.session.runs.finished):
        press(shell, "test")
    qtbot.waitUntil(lambda: "Cancelled before it ended." in summaries(shell))
    languages().speak("fr")
    qtbot.waitUntil(lambda: tr("Cancelled before it ended.") in summaries(shell))
    assert "Cancelled before it ended." not in summaries(shell)
    assert shell.words.findChild(QLabel, "told-in-another-language").isHidden()  # type: ignore[union-attr]
    languages().speak("en")
    qtbot.waitUntil(lambda: "Cancelled before it ended." in summaries(shell))


def test_what_cannot_be_told_anew_stays_and_the_window_says_so(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    services.checks = [failing(CONNECT, "Refused.")]
    shell.go("database")
    with qtbot.waitSignal(shell.session.runs.finished):
        press(shell, "test")
    services.checks = [passing(CONNECT, "It is judged otherwise today.")]
    languages().speak("fr")
    qtbot.waitUntil(lambda: shell.session.runs.untold == 1)
    said = shell.words.findChild(QLabel, "told-in-another-language")
    assert said is not None
    qtbot.waitUntil(said.isVisible)
    assert said.text().startswith("1 ")
    qtbot.waitUntil(lambda: "Refused." in summaries(shell))
    with qtbot.waitSignal(shell.session.runs.finished):
        press(shell, "test")
    qtbot.waitUntil(said.isHidden)


def test_the_rules_are_told_in_the_new_language(shell: Shell, session: Session) -> None:
    def said() -> set[str]:
        return {item.summary for item in session.document.findings.rules}

    english = said()
    languages().speak("fr")
    assert english.isdisjoint(said())


def test_why_secrets_are_not_in_the_keyring_is_told_in_the_new_language(shell: Shell, session: Session) -> None:
    shell.go("database")
    session.autosave.take_secret_store(SessionStore(), no_keyring(), no_keyring)
    assert session.autosave.place.startswith("Secrets are kept in this session only: No keyring was found")
    languages().speak("fr")
    told = session.autosave.place
    assert "Aucun trousseau" in told
    assert "No keyring" not in told
    languages().speak("en")
    assert "No keyring was found on this system." in session.autosave.place


def test_a_run_goes_on_and_can_be_cancelled(shell: Shell, services: FakeServices, qtbot: QtBot) -> None:
    gate = Gate()
    services.checks = [gate.check("database", (CONNECT,), CONNECT.passed("late"))]
    shell.go("database")
    with qtbot.waitSignal(shell.session.runs.started):
        press(shell, "test")
    languages().speak("fr")
    assert shell.session.runs.running
    assert shell.bar.cancel_button.isVisible()
    with qtbot.waitSignal(shell.session.runs.finished):
        press(shell, "cancel")
    gate.open.set()
    qtbot.waitUntil(lambda: not shell.bar.cancel_button.isVisible())


def test_qts_own_dialogs_speak_it_too(shell: Shell) -> None:
    def close() -> str:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        return box.button(QDialogButtonBox.StandardButton.Close).text().replace("&", "")

    assert close() == "Close"
    languages().speak("fr")
    assert close() == "Fermer"
    languages().speak("zh-CN")
    assert close() == "关闭"
    languages().speak("en")
    assert close() == "Close"


def _texts_of_file_dialog(folder: Path) -> list[str]:
    dialog = QFileDialog(None, "", str(folder))
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    labels = [label.text() for label in dialog.findChildren(QLabel)]
    buttons = [button.text() for button in dialog.findChildren(QPushButton)]
    kind = QFileIconProvider().type(QFileInfo(str(folder)))
    return [*labels, *buttons, kind, QLocale().formattedDataSize(3_000_000)]


@pytest.mark.parametrize(
    ("spoken", "said"),
    [
        ("fr", ["Voir dans\xa0:", "&Nom de fichier\xa0:", "Fichiers de type\xa0:", "Dossier", "2,86 Mio"]),
        ("zh-CN", ["文件夹"]),
    ],
)
def test_qts_file_dialog_has_no_english_left(shell: Shell, tmp_path: Path, spoken: str, said: list[str]) -> None:
    english = _texts_of_file_dialog(tmp_path)
    languages().speak(spoken)
    now = _texts_of_file_dialog(tmp_path)
    assert set(said) <= set(now)
    left = {one for one in english if one in now and any(map(str.isalpha, one))}
    assert left <= {"2.86 MiB"}  # Chinese writes it so, too


def test_the_language_is_a_command(shell: Shell, qtbot: QtBot) -> None:
    QTest.keyClick(shell, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    finder = shell.findChild(Finder)
    assert finder is not None
    QTest.keyClicks(finder.edit, "language: fr")
    found = finder.findChild(QListWidget, "finder-list")
    assert found is not None
    assert [found.item(at).text() for at in range(found.count())] == ["Language: Français"]
    with qtbot.waitSignal(languages().changed):
        QTest.keyClick(finder.edit, Qt.Key.Key_Return)
    assert languages().current == "fr"


def test_no_text_of_the_former_language_stays(shell: Shell) -> None:
    for step in ("start", "licence", "nodes", "balancer"):
        shell.go(step)
        english = _shown(shell) & texts.known()
        languages().speak("fr")
        shown = _shown(shell)
        assert {text for text in english & shown if tr(text) != text} == set()
        languages().speak("en")


def _shown(shell: Shell) -> set[str]:
    labels = {one.text() for one in shell.findChildren(QLabel) if one.isVisible()}
    return labels | {one.text() for one in shell.findChildren(QAbstractButton) if one.isVisible()}


def test_the_choice_is_remembered_but_for_what_was_asked_for_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    try:
        language.use()
        writer = SettingsWriter()
        remembered.spoken(writer)
        languages().speak("fr")
        assert writer.finish(patience())
        assert WindowSettings().get("language") == "fr"
        language.use("en")
        assert language.asked_for()
        remembered.spoken(SettingsWriter())
        assert languages().current == "en"
        language.use()
        language_now = i18n.language()
        i18n.install("en", None)
        remembered.spoken(SettingsWriter())
        assert (languages().current, language_now) == ("fr", language_now)
    finally:
        QApplication.processEvents()
