"""A target that nobody has written yet: one file, put beside the others for a test."""

import sys
from pathlib import Path

TEXT = """
from wizard.export.target import ReadmePart, Target
from wizard.formats.files import BundleFile


class _MadeUp(Target):
    name = "made-up"
    title = "Made up"

    def files(self, order):
        return (BundleFile("made-up/plan.txt", f"{order.plan.name}\\n"),)

    def readme(self, contents):
        rows = (("`made-up/plan.txt`", "the name of the cluster"),)
        return ReadmePart(files=rows, section="## Made up\\n\\nRead it.\\n")


TARGET = _MadeUp()
"""


def add_made_up_target(folder: Path, monkeypatch) -> None:
    """Let the registry find the target until the test ends."""
    from wizard.export import targets

    (folder / "made_up.py").write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(targets, "__path__", [*targets.__path__, str(folder)])
    monkeypatch.delitem(sys.modules, "wizard.export.targets.made_up", raising=False)
