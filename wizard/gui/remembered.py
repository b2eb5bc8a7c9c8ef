"""What a person chose for the window, remembered in the user's settings: colours, language, size, looks inside."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Callable

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow

from wizard.app import language
from wizard.gui.languages import languages
from wizard.gui.session import Session
from wizard.gui.theme import Scheme, theme
from wizard.storage.window_settings import WindowSettings

NAME = "nocobase-cluster-wizard"
_COLOURS, _LANGUAGE, _SIZE, _INSIDE = "colours", "language", "size", "inside"
_MOST = 100
"""Clusters of which it is remembered that their nodes were looked into."""
_log = logging.getLogger(__name__)


def colours() -> None:
    """Wear the colours that were chosen last, and remember the next choice."""
    kept, look = WindowSettings(), theme()
    with contextlib.suppress(ValueError):  # nothing was chosen, or somebody else wrote the file
        look.choose(Scheme(kept.get(_COLOURS)))
    look.changed.connect(lambda: _keep(kept, _COLOURS, look.scheme.value, Scheme.SYSTEM.value))


def spoken() -> None:
    """Speak the language that was chosen last, unless one was asked for at the start, and remember the next choice."""
    kept, spoken_now = WindowSettings(), languages()
    wished = kept.get(_LANGUAGE)
    if wished in language.available() and not language.asked_for():
        spoken_now.speak(wished)
    spoken_now.changed.connect(lambda: _keep(kept, _LANGUAGE, spoken_now.current, ""))


def inside(session: Session) -> None:
    """Look inside the nodes of a cluster where that was done last time, by the very same command; remember it then.

    It is remembered with a run of everything, and forgotten as soon as a person turns it off.
    """
    kept, look = WindowSettings(), session.inside

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
            _keep(kept, _INSIDE, " ".join([*others(), own()][-_MOST:]), "")

    def take_back() -> None:
        _keep(kept, _INSIDE, " ".join(others()), "")

    session.opened.connect(restore)
    session.runs.started.connect(keep)
    look.taken_back.connect(take_back)


def size(window: QMainWindow) -> Callable[[], None]:
    """Restore the size that the window had last; return what keeps the size that it has."""
    kept = WindowSettings()
    window.restoreGeometry(QByteArray.fromBase64(kept.get(_SIZE).encode(errors="replace")))  # on a screen that is there
    return lambda: _keep(kept, _SIZE, bytes(window.saveGeometry().toBase64().data()).decode(), "")


def _keep(kept: WindowSettings, name: str, text: str, usual: str) -> None:
    """Keep a choice, unless nobody has chosen anything but the usual; what cannot be kept is no reason to stop."""
    if text == (kept.get(name) or usual):
        return
    try:
        kept.keep(name, text)
    except OSError as error:
        _log.warning("the window's settings cannot be saved: %s", error)
