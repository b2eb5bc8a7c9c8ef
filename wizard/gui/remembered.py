"""What a person chose for the window, remembered in the user's settings: colours, language, size, looks inside."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow

from wizard.app import language
from wizard.gui.languages import languages
from wizard.gui.session import Session
from wizard.gui.theme import Scheme, theme

NAME = "nocobase-cluster-wizard"
_COLOURS, _LANGUAGE, _SIZE, _INSIDE = "colours", "language", "size", "inside"
_MOST = 100
"""Clusters of which it is remembered that their nodes were looked into."""


def settings() -> QSettings:
    """Return the user's settings of the window."""
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, NAME, "window")


def colours() -> None:
    """Wear the colours that were chosen last, and remember the next choice."""
    kept, look = settings(), theme()
    with contextlib.suppress(ValueError):  # a file that somebody else wrote
        look.choose(Scheme(str(kept.value(_COLOURS, Scheme.SYSTEM.value))))
    look.changed.connect(lambda: _keep(kept, _COLOURS, look.scheme.value, Scheme.SYSTEM.value))


def spoken() -> None:
    """Speak the language that was chosen last, unless one was asked for at the start, and remember the next choice."""
    kept, spoken_now = settings(), languages()
    wished = str(kept.value(_LANGUAGE, ""))
    if wished in language.available() and not language.asked_for():
        spoken_now.speak(wished)
    spoken_now.changed.connect(lambda: _keep(kept, _LANGUAGE, spoken_now.current, ""))


def inside(session: Session) -> None:
    """Look inside the nodes of a cluster where that was done last time, by the very same command; remember it then."""
    kept, look = settings(), session.inside

    def own() -> str:
        plan = session.document.plan
        return hashlib.sha256(json.dumps([plan.id, look.command]).encode()).hexdigest()

    def known() -> list[str]:
        return str(kept.value(_INSIDE, "")).split()

    def restore() -> None:
        if look.command and own() in known():
            look.turn(on=True)

    def keep() -> None:
        if session.runs.whole and look.command:
            others = [one for one in known() if one != own()]
            _keep(kept, _INSIDE, " ".join([*others, own()][-_MOST:] if look.on else others), "")

    session.opened.connect(restore)
    session.runs.started.connect(keep)


def size(window: QMainWindow) -> Callable[[], None]:
    """Restore the size that the window had last; return what keeps the size that it has."""
    kept = settings()
    former = kept.value(_SIZE)
    if isinstance(former, QByteArray):
        window.restoreGeometry(former)  # it keeps the window on a screen that is there

    def keep() -> None:
        kept.setValue(_SIZE, window.saveGeometry())
        kept.sync()

    return keep


def _keep(kept: QSettings, key: str, value: str, usual: str) -> None:
    if kept.value(key, usual) != value:
        kept.setValue(key, value)
        kept.sync()
