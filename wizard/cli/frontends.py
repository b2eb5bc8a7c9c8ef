"""What the command line needs of the other face, which it must not import."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol

from wizard.cli.codes import EndError
from wizard.plan.i18n import tr

if TYPE_CHECKING:
    from wizard.app.open_source import OpenedSource


class Window(Protocol):
    """Opens the window on a source, or on one that is open already, and gives the exit code when it is closed."""

    def __call__(self, source: str | None, opened: OpenedSource | None = None, /) -> int: ...


class Frontends(NamedTuple):
    """The window, and a page of it painted without a screen.

    `prepare` takes hold of the screen; raises ImportError where Qt or a system library is missing, and ends the program
    with a sentence where the screen cannot be used.
    """

    prepare: Callable[[], None]
    window: Window
    paint_page: Callable[[], str]


def require_window(frontends: Frontends) -> None:
    """Make sure that the window can be opened, before anything else is begun; raises EndError where it cannot."""
    from wizard.app.no_window import missing_library, missing_qt, without_window

    known = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in known):
        raise EndError(without_window(tr("There is no display to open the window on.")))
    try:
        frontends.prepare()
    except ImportError as error:
        reason = missing_library(error) or missing_qt(error)
        if reason is None:
            raise
        raise EndError(without_window(reason)) from error
