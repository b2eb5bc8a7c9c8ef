"""Every text has the room it needs, on each page, in each language, at the usual size and with large text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CONNECT, REDIS, FakeServices, failing, passing
from tests.gui.room import cut, overlapping
from tests.made_up_language import LANGUAGE, MadeUp
from wizard.app import language
from wizard.formats import cluster_file
from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.gui.theme import theme
from wizard.guide import flow
from wizard.plan import i18n
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


def _look_at_every_page(window: Shell, qtbot: QtBot) -> None:
    troubled = {}
    for step in flow.IDS:
        window.go(step)
        for fold in window.page.findChildren(QPushButton, "more-settings"):
            fold.click()
        qtbot.waitUntil(lambda: window.session.background.idle)
        QApplication.processEvents()
        if found := cut(window) + overlapping(window):
            troubled[step] = found
    assert troubled == {}


@pytest.mark.parametrize("window", [("fr", 1.6, SMALL)], indirect=True, ids=str)
def test_no_text_is_cut_or_lies_on_another(window: Shell, qtbot: QtBot) -> None:
    _look_at_every_page(window, qtbot)


@pytest.mark.slow
@pytest.mark.parametrize(
    "window", _all(1.0, sizes=(SMALL, USUAL)) + _all(1.6, sizes=(SMALL, USUAL)), indirect=True, ids=str
)
def test_nor_in_any_other_language_or_size(window: Shell, qtbot: QtBot) -> None:
    _look_at_every_page(window, qtbot)
