"""A folder of env files, one a node; what is called after the cluster, not after a node, is for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wizard.formats import dotenv
from wizard.formats.allowance import refuse_many_nodes
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
from wizard.sources.shared.env_names import (
    MOST_FOLDERS,
    USUAL,
    beyond,
    called_after,
    gives,
    is_behind,
    is_env_name,
    is_further,
    is_staged,
    node_of,
    passed_over,
)

_COMMON = frozenset({"cluster", "common", "shared", "all", "global", "base", "default"})
"""How the file is called that every node gets, without its ending."""
_OF_OTHERS = pattern(r"(?:POSTGRES|MYSQL|MARIADB|PGADMIN|RABBITMQ|MINIO)_")
"""How variables begin that an image beside NocoBase takes, and NocoBase does not."""


class EnvFolder:
    """Reads each env file of a folder as what one node gets, and tells where the nodes disagree."""

    title = mark("A folder of env files")
    description = mark(
        "One env file a node (NAME.env, .env.NAME, env.NAME, or one in a folder called after the node); one called "
        "after all of them (cluster, common, shared, …) is for every node."
    )

    def likeness(self, material: Material) -> Likeness:
        if not material.holds_files or {CLUSTER_FILE, USUAL} & {*material.names}:
            return Likeness.NO
        return Likeness.LIKELY if env_files(material) else Likeness.NO

    def read(self, material: Material) -> OpenedSource:
        names = env_files(material)
        refuse_many_nodes(sum(not _is_common(name) for name in names))
        left = [name for name in material.names if is_further(name) and name not in names]
        left = [name for name in left if _is_text(material, name)]
        _refuse_two(material.title, [*names, *left])
        inner = any("/" in name for name in names)
        left += [name for folder in material.folders[:MOST_FOLDERS] for name in _several(material, folder) if inner]
        opened = [_opened(material, name) for name in names]
        common = [source for source, is_common in opened if is_common]
        nodes = [source for source, is_common in opened if not is_common]
        found = completed([*nodes, *common], of_nodes=True, whole=False)
        called = material.path.stem if material.archive else material.path.resolve().name
        observed = (*found.plan.observed, *passed_over(material, left), *(beyond(material) if inner else ()))
        return replace(found, plan=replace(found.plan, name=called, observed=observed), title=material.title)


def env_files(material: Material) -> list[str]:
    """Return the names of the env files in a folder; `.docker.env` of a bundle says the same as another.

    Beside `NAME.env` of a node, `.env.NAME` is no further one: tools keep theirs there. One that is called after a
    stage (`production.env`) is a node's only where no other is. Where none of them is a node's, each folder in it with
    one env file is.
    """
    ending = [name for name in material.names if is_env_name(name) and not _is_of_others(material, name)]
    names = [name for name in ending if _is_common(name)]
    nodes = [name for name in ending if not _is_common(name) and not is_staged(name)]
    staged = [name for name in ending if is_staged(name)]
    names += nodes or (staged if len(staged) == 1 else [])
    has_nodes = any(not _is_common(name) for name in names)
    names += [
        name
        for name in material.names
        if is_behind(name) and (not has_nodes or _is_common(name)) and _is_env(material, name)
    ]
    if all(_is_common(name) for name in names):
        inner = [name for folder in material.folders[:MOST_FOLDERS] if (name := _inner(material, folder))]
        names += inner if len(inner) > 1 else []
    return names


def _inner(material: Material, folder: str) -> str:
    """Return the one env file in a folder: `.env`, or the only one that is called so; empty where there is none."""
    if material.file(f"{folder}/{USUAL}") is not None:
        return f"{folder}/{USUAL}"
    names = [name for name in material.names_in(folder) if is_env_name(name)]
    return names[0] if len(names) == 1 and gives(material.look_at(names[0])) else ""


def _several(material: Material, folder: str) -> list[str]:
    """Return the env files of a folder that has several, so that nobody can tell which of them its node gets."""
    names = [name for name in material.names_in(folder) if is_env_name(name)]
    return names if len(names) > 1 and f"{folder}/{USUAL}" not in names else []


def _is_of_others(material: Material, name: str) -> bool:
    """Whether a file gives variables to another program alone, such as the database beside."""
    text = material.look_at(name)
    return _OF_OTHERS.search(text) is not None and not gives(text)


def _is_text(material: Material, name: str) -> bool:
    """Whether a file is text in UTF-8; one that is packed or encrypted is not."""
    try:
        decoded(material.file(name) or b"", name)
    except SourceError:
        return False
    return True


def _is_env(material: Material, name: str) -> bool:
    """Whether a file that is called `.env.NAME` is text, and one called `env.NAME` gives a variable, too."""
    return _is_text(material, name) and (name.startswith(USUAL) or gives(material.look_at(name)))


def _is_common(name: str) -> bool:
    """Whether a file is called after all nodes."""
    return "/" not in name and called_after(name).lower() in _COMMON


def _node_of(name: str) -> str:
    """Return the node that a file of the folder is for: a folder in it is called after the node, too."""
    folder, slash, _rest = name.partition("/")
    return node_of(f"{folder}/{USUAL}" if slash else name)


def _refuse_two(title: str, names: Sequence[str]) -> None:
    """Raise SourceError where two files are called after one node: nobody can tell which of them it gets."""
    files: dict[str, str] = {}
    for name in names:
        if not _is_common(name) and (first := files.setdefault(_node_of(name), name)) != name:
            raise SourceError(
                tr(
                    "{folder}: {first} and {second} are both called after the node “{node}”. Leave out the one that it "
                    "does not get.",
                    folder=title,
                    first=first,
                    second=name,
                    node=_node_of(name),
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
    return OpenedSource(plan if is_common else as_node(plan, _node_of(name), title), secrets, title), is_common


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
