"""No secret typed into the window is in what it shows, says to a screen reader, copies, writes or logs, nor in a child.

All servers give back what they are sent, so that each refusal quotes the secret.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex
from PySide6.QtGui import QAccessible, QAccessibleInterface, QAction, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests import canary
from tests.gui.conftest import KeptStore, WithoutKeyring
from tests.gui.pages import press
from tests.gui.plain import without_secrets
from tests.patience import patience
from tests.servers.reflecting import every_secret, mirror
from wizard.gui import remembered
from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.gui.widgets.line_edits import SecretEdit
from wizard.guide import flow
from wizard.storage.window_settings import SettingsWriter

Texts = list[tuple[str, bytes]]
Role = QAccessible.Text


@pytest.fixture(scope="module")
def reflecting() -> Iterator[int]:
    with mirror() as port:
        yield port


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home whose folders for data, state, settings and the cache are this test's alone."""
    for name in ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
        (tmp_path / name.lower()).mkdir()
    return tmp_path


@pytest.fixture
def window(home: Path, _look: None, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    monkeypatch.setattr(WithoutKeyring, "store", KeptStore())
    session = Session(WithoutKeyring())
    shell = Shell(session)
    qtbot.addWidget(shell, before_close_func=lambda shell: shell.session.autosave.flush())
    with qtbot.waitSignal(session.autosave.kept):
        session.opening.begin(None)
    shell.show()
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    yield shell
    session.runs.cancel()
    qtbot.waitUntil(lambda: session.background.idle)


def type_secrets(shell: Shell, values: dict[str, str]) -> tuple[set[str], Texts]:
    """Type into every secret field of every step; return the keys of those that were there, and what was in sight."""
    typed, found = set[str](), Texts()
    for step in flow.IDS:
        shell.go(step)
        QApplication.processEvents()
        for edit in shell.page.findChildren(SecretEdit):
            key = edit.objectName().removeprefix("input.")
            edit.setFocus()
            edit.insert(values[key])
            typed.add(key)
        found += shown()
    return typed, found


def shown() -> Texts:
    """Return all that stands on any widget there is, and what a screen reader is told of it."""
    found: dict[str, str] = {}
    models = []
    for widget in QApplication.allWidgets():
        name = f"{type(widget).__name__} {widget.objectName()}"
        for what, text in (*_words(widget), *_spoken_of(widget)):
            found.setdefault(text, f"{name}: {what}")
        if isinstance(widget, QAbstractItemView) and widget.model() and widget.model() not in models:
            models.append(widget.model())
            found.update((text, f"{name}: item") for text in _of_model(widget.model(), QModelIndex()))
    return [(name, text.encode()) for text, name in found.items()]


def _words(widget: QWidget) -> Iterator[tuple[str, str]]:
    yield "title", widget.windowTitle()
    yield "tip", widget.toolTip()
    yield "status", widget.statusTip()
    yield "what is this", widget.whatsThis()
    yield "name", widget.accessibleName()
    yield "description", widget.accessibleDescription()
    for action in widget.findChildren(QAction):
        yield "action", f"{action.text()} {action.toolTip()} {action.data()}"
    match widget:
        case QLabel() | QAbstractButton():
            yield "text", widget.text()
        case SecretEdit():
            yield "in sight", widget.displayText()
        case QLineEdit():
            yield "text", f"{widget.text()} {widget.placeholderText()}"
        case QPlainTextEdit() | QTextEdit():
            yield "text", widget.toPlainText()


def _spoken_of(widget: QWidget) -> Iterator[tuple[str, str]]:
    spoken: QAccessibleInterface | None = QAccessible.queryAccessibleInterface(widget)
    for each in (spoken, *_children(spoken)) if spoken else ():
        for role in (Role.Name, Role.Description, Role.Value, Role.Help, Role.Accelerator):
            yield f"spoken {role.name}", each.text(role)
        if text := each.textInterface():
            yield "spoken text", text.text(0, text.characterCount())


def _children(spoken: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """Return the parts that are no widgets of their own: rows, cells, sections of a picture."""
    for at in range(spoken.childCount()):
        child = spoken.child(at)
        if child and not isinstance(child.object(), QWidget):
            yield child


def _of_model(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[str]:
    for row in range(model.rowCount(parent)):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)):
            index = model.index(row, column, parent)
            yield from (str(data) for data in model.itemData(index).values())


def copied(shell: Shell) -> Texts:
    """Press every button in sight that copies, and return what was on the clipboard."""
    clipboard, found = QGuiApplication.clipboard(), []
    for each in shell.findChildren(QPushButton):
        if each.isVisible() and "copy" in each.objectName():
            clipboard.clear()
            each.click()
            found.append((f"copied by {each.objectName()}", clipboard.text().encode()))
    return found


def looked_at(shell: Shell, steps: Iterable[str]) -> Texts:
    """Go through steps, and return what they show and what their buttons copy."""
    found: Texts = []
    for step in steps:
        shell.go(step)
        QApplication.processEvents()
        found += [(f"{step}: {name}", text) for name, text in (*shown(), *copied(shell))]
    return found


def save_reports(shell: Shell, qtbot: QtBot, home: Path) -> None:
    """Save the report and the picture in each form."""
    shell.go("review")
    for suffix in ("txt", "html", "md", "json", "svg", "png"):
        path = home / f"report.{suffix}"
        shell.page.saving._save(path)  # type: ignore[attr-defined]  # a dialog of the system asks where
        qtbot.waitUntil(path.exists)
    qtbot.waitUntil(lambda: shell.session.background.idle)


def exported(shell: Shell, qtbot: QtBot, home: Path) -> Texts:
    """Look at every file of every way to treat secrets, write those without any, and return what was in sight."""
    found: Texts = []
    shell.go("export")
    page: Any = shell.page
    page.place.setText(str(home / "bundle"))
    for mode in range(3):
        page.secrets.button(mode).click()
        qtbot.waitUntil(lambda: page.ready)
        for at in range(page.preview.list.count()):
            page.preview.list.setCurrentRow(at)
            found += copied(shell)
    page.secrets.button(0).click()
    qtbot.waitUntil(lambda: page.ready)
    page.act()
    if not page.outcome.told:
        page.act()  # all the same
    qtbot.waitUntil(lambda: page.findChild(QWidget, "result") is not None)
    return found + shown()


@pytest.mark.parametrize(
    ("kind", "kinds"),
    [
        ("redis", (canary.PLAIN, canary.AWKWARD)),
        pytest.param("rabbitmq", (canary.PLAIN,), marks=pytest.mark.slow),
        pytest.param("rabbitmq", (canary.AWKWARD,), marks=pytest.mark.slow),
        pytest.param("redis", (canary.AWKWARD, canary.PLAIN), marks=pytest.mark.slow),
    ],
)
@pytest.mark.timeout(240)
def test_no_secret_is_in_what_the_window_shows_says_copies_writes_or_starts(
    request: pytest.FixtureRequest,
    window: Shell,
    home: Path,
    qtbot: QtBot,
    reflecting: int,
    kind: str,
    kinds: tuple[str, ...],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    whole = every_secret(reflecting, kind)
    secrets, session = canary.canaries(whole, *kinds), window.session
    extra = {name: secret for name, secret in secrets.items() if name.startswith("extra.")}
    with canary.children() as started:
        session.take(without_secrets(whole), extra, "")
        typed, seen = type_secrets(window, {name: secret.reveal() for name, secret in secrets.items()})
        assert len(typed) > 7
        for key in secrets.keys() - typed - extra.keys():
            session.document.set_secret(key, secrets[key])
        window.go("review")
        with qtbot.waitSignal(session.runs.finished):
            press(window, "primary")
        seen += looked_at(window, flow.IDS if request.config.getoption("--slow") else ("database", "nodes", "review"))
        save_reports(window, qtbot, home)
        seen += exported(window, qtbot, home)
        qtbot.waitUntil(lambda: not session.autosave.waits)
        remembered.size(writer := SettingsWriter(), window)()
        assert writer.finish(patience())
    out, err = capfd.readouterr()
    said = [("standard output", out.encode()), ("standard error", err.encode()), ("log", caplog.text.encode())]
    written = [*canary.files_below(home)]
    for name in ("cluster.yaml", "about.json", "report.json", "report.svg", "manifest.json", "window.json"):
        assert any(name in path for path, _text in written), name
    assert canary.found(secrets.values(), [*started, *seen, *said, *written]) == []
    store = session.autosave.secret_store
    assert {name for name in secrets if store and store.get(whole.id, name)} == secrets.keys() - extra.keys()
