"""Where the files that come with the program are: templates, icons, translations, examples, the JSON schema."""

from __future__ import annotations

import os
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


def folder() -> Path:
    """Return the folder `resources`.

    Inside an installed wheel or beside the package (checkout, PyInstaller's folder).
    """
    from pathlib import Path  # slow to load, and `--help` needs a location alone

    return Path(_beside(__file__))


@cache
def _beside(module: str) -> str:
    package = os.path.dirname(os.path.realpath(module))  # noqa: PTH120
    installed = os.path.join(package, "resources")  # noqa: PTH118
    beside = os.path.join(os.path.dirname(package), "resources")  # noqa: PTH118, PTH120
    return installed if os.path.isdir(installed) else beside  # noqa: PTH112


def location(name: str) -> str:
    """Return where one resource is, as a text."""
    return os.path.join(_beside(__file__), name)  # noqa: PTH118


def path(name: str) -> Path:
    """Return the path of one resource, named from the folder on: `templates/nginx-site.conf.j2`."""
    return folder() / name


def text(name: str) -> str:
    """Return the text of one resource; raises OSError where the installation is incomplete."""
    return path(name).read_text(encoding="utf-8")
