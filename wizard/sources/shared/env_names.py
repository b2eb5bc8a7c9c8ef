"""How env files are called, and which of them lie in a folder without being read with it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from wizard.formats import dotenv
from wizard.formats.files import SourceError
from wizard.plan.observed import Observed, Topic, Unfollowed
from wizard.plan.place import Place
from wizard.plan.variables import known_variables
from wizard.sources.material import Material

USUAL = ".env"


def called_after(name: str) -> str:
    """Return what an env file is called after: `a.env`, `.env.a` and `a/.env` are all those of `a`."""
    path = PurePath(name)
    if path.name == USUAL:
        return path.parent.name
    return path.name.removeprefix(f"{USUAL}.") if path.name.startswith(f"{USUAL}.") else path.stem


def node_of(name: str) -> str:
    """Return the node that an env file is called after: `node-a.env` and `a.env` are both those of `a`."""
    stem = called_after(name)
    return stem.removeprefix("node-") or stem


def passed_over(material: Material, names: Iterable[str]) -> tuple[Observed, ...]:
    """Return those of the files in a folder that give NocoBase a variable, as seen and not followed."""
    title = material.title.rstrip("/")
    return tuple(
        Observed(Topic.UNFOLLOWED, name, Place(f"{title}/{name}"), Unfollowed.BESIDE)
        for name in names
        if _gives(material.look_at(name))
    )


def _gives(text: str) -> bool:
    try:
        return not known_variables().isdisjoint(dotenv.parse(text))
    except SourceError:
        return False
