"""The program: `python -m wizard`, `nocobase-cluster-wizard`. The one place that knows both faces."""

from __future__ import annotations

import gc
import os
import sys

from wizard import __version__
from wizard.program_name import PROGRAM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from wizard.app.open_source import OpenedSource


_GARBAGE = 50_000
"""New objects between two collections. Python's own 700 would look through the modules dozens of times as they load."""


def main() -> None:
    """Run the command line, which opens the window where it is asked to."""
    if sys.argv[1:] == ["--version"] and _tells_version():  # nothing is loaded for it
        return
    from wizard.leaving import Leaving

    leaving = Leaving()
    leaving.prepare()
    gc.set_threshold(_GARBAGE, *gc.get_threshold()[1:])
    from wizard.cli.frontends import Frontends
    from wizard.cli.main import run

    frontends = Frontends(prepare=_prepare, window=_window, paint_page=_paint_page)
    sys.exit(leaving.with_code(run(sys.argv[1:], frontends)))


def _tells_version() -> bool:
    """Whether it could be told at once; else the command line says why not, as of any result."""
    try:
        os.write(sys.stdout.fileno(), f"{PROGRAM} {__version__}\n".encode())  # nothing stays behind for a last flush
    except (AttributeError, OSError):  # no standard output, or nobody takes it
        return False
    return True


def _prepare() -> None:
    from wizard.gui import quick_imports

    quick_imports.by_python()
    from wizard.gui.application import prepare

    prepare()


def _window(source: str | None, opened: OpenedSource | None = None) -> int:
    from wizard.gui.application import run

    return run(source, opened)


def _paint_page() -> str:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from wizard.gui.application import paint_page

    return paint_page()


if __name__ == "__main__":
    main()
