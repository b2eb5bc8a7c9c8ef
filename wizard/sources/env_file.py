"""An env file: the variables that NocoBase's nodes get."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from wizard.formats import dotenv
from wizard.pattern import pattern
from wizard.plan.i18n import mark
from wizard.plan.observed import Observed
from wizard.plan.plan import Plan
from wizard.sources.cluster_file import is_env_file
from wizard.sources.completing import completed
from wizard.sources.contract import Likeness, OpenedSource
from wizard.sources.env_folder import as_node
from wizard.sources.material import Material, decoded
from wizard.sources.shared.env_names import MOST_FOLDERS, USUAL, beyond, is_further, passed_over

_COMMON = "cluster.env"
_NODE = pattern(r"node-(?P<name>[a-z0-9-]+)\.env")
"""How an exported file is called that one node gets beside the common one."""


class EnvFile:
    """Reads one env file; a folder that is no bundle has one by the usual name."""

    title = mark("An env file")
    description = mark(
        "The variables that nodes get, as NAME=value; a node-NAME.env is read with the cluster.env beside it."
    )

    def likeness(self, material: Material) -> Likeness:
        if material.holds_files:
            usual = not material.archive and material.file(USUAL) is not None
            return Likeness.LIKELY if usual else Likeness.NO
        return Likeness.SURE if is_env_file(material) else Likeness.FALLBACK

    def read(self, material: Material) -> OpenedSource:
        title, path, text = material.title, material.path, ""
        if material.holds_files:
            title, path = str(Path(title) / USUAL), path / USUAL
            text = decoded(material.file(USUAL) or b"", title)
        else:
            text = material.text
        plan, secrets = dotenv.read(text, title)
        plan = replace(plan, observed=(*plan.observed, *_beside(material)))
        opened = OpenedSource(named(plan, path), secrets, title)
        node = _NODE.fullmatch(path.name)
        common = material.beside(_COMMON) if node and not material.holds_files else None
        return opened if node is None or common is None else _of_node(opened, node["name"], common)


def _beside(material: Material) -> tuple[Observed, ...]:
    """Return the further env files in a folder whose `.env` alone is read."""
    found = [name for name in material.names if is_further(name)]
    inner = (f"{folder}/{USUAL}" for folder in material.folders[:MOST_FOLDERS])
    found += [name for name in inner if material.file(name) is not None]
    return (*passed_over(material, found), *beyond(material))


def _of_node(opened: OpenedSource, name: str, common: str) -> OpenedSource:
    """Read what a node gets of its own file and of the one for all nodes, which lies beside it."""
    title = str(Path(opened.title).with_name(_COMMON))
    plan, secrets = dotenv.read(common, title)
    own = replace(opened, plan=as_node(opened.plan, name, opened.title))
    shared = replace(plan, name=opened.plan.name, unsaid=plan.unsaid | {"name"})
    return replace(completed([own, OpenedSource(shared, secrets, title)]), title=opened.title)


def named(plan: Plan, path: Path) -> Plan:
    """Return the plan of an env file, named after the file, or after its folder where the file has a usual name."""
    usual = path.name.startswith(".env") or path.stem in {"cluster", "env"}
    name = path.resolve().parent.name if usual else path.stem
    return replace(plan, name=name or plan.name, unsaid=plan.unsaid | {"name"})


SOURCE = EnvFile()
