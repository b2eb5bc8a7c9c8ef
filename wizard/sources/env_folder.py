"""A folder of env files, one a node; what is called after the cluster, not after a node, is for all of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from wizard.formats import dotenv
from wizard.formats.files import SourceError
from wizard.pattern import pattern
from wizard.plan.i18n import mark, tr
from wizard.plan.place import Place
from wizard.plan.plan import Plan
from wizard.plan.sections import Node
from wizard.sources.bundle import CLUSTER_FILE
from wizard.sources.cluster_file import other_than_env
from wizard.sources.completing import completed
from wizard.sources.contract import Likeness, OpenedSource
from wizard.sources.foreign import refused
from wizard.sources.material import Material, decoded
from wizard.sources.shared.env_names import USUAL, called_after, node_of, passed_over

_COMMON = frozenset({"cluster", "common", "shared", "all", "global", "base", "default"})
"""How the file is called that every node gets, without its ending."""
_EXAMPLE = pattern(
    r"[._-](?:example|sample|template|te?mpl|tpl|dist|defaults?|bak|backup|old|orig|local)(?:[._-]|$)"
    r"|\.(?:dev(?:elopment)?|test(?:ing)?|staging|prod(?:uction)?|ci|docker)$"
    r"|\.(?:gpg|age|asc|enc|sops|vault|keys?|sw[a-p]|sh|ya?ml|json|toml|ini|md|txt|tmp|save|rej|gz|zip|j2)$|~$",
    re.IGNORECASE,
)
"""What `.env.NAME` is called that no node gets: an example, what is for one of several clusters, no env file at all."""
_MOST_FOLDERS = 500


class EnvFolder:
    """Reads each env file of a folder as what one node gets, and tells where the nodes disagree."""

    title = mark("A folder of env files")
    description = mark(
        "One env file a node (NAME.env, .env.NAME or NAME/.env); one called after all of them (cluster, common, "
        "shared, …) is for every node."
    )

    def likeness(self, material: Material) -> Likeness:
        if not material.holds_files or {CLUSTER_FILE, USUAL} & {*material.names}:
            return Likeness.NO
        return Likeness.LIKELY if env_files(material) else Likeness.NO

    def read(self, material: Material) -> OpenedSource:
        names = env_files(material)
        left = [name for name in material.names if _is_behind(name) and name not in names and _is_text(material, name)]
        _refuse_two(material.title, [*names, *left])
        opened = [_opened(material, name) for name in names]
        common = [source for source, is_common in opened if is_common]
        nodes = [source for source, is_common in opened if not is_common]
        found = completed([*nodes, *common], of_nodes=True)
        called = material.path.stem if material.archive else material.path.resolve().name
        observed = (*found.plan.observed, *passed_over(material, left))
        return replace(found, plan=replace(found.plan, name=called, observed=observed), title=material.title)


def env_files(material: Material) -> list[str]:
    """Return the names of the env files right in a folder; `.docker.env` of a bundle says the same as another.

    Beside `NAME.env` of a node, `.env.NAME` is no further one: tools keep theirs there.
    Where none of them is a node's, each folder in it with a `.env` is one node's.
    """
    names = [name for name in material.names if name.endswith(".env") and not name.endswith(".docker.env")]
    has_nodes = any(not _is_common(name) for name in names)
    names += [
        name
        for name in material.names
        if _is_behind(name) and (not has_nodes or _is_common(name)) and _is_text(material, name)
    ]
    if all(_is_common(name) for name in names):
        inner = [f"{folder}/{USUAL}" for folder in material.folders[:_MOST_FOLDERS]]
        found = [name for name in inner if material.file(name) is not None]
        names += found if len(found) > 1 else []
    return names


def _is_behind(name: str) -> bool:
    """Whether a file is called `.env.NAME` for a node or all of them."""
    return name.startswith(f"{USUAL}.") and not name.endswith(USUAL) and _EXAMPLE.search(name) is None


def _is_text(material: Material, name: str) -> bool:
    """Whether a file is text in UTF-8; one that is packed or encrypted is not."""
    try:
        decoded(material.file(name) or b"", name)
    except SourceError:
        return False
    return True


def _is_common(name: str) -> bool:
    """Whether a file is called after all nodes."""
    return called_after(name).lower() in _COMMON


def _refuse_two(title: str, names: Sequence[str]) -> None:
    """Raise SourceError where two files are called after one node: nobody can tell which of them it gets."""
    files: dict[str, str] = {}
    for name in names:
        if not _is_common(name) and (first := files.setdefault(node_of(name), name)) != name:
            raise SourceError(
                tr(
                    "{folder}: {first} and {second} are both called after the node “{node}”. Leave out the one that it "
                    "does not get.",
                    folder=title,
                    first=first,
                    second=name,
                    node=node_of(name),
                )
            )


def _opened(material: Material, name: str) -> tuple[OpenedSource, bool]:
    """Read one file, and say whether it is for all nodes."""
    title = f"{material.title.rstrip('/')}/{name}"
    text = decoded(material.file(name) or b"", title)
    if form := other_than_env(text):
        raise refused(form, title, text)
    plan, secrets = dotenv.read(text, title)
    plan = replace(plan, unsaid=plan.unsaid | {"name"})
    is_common = _is_common(name)
    return OpenedSource(plan if is_common else as_node(plan, node_of(name), title), secrets, title), is_common


def as_node(plan: Plan, name: str, file: str) -> Plan:
    """Return the plan of what one node gets, with that node in it, called `name`; what it is reached by is not said."""
    node = replace(plan.nodes[0] if plan.nodes else Node(), name=name)
    return replace(
        plan,
        nodes=(node,),
        places={**plan.places, "nodes.0.name": Place(file)},
        unsaid=(plan.unsaid - {"nodes"}) | {"nodes.0.host"},
    )


SOURCE = EnvFolder()
