"""Settings and commands are found by typing: Ctrl+F, Ctrl+K, F1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, FakeServices, passing
from tests.gui.pages import line, press
from tests.unit.plans import SECRETS, good_plan
from wizard import __version__
from wizard.gui import commands
from wizard.gui.finder import Finder
from wizard.gui.languages import languages
from wizard.gui.shell import Shell
from wizard.guide import search
from wizard.guide.deciding import deciding
from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment

CONTROL = Qt.KeyboardModifier.ControlModifier


def _finder(shell: Shell, qtbot: QtBot) -> tuple[Finder, QLineEdit]:
    qtbot.waitUntil(lambda: any(one.isVisible() for one in shell.findChildren(Finder)))
    [finder] = [one for one in shell.findChildren(Finder) if one.isVisible()]
    return finder, finder.edit


def test_a_setting_is_found_by_its_variable_and_gets_the_focus(shell: Shell, qtbot: QtBot) -> None:
    shell.go("review")
    QTest.keyClick(shell, Qt.Key.Key_F, CONTROL)
    _found, edit = _finder(shell, qtbot)
    QTest.keyClicks(edit, "db_pool_max")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert shell.current == "database"
    qtbot.waitUntil(lambda: shell.focusWidget() is line(shell.page, "database.pool_max"))


def test_a_folded_setting_is_unfolded(shell: Shell, qtbot: QtBot) -> None:
    shell.go("licence")
    QTest.keyClick(shell, Qt.Key.Key_F, CONTROL)
    _found, edit = _finder(shell, qtbot)
    QTest.keyClicks(edit, "DB_TABLE_PREFIX")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shell.focusWidget() is line(shell.page, "database.table_prefix"))


@pytest.mark.qt_log_ignore(r"raise\(\)", "grabbing the keyboard")  # no list that opens can have them offscreen
@pytest.mark.parametrize("deployment", list(Deployment))
def test_every_setting_that_is_found_leads_to_a_field_in_sight(
    shell: Shell, qtbot: QtBot, deployment: Deployment
) -> None:
    document = shell.session.document
    document.replace(replace(good_plan(), id=document.plan.id).with_value("application.deployment", deployment))
    for hit in search.settings(document.plan):
        shell.go_to(hit.key)
        QApplication.processEvents()  # a widget added to a layout is shown by a queued call
        place = deciding(document.plan, hit.key) or hit.key
        focused = shell.focusWidget()
        assert focused is not None, hit.key
        assert focused.isVisible(), hit.key
        above = [focused, *_above(focused)]
        assert any(place in each.objectName() for each in above), (hit.key, [each.objectName() for each in above])
        assert ("decided by" in hit.hint) is (place != hit.key)


def _above(widget: QWidget) -> Iterator[QWidget]:
    while (parent := widget.parentWidget()) is not None:
        yield parent
        widget = parent


def test_a_command_is_found_by_its_name_and_the_arrows_move(shell: Shell, qtbot: QtBot) -> None:
    QTest.keyClick(shell, Qt.Key.Key_K, CONTROL)
    found, edit = _finder(shell, qtbot)
    QTest.keyClicks(edit, "go to")
    QTest.keyClick(edit, Qt.Key.Key_Down)
    assert found.list.currentItem().text() == "Go to Licence"
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert shell.current == "licence"


@pytest.mark.parametrize(
    ("typed", "step", "opened"), [("paste", "start", "paste"), ("several nodes", "nodes", "node-list")]
)
def test_what_a_button_of_another_step_does_is_a_command(
    shell: Shell, qtbot: QtBot, typed: str, step: str, opened: str
) -> None:
    shell.go("review")
    QTest.keyClick(shell, Qt.Key.Key_K, CONTROL)
    _found, edit = _finder(shell, qtbot)
    QTest.keyClicks(edit, typed)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert shell.current == step
    qtbot.waitUntil(lambda: any(one.isVisible() for one in shell.findChildren(QDialog, opened)))


def test_every_button_that_is_a_command_is_on_its_step(shell: Shell) -> None:
    for name, (_title, step) in commands._BUTTONS.items():
        shell.go(step)
        assert shell.page.own_button(name) is not None, name


def test_a_command_presses_the_button_of_the_page_in_sight_and_none_of_one_that_goes(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    for _cluster in range(2):  # the pages of the first one wait to be deleted
        shell.session.take(good_plan(), SECRETS, "")
        shell.go("nodes")
    commands.commands(shell._ways())["add-several"].do()
    assert any(one.isVisible() for one in shell.page.findChildren(QDialog, "node-list"))
    services.checks = [passing(CONNECT, "Connected.")]
    shell.go("review")
    with qtbot.waitSignal(shell.session.runs.finished):
        shell.primary()
    qtbot.waitUntil(lambda: bool((found := shell.page.own_button("save-report")) and found.isVisible()))
    shell._tell_again()
    commands.commands(shell._ways())["save-report"].do()
    assert shell.page.findChildren(QFileDialog, "save-report-to")


@pytest.mark.parametrize("spoken", ["en", "fr", "zh-CN"])
@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("french", "fr"),
        ("FRANÇAIS", "fr"),
        ("法语", "fr"),
        ("Französisch", "fr"),
        ("chinese", "zh-CN"),
        ("chinois", "zh-CN"),
        ("中文", "zh-CN"),
        ("简体中文", "zh-CN"),
        ("anglais", "en"),
        ("英语", "en"),
    ],
)
def test_a_language_is_found_by_its_name_in_any_language(shell: Shell, spoken: str, typed: str, name: str) -> None:
    languages().speak(spoken)
    try:
        offered = commands.commands(shell._ways())
        hits = commands.hits(offered)
        assert [hit.key for hit in search.matching(hits, typed)] == [f"language.{name}"]
        assert {hit.key for hit in search.matching(hits, "sprache")} == {key for key in offered if "language." in key}
    finally:
        languages().speak("en")


def test_f1_lists_the_keys(shell: Shell, qtbot: QtBot) -> None:
    QTest.keyClick(shell, Qt.Key.Key_F1)
    found, _edit = _finder(shell, qtbot)
    shown = [found.list.item(row).text() for row in range(found.list.count())]
    assert "Test this step   ·   F5" in shown
    assert not any(words.startswith("Go to ") for words in shown)


def test_what_nothing_is_called_is_said(shell: Shell, qtbot: QtBot) -> None:
    QTest.keyClick(shell, Qt.Key.Key_F, CONTROL)
    found, edit = _finder(shell, qtbot)
    QTest.keyClicks(edit, "qqqq")
    assert found.list.count() == 0
    assert found._none.isVisible()
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert found.isVisible()
    QTest.keyClick(edit, Qt.Key.Key_Escape)


@pytest.mark.parametrize("by_keys", [True, False])
def test_about_is_copied_for_support(shell: Shell, qtbot: QtBot, *, by_keys: bool) -> None:
    if by_keys:
        QTest.keyClick(shell, Qt.Key.Key_K, CONTROL)
        _found, edit = _finder(shell, qtbot)
        QTest.keyClicks(edit, "about")
        QTest.keyClick(edit, Qt.Key.Key_Return)
    else:
        press(shell, "about-program")
    qtbot.waitUntil(lambda: shell.findChild(QMessageBox, "about") is not None)
    about = shell.findChild(QMessageBox, "about")
    assert about is not None
    assert "Apache-2.0" in about.detailedText()
    copy = shell.findChild(QPushButton, "copy-for-support")
    assert copy is not None
    QTest.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text().startswith(f"NocoBase Cluster Wizard: {__version__}\nPython: 3.")


def test_a_title_that_begins_so_comes_first() -> None:
    hits = search.settings(Plan())
    assert next(hit.key for hit in search.matching(hits, "host")) == "database.host"
    assert search.matching(hits, "no such words") == []


@pytest.mark.parametrize(("typed", "title"), [("noeuds", "Nœuds"), ("equilibreur", "Équilibreur"), ("NŒUDS", "Nœuds")])
def test_words_are_found_without_their_accents_and_joined_letters(typed: str, title: str) -> None:
    titles = ("Aller à Nœuds", "Aller à Équilibreur")
    hits = [search.Hit(one, one, "", search.folded(one)) for one in titles]
    assert [hit.title for hit in search.matching(hits, f"aller a {typed}")] == [f"Aller à {title}"]
