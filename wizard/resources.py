"""Where the files that come with the program are: templates, icons, translations, examples, the JSON schema."""

from __future__ import annotations

from functools import cache
from pathlib import Path


def folder() -> Path:
    """Return the folder `resources`.

    Inside an installed wheel or beside the package (checkout, PyInstaller's folder).
    """
    return _beside(__file__)


@cache
def _beside(module: str) -> Path:
    package = Path(module).resolve().parent
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"


def path(name: str) -> Path:
    """Return the path of one resource, named from the folder on: `templates/nginx-site.conf.j2`."""
    return folder() / name


def text(name: str) -> str:
    """Return the text of one resource; raises OSError where the installation is incomplete."""
    return path(name).read_text(encoding="utf-8")
