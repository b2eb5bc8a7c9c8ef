"""One style sheet for the whole window, made from the tokens and the template `resources/styles/window.qss`."""

from __future__ import annotations

import re
from dataclasses import asdict
from string import Template

from wizard import resources
from wizard.gui.tokens import Palette


def stylesheet(palette: Palette, scale: float) -> str:
    """Return the style sheet in these colours.

    Lengths written `34pt` in the template are pixels that grow by `scale`.
    """
    template = Template(resources.text("styles/window.qss"))
    filled = template.substitute({name: str(value) for name, value in asdict(palette).items()})
    return re.sub(r"\b(\d+)pt\b", lambda match: f"{round(int(match[1]) * scale)}px", filled)
