"""An env file: the variables that NocoBase's nodes get."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from wizard.formats import dotenv
from wizard.plan.plan import Plan
from wizard.sources.cluster_file import is_env_file
from wizard.sources.contract import Likeness, OpenedSource
from wizard.sources.material import Material, decoded

_USUAL = ".env"


class EnvFile:
    """Reads one env file; a folder that is no bundle has one by the usual name."""

    def likeness(self, material: Material) -> Likeness:
        if material.holds_files:
            usual = not material.archive and material.file(_USUAL) is not None
            return Likeness.LIKELY if usual else Likeness.NO
        return Likeness.SURE if is_env_file(material) else Likeness.FALLBACK

    def read(self, material: Material) -> OpenedSource:
        title, path, text = material.title, material.path, ""
        if material.holds_files:
            title, path = str(Path(title) / _USUAL), path / _USUAL
            text = decoded(material.file(_USUAL) or b"", title)
        else:
            text = material.text
        plan, secrets = dotenv.read(text, title)
        return OpenedSource(_named(plan, path), secrets, title)


def _named(plan: Plan, path: Path) -> Plan:
    """Name the plan of an env file after the file, or after its folder where the file has a usual name."""
    usual = path.name.startswith(".env") or path.stem in {"cluster", "env"}
    name = path.resolve().parent.name if usual else path.stem
    return replace(plan, name=name or plan.name, unsaid=plan.unsaid | {"name"})


SOURCE = EnvFile()
