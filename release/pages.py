"""The pages for users, which reports and findings name (`docs/checks.md#…`), beside what is shipped."""

from __future__ import annotations

import shutil
from pathlib import Path

from release.shipped import ROOT

BESIDE = ("README.md", "SECURITY.md", "CHANGELOG.md")


def write(folder: Path) -> None:
    """Put `docs/`, and the pages to which it leads, into a folder."""
    (folder / "docs").mkdir(parents=True, exist_ok=True)
    for path in sorted((ROOT / "docs").iterdir()):
        shutil.copyfile(path, folder / "docs" / path.name)
    for name in BESIDE:
        shutil.copyfile(ROOT / name, folder / name)
