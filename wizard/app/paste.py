"""Use case paste: a plan from text that somebody has at hand; nothing of it is written anywhere."""

from __future__ import annotations

import os
from pathlib import Path

from wizard.plan.i18n import tr
from wizard.sources import registry
from wizard.sources.contract import OpenedSource
from wizard.sources.material import Material


def read_text(text: str) -> OpenedSource:
    """Read the plan that a text says, as a file with it would be read; raises SourceError."""
    nowhere = Path(os.devnull) / "pasted"
    # as if from an archive without another file: nothing is beside it, and it has no path of its own
    return registry.read_material(Material(tr("pasted text"), nowhere, text.encode(), archive=True))
