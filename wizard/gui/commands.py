"""Every command of the window by its name, with its keys: what Ctrl+K offers and F1 lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMessageBox, QWidget

from wizard.app import language
from wizard.dataclass import dataclass
from wizard.gui.finder import Finder
from wizard.gui.languages import found_by, languages, own_name
from wizard.gui.session import Session
from wizard.gui.steps.page import Page
from wizard.gui.theme import Scheme, theme
from wizard.gui.widgets.basics import keep_words_whole
from wizard.guide import about, flow, search
from wizard.guide.search import Hit
from wizard.plan.i18n import mark, tr

_BUTTONS = {
    "open-file": (mark("Open files"), "start"),
    "open-bundle": (mark("Open a bundle"), "start"),
    "paste-anything": (mark("Paste anything"), "start"),
    "add-several": (mark("Add several nodes"), "nodes"),
    "save-report": (mark("Save the report"), "review"),
}
"""Commands that a button of a step does, by its name."""


@dataclass(frozen=True)
class Ways:
    """What the window can do: itself, as the parent of what opens, its session, its page, and its ways to others."""

    window: QWidget
    session: Session
    page: Callable[[], Page]
    go: Callable[[str], object]
    go_to: Callable[[str], object]
    back: Callable[[], object]
    primary: Callable[[], object]
    test: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be done: what it is called, what does it, its keys (empty: none), and words to find it by."""

    title: str
    do: Callable[[], object]
    keys: str = ""
    words: str = ""


def commands(ways: Ways) -> dict[str, Command]:
    """Return what can be done now, by ids."""
    session = ways.session
    found = {
        "find": Command(tr("Find a setting"), lambda: find_setting(ways), "Ctrl+F"),
        "primary": Command(tr("The page's primary action"), ways.primary, "Ctrl+Return"),
        "test": Command(tr("Test this step"), ways.test, "F5"),
        "cancel": Command(tr("Cancel the run"), session.runs.cancel, "Esc"),
        "undo": Command(tr("Undo"), session.undo, "Ctrl+Z"),
        "redo": Command(tr("Redo"), session.redo, "Ctrl+Shift+Z"),
        "back": Command(tr("Back"), ways.back, "Alt+Left"),
        "check": Command(tr("Check everything"), lambda: _check_everything(ways)),
        "light": Command(tr("Colours: light"), lambda: theme().choose(Scheme.LIGHT)),
        "dark": Command(tr("Colours: dark"), lambda: theme().choose(Scheme.DARK)),
        "system": Command(tr("Colours: the system's"), lambda: theme().choose(Scheme.SYSTEM)),
        "commands": Command(tr("All commands"), lambda: choose_command(ways), "Ctrl+K"),
        "keys": Command(tr("Keyboard shortcuts"), lambda: show_keys(ways), "F1"),
        "about": Command(tr("About this program"), lambda: show_about(ways)),
    }
    if session.inside.command:
        found["inside"] = Command(
            tr("Check everything, and look inside the nodes too"), lambda: _check_everything(ways, inside=True)
        )
    for name in language.available():
        title = tr("Language: {language}", language=own_name(name))
        found[f"language.{name}"] = Command(title, partial(languages().speak, name), words=found_by(name))
    for name, (words, place) in _BUTTONS.items():
        if session.document.begun or place == flow.IDS[0]:
            found[name] = Command(tr(words), partial(_press, ways, place, name))
    opened = flow.STEPS if session.document.begun else flow.STEPS[:1]
    for step in opened:
        found[f"go.{step.id}"] = Command(tr("Go to {step}", step=tr(step.title)), partial(ways.go, step.id))
    return found


def choose_command(ways: Ways) -> None:
    """Offer every command."""
    _offer(ways, tr("All commands"), commands(ways))


def show_keys(ways: Ways) -> None:
    """Offer the commands that have keys."""
    _offer(ways, tr("Keyboard shortcuts"), {name: one for name, one in commands(ways).items() if one.keys})


def find_setting(ways: Ways) -> None:
    """Offer every setting; the one that is chosen comes into sight with the focus."""
    if ways.session.document.begun:
        hits = search.settings(ways.session.document.plan)
        Finder(ways.window, tr("Find a setting"), hits, ways.go_to).open()


def show_about(ways: Ways) -> None:
    """Say what the program is and runs on, to be copied for those who help."""
    qt = {"Qt": qVersion() or ""}
    box = QMessageBox(
        QMessageBox.Icon.NoIcon, tr("About this program"), tr("NocoBase Cluster Wizard"), parent=ways.window
    )
    box.setObjectName("about")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setInformativeText(about.for_support(**qt))
    box.setDetailedText(about.licences())
    copy = box.addButton(tr("Copy for support"), QMessageBox.ButtonRole.ActionRole)
    copy.setObjectName("copy-for-support")
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(about.for_support(**qt)))
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Close))
    keep_words_whole(box)
    box.open()


def _offer(ways: Ways, title: str, offered: dict[str, Command]) -> None:
    Finder(ways.window, title, hits(offered), lambda name: offered[name].do()).open()


def hits(offered: Mapping[str, Command]) -> list[Hit]:
    """Return the commands as they are found, by the words of other languages, too."""
    return [
        Hit(name, one.title, _keys(one), search.folded(f"{one.title} {_keys(one)} {one.words}"))
        for name, one in offered.items()
    ]


def _press(ways: Ways, step: str, name: str) -> None:
    """Go to a step and press a button there, if it can be pressed now."""
    ways.go(step)
    button = ways.page().own_button(name)  # a page that waits to be deleted has one of the same name
    if button and button.isVisible():
        button.click()


def _keys(command: Command) -> str:
    """Return the keys of a command as the system writes them."""
    return QKeySequence(command.keys).toString(QKeySequence.SequenceFormat.NativeText) if command.keys else ""


def _check_everything(ways: Ways, *, inside: bool = False) -> None:
    if ways.session.document.begun and not ways.session.runs.running:
        if inside:
            ways.session.inside.turn(on=True)
        ways.go("review")
        ways.session.test((), "review")
