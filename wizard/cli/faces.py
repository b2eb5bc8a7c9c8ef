"""What the command line needs of the other face, which it must not import."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from wizard.cli.codes import EndError, called_as
from wizard.plan.words import tr

if TYPE_CHECKING:
    from wizard.verbs.source import OpenedSource


class Window(Protocol):
    """Opens the window on a source, or on one that is open already, and gives the exit code when it is closed."""

    def __call__(self, source: str | None, opened: OpenedSource | None = None, /) -> int: ...


@dataclass(frozen=True, slots=True)
class Faces:
    """The window, and a page of it painted without a screen."""

    window: Window
    paint_page: Callable[[], str]


def require_display() -> None:
    """Raise EndError where Qt would find no screen to paint on."""
    known = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in known):
        raise EndError(
            tr(
                "There is no display to open the window on. Without one, use “{program} check SOURCE” or "
                "“{program} demo --headless”.",
                program=called_as(),
            )
        )
