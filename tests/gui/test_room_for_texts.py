"""Every text has the room it needs, on each page, in each language, at the usual size and with large text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, REDIS, FakeServices, failing, passing
from tests.gui.room import beyond, cut, overlapping
from tests.made_up_language import LANGUAGE, MadeUp
from wizard.app import language
from wizard.app.changes import Change, ChangeKind, Changes
from wizard.formats import cluster_file
from wizard.gui import closing, commands, other_window
from wizard.gui.autosave import Autosave
from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.gui.steps.node_list_dialog import NodeListDialog
from wizard.gui.steps.paste_dialog import PasteDialog
from wizard.gui.theme import theme
from wizard.gui.widgets.accept_dialog import AcceptDialog
from wizard.gui.widgets.passphrase_dialog import PassphraseDialog
from wizard.guide import flow
from wizard.guide.groups import grouped
from wizard.plan import i18n
from wizard.plan.i18n import tr
from wizard.plan.remedy import advice

EXAMPLE = Path(__file__).parents[2] / "resources" / "examples" / "three-nodes.yaml"
MADE_UP = "made up"
SMALL, USUAL = (1024, 700), (1280, 800)


def _speak(name: str) -> None:
    if name == MADE_UP:
        i18n.install(LANGUAGE, MadeUp())
    else:
        language.use(name)


@pytest.fixture
def window(
    request: pytest.FixtureRequest, _look: None, session: Session, services: FakeServices, qtbot: QtBot
) -> Iterator[Shell]:
    spoken, scale, size = request.param
    former = theme().scale
    theme().scale = scale
    theme().choose(theme().scheme)
    _speak(spoken)
    services.checks = [passing(CONNECT, "1"), failing(REDIS, "2", subject="cache", remedy=advice("3"))]
    shell = Shell(session)
    qtbot.addWidget(shell, before_close_func=lambda shell: shell.session.autosave.flush())
    with qtbot.waitSignal(session.autosave.kept):
        session.opening.begin(None)
    session.start_new("a cluster")
    session.document.replace(cluster_file.read(EXAMPLE.read_text(), ""))
    shell.resize(*size)
    shell.show()
    yield shell
    theme().scale = former
    theme().choose(theme().scheme)
    language.use(i18n.ENGLISH)


def _all(*scales: float, sizes: tuple[tuple[int, int], ...]) -> list[tuple[str, float, tuple[int, int]]]:
    return [(spoken, scale, size) for spoken in ("en", "fr", "zh-CN", MADE_UP) for scale in scales for size in sizes]


def _unfold(window: Shell, qtbot: QtBot) -> list[str]:
    for fold in window.page.findChildren(QPushButton, "more-settings"):
        fold.click()
    qtbot.waitUntil(lambda: window.session.background.idle)
    QApplication.processEvents()
    return cut(window) + overlapping(window)


def _look_at_every_page(window: Shell, qtbot: QtBot) -> None:
    troubled = {}
    for step in flow.IDS:
        window.go(step)
        if found := _unfold(window, qtbot):
            troubled[step] = found
    assert troubled == {}


def _look_at_results(window: Shell, services: FakeServices, qtbot: QtBot) -> None:
    """Look at the review after a run, with each card unfolded, and at an export over a former bundle."""
    window.go("review")
    with qtbot.waitSignal(window.session.runs.finished):
        window.primary()
    qtbot.waitUntil(lambda: window.session.runs.report is not None)
    for fold in window.page.findChildren(QPushButton, "fold"):
        fold.click()
    troubled = {"review": _unfold(window, qtbot)}
    lines = "--- env/cluster.env\n+++ env/cluster.env\n@@ -1 +1 @@\n-TZ=Europe/Paris\n+TZ=UTC\n"
    changed = (Change("env/cluster.env", ChangeKind.CHANGED, lines), Change("README.md", ChangeKind.UNCHANGED))
    services.former = Changes(Path("/srv/bundle"), changed)
    window.go("export")
    qtbot.waitUntil(window.page.changes.isVisible)  # type: ignore[attr-defined]
    troubled["export"] = _unfold(window, qtbot)
    assert troubled == {"review": [], "export": []}


def _close_box(window: Shell) -> None:
    closing.ask_to_lose(window, window.session, window.close, window.close)


def _passphrase(window: Shell) -> None:
    words = tr("The secrets are encrypted with this passphrase. Nobody can recover it.")
    PassphraseDialog(window, window.session.background, words, str, str, new=True).open()


def _paste(window: Shell) -> None:
    dialog = PasteDialog(window, window.session, window.session.document.plan, lambda _plan, _secrets: None)
    dialog.open()
    dialog.text.setPlainText("postgres://noco:pw@db.internal.example.com:5433/noco?sslmode=require\n10.0.0.[21-24]\n")


def _nodes(window: Shell) -> None:
    dialog = NodeListDialog(window, window.session.document.plan, lambda _plan: None)
    dialog.open()
    dialog.text.setPlainText("10.0.0.[21-24]")


def _accept(window: Shell) -> None:
    [group] = grouped([REDIS.fail("Redis at redis.internal.example.com:6379 refuses the connection.", subject="cache")])
    dialog = AcceptDialog(window, group, lambda _reason, _until: None)
    dialog.open()
    dialog._go()


class _Lock:
    """Another window's lock."""

    def getLockInfo(self) -> tuple[int, str, str]:  # noqa: N802 - as Qt has it
        return 4711, "host", "wizard"


DIALOGS: dict[str, Callable[[Shell], object]] = {
    "about": lambda window: commands.show_about(window._ways()),
    "finder": lambda window: commands.choose_command(window._ways()),
    "keys": lambda window: commands.show_keys(window._ways()),
    "settings": lambda window: commands.find_setting(window._ways()),
    "losing": _close_box,
    "passphrase": _passphrase,
    "accept": _accept,
    "paste": _paste,
    "node-list": _nodes,
    "other-window": lambda window: other_window._tell(window, _Lock()),  # type: ignore[arg-type]
}


def _look_at_every_dialog(window: Shell, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Autosave, "lost", ["Mot de passe de la base de données", "Password of Redis"])
    window.go("database")
    troubled = {}
    for name, show in DIALOGS.items():
        show(window)
        dialog = next(each for each in window.findChildren(QDialog) if each.isVisible())
        if isinstance(dialog, PasteDialog):
            qtbot.waitUntil(lambda dialog=dialog: dialog.table.rowCount() == 2)
        QApplication.processEvents()
        if found := cut(dialog) + overlapping(dialog) + beyond(dialog, window):
            troubled[name] = found
        dialog.done(0)
        QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)
    assert troubled == {}


@pytest.mark.parametrize("window", [("fr", 1.6, SMALL)], indirect=True, ids=str)
def test_no_text_is_cut_or_lies_on_another(
    window: Shell, services: FakeServices, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _look_at_every_page(window, qtbot)
    _look_at_every_dialog(window, qtbot, monkeypatch)
    _look_at_results(window, services, qtbot)


@pytest.mark.slow
@pytest.mark.parametrize(
    "window", _all(1.0, sizes=(SMALL, USUAL)) + _all(1.6, sizes=(SMALL, USUAL)), indirect=True, ids=str
)
def test_nor_in_any_other_language_or_size(
    window: Shell, services: FakeServices, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _look_at_every_page(window, qtbot)
    _look_at_every_dialog(window, qtbot, monkeypatch)
    _look_at_results(window, services, qtbot)
