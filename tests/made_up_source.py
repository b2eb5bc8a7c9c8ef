"""A kind of source that nobody has written yet: one file, put beside the others for a test."""

import sys
from pathlib import Path

TEXT = """
from wizard.plan.plan import Plan
from wizard.sources.contract import Likeness, OpenedSource


class Telegram:
    title = "A telegram"
    description = "The host of the database, between two stops."

    def likeness(self, material):
        return Likeness.SURE if material.looks.startswith("STOP ") else Likeness.NO

    def read(self, material):
        return OpenedSource(Plan(name="telegram").with_value("database.host", material.text.split()[1]))


SOURCE = Telegram()
"""
WIRE = "STOP db.far.away STOP"
"""What it reads."""


def add_made_up_source(folder: Path, monkeypatch) -> None:
    """Let the registry find the kind until the test ends."""
    from wizard import sources

    (folder / "telegram.py").write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(sources, "__path__", [*sources.__path__, str(folder)])
    monkeypatch.delitem(sys.modules, "wizard.sources.telegram", raising=False)
