"""What a person chose for the window, remembered in the user's settings: colours, language, size, looks inside.

Each of these takes the one writer of the program, which never lets the window wait.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow

from wizard.app import language
from wizard.gui.languages import languages
from wizard.gui.session import Session
from wizard.gui.theme import Scheme, theme
from wizard.program_name import PROGRAM
from wizard.storage.window_settings import SettingsWriter

NAME = PROGRAM
_COLOURS, _LANGUAGE, _SIZE, _INSIDE = "colours", "language", "size", "inside"
_MOST = 100
"""Clusters of which it is remembered that their nodes were looked into."""


def colours(kept: SettingsWriter) -> None:
    """Wear the colours that were chosen last, and remember the next choice."""
    look = theme()
    with contextlib.suppress(ValueError):  # nothing was chosen, or somebody else wrote the file
        look.choose(Scheme(kept.get(_COLOURS)))
    look.changed.connect(lambda: kept.keep(_COLOURS, look.scheme.value, Scheme.SYSTEM.value))


def spoken(kept: SettingsWriter) -> None:
    """Speak the language that was chosen last, unless one was asked for at the start, and remember the next choice."""
    spoken_now = languages()
    wished = kept.get(_LANGUAGE)
    if wished in language.available() and not language.asked_for():
        spoken_now.speak(wished)
    spoken_now.changed.connect(lambda: kept.keep(_LANGUAGE, spoken_now.current))


def inside(kept: SettingsWriter, session: Session) -> None:
    """Look inside the nodes of a cluster where that was done last time, by the very same command; remember it then.

    It is remembered with a run of everything, and forgotten as soon as a person turns it off.
    """
    look = session.inside

    def own() -> str:
        import hashlib

        plan = session.document.plan
        return hashlib.sha256(json.dumps([plan.id, look.command]).encode()).hexdigest()

    def known() -> list[str]:
        return kept.get(_INSIDE).split()

    def others() -> list[str]:
        return [one for one in known() if one != own()]

    def restore() -> None:
        if look.command and own() in known():
            look.turn(on=True)

    def keep() -> None:
        if session.runs.whole and look.on:
            kept.keep(_INSIDE, " ".join([*others(), own()][-_MOST:]))

    def take_back() -> None:
        kept.keep(_INSIDE, " ".join(others()))

    session.opened.connect(restore)
    session.runs.started.connect(keep)
    look.taken_back.connect(take_back)


def size(kept: SettingsWriter, window: QMainWindow) -> Callable[[], None]:
    """Restore the size that the window had last; return what keeps the size that it has, once it is closed.

    That waits until everything is written: the program ends after it.
    """
    window.restoreGeometry(QByteArray.fromBase64(kept.get(_SIZE).encode(errors="replace")))  # on a screen that is there

    def keep() -> None:
        kept.keep(_SIZE, bytes(window.saveGeometry().toBase64().data()).decode())
        kept.finish()

    return keep
