"""How env files are called, and which of them lie in a folder without being read with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath

from wizard.formats import dotenv
from wizard.formats.files import SourceError
from wizard.pattern import pattern
from wizard.plan.observed import Observed, Topic, Unfollowed
from wizard.plan.place import Place
from wizard.plan.variables import known_variables
from wizard.sources.material import Material
from wizard.sources.shared.containers import node_name

USUAL = ".env"
_NO_NODES = pattern(
    r"[._-](?:example|sample|template|te?mpl|tpl|dist|defaults?|bak|backup|old|orig)(?:[._-]|$)"
    r"|\.(?:gpg|age|asc|enc|sops|vault|keys?|sw[a-p]|sh|ya?ml|json|toml|ini|md|txt|tmp|save|rej|gz|zip|j2)$|~$",
    re.IGNORECASE,
)
"""What `.env.NAME` is called that no node gets: an example, what was kept, no env file at all."""
_STAGE = "dev(?:elopment)?|test(?:ing)?|staging|prod(?:uction)?|ci|docker|local"
_STAGED = pattern(rf"(?:{_STAGE})\.env|.*\.(?:{_STAGE})|.*[._-]local[._-].*", re.IGNORECASE)
"""How a file is called that is for one of several clusters."""
_EXAMPLE = pattern(r"(?:.*[._-])?(?:example|sample|template|tmpl|tpl|dist)\.env", re.IGNORECASE)
_BEGINS = (f"{USUAL}.", "env.")
MOST_FOLDERS = 500
"""Folders in one that are looked into for env files."""


def called_after(name: str) -> str:
    """Return what an env file is called after: `a.env`, `.env.a`, `env.a` and `a/.env` are all those of `a`."""
    path = PurePath(name)
    if path.name == USUAL:
        return path.parent.name
    if path.suffix == USUAL:
        return path.stem
    begun = next((begun for begun in _BEGINS if path.name.startswith(begun)), "")
    return path.name.removeprefix(begun) if begun else path.stem.removesuffix(USUAL)


def is_env_name(name: str) -> bool:
    """Whether a path ends as env files do, and is no example; a bundle's `.docker.env` says what others do."""
    base = PurePath(name).name
    return base.endswith(USUAL) and not base.endswith(".docker.env") and _EXAMPLE.fullmatch(base) is None


def is_staged(name: str) -> bool:
    """Whether a file is called after one of several clusters, not after a node."""
    return _STAGED.fullmatch(name) is not None


def is_behind(name: str) -> bool:
    """Whether a file is called `.env.NAME` or `env.NAME` for a node or all of them."""
    return is_further(name) and not name.endswith(USUAL) and not is_staged(name)


def is_further(name: str) -> bool:
    """Whether a file beside `.env` is called as env files are, and is no example."""
    if name.endswith(USUAL):
        return name != USUAL and is_env_name(name)
    return name.startswith(_BEGINS) and _NO_NODES.search(name) is None


def node_of(name: str) -> str:
    """Return the node that an env file is called after: `node-a.env` and `a.env` are both those of `a`."""
    called = called_after(name)
    return node_name(called.removeprefix("node-") or called) if called else ""


def beyond(material: Material) -> tuple[Observed, ...]:
    """Return a folder itself as not followed where it has more folders than are looked into."""
    if len(material.folders) <= MOST_FOLDERS:
        return ()
    title = material.title.rstrip("/")
    return (Observed(Topic.UNFOLLOWED, PurePath(title).name, Place(title), Unfollowed.MANY),)


def passed_over(material: Material, names: Iterable[str]) -> tuple[Observed, ...]:
    """Return those of the files in a folder that give NocoBase a variable, as seen and not followed."""
    title = material.title.rstrip("/")
    return tuple(
        Observed(Topic.UNFOLLOWED, name, Place(f"{title}/{name}"), Unfollowed.BESIDE)
        for name in names
        if gives(material.look_at(name))
    )


def gives(text: str) -> bool:
    """Whether a text gives NocoBase a variable, as an env file does."""
    try:
        return not known_variables().isdisjoint(dotenv.parse(text))
    except SourceError:
        return False
