"""A unit of systemd: one node, with the variables of the unit, its drop-ins and the files that it names."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from pathlib import PurePosixPath

from wizard.formats import dotenv
from wizard.formats.dotenv.expressions import Expanded
from wizard.formats.dotenv.grammar import Assignment
from wizard.formats.files import SourceError
from wizard.formats.recognise import Form, recognise
from wizard.formats.units import systemd
from wizard.formats.units.systemd import Unit
from wizard.plan.i18n import mark, tr
from wizard.plan.observed import Observed, Topic, Unfollowed
from wizard.plan.place import Place
from wizard.plan.sections import Deployment, Node
from wizard.sources.cluster_file import is_env_file
from wizard.sources.contract import Likeness, OpenedSource
from wizard.sources.material import Material
from wizard.sources.shared.containers import node_name, open_ended, said, with_version

_OF_THE_SYSTEM = frozenset({"HOME", "PATH", "USER", "LOGNAME", "SHELL", "LANG", "NODE_ENV"})
"""Variables that a unit sets for any program."""


class Systemd:
    """Reads a unit, its drop-ins beside it, and each EnvironmentFile where it is named, or beside the unit."""

    title = mark("A systemd unit")
    description = mark(
        "A service with its drop-ins, as a file or as “systemctl cat” prints it: Environment, EnvironmentFile, and the "
        ".env of its working folder. Files are looked for where the unit names them, and beside it."
    )

    def likeness(self, material: Material) -> Likeness:
        if material.holds_files or is_env_file(material):
            return Likeness.NO
        found = recognise(material.looks, material.path.name)
        return Likeness.SURE if found is Form.SYSTEMD else Likeness.NO

    def read(self, material: Material) -> OpenedSource:
        unit, instance = Unit(), material.path.stem.partition("@")[2]
        systemd.read(unit, material.text, material.title, instance)
        for name in material.names_beside(f"{material.path.name}.d", ".conf"):
            systemd.read(unit, material.beside(name) or "", _title(material, name), instance)
        if unit.place is None:
            raise SourceError(tr("{name} is a unit of systemd that starts no service.", name=material.title))
        variables, expressions, lost = _given(unit, material)
        if not variables:
            raise SourceError(_nothing(material.title, lost))
        return _opened(material, unit, variables, expressions, lost)


def _nothing(title: str, lost: list[Observed]) -> str:
    """Say that a unit alone gives its process nothing, and which files would."""
    if lost:
        names = ", ".join(item.subject for item in lost)
        return tr(
            "{name} is a systemd unit without a variable. Give the files it names, or put them beside it: {files}.",
            name=title,
            files=names,
        )
    return tr("{name} is a systemd unit that gives its process no variable: give the node's env file.", name=title)


def _given(unit: Unit, material: Material) -> tuple[dict[str, Assignment], dict[str, Expanded], list[Observed]]:
    """Return what the process gets: what NocoBase reads itself first, then the unit's own, then its files."""
    lost: list[Observed] = []
    found: dict[str, Assignment] = {}
    own = f"{unit.folder}/.env" if unit.folder.startswith("/") else ""
    if own and unit.place and (there := _file(material, own)):
        found |= {name: replace(one, file=there[0]) for name, one in dotenv.parse(there[1]).items()}
    elif own and unit.place:
        lost.append(Observed(Topic.UNFOLLOWED, own, unit.place, Unfollowed.MISSING))
    found |= unit.variables
    expressions = dict(unit.expressions)
    for path, place in unit.files:
        name = path.removeprefix("-")
        there = None if "%" in name or "*" in name else _file(material, name)
        if there is None:
            reason = Unfollowed.FORM if "%" in name or "*" in name else Unfollowed.MISSING
            lost.append(Observed(Topic.UNFOLLOWED, name, place, reason))
            continue
        for key, one in systemd.of_file(there[1], there[0]).items():
            found[key] = one
            expressions.pop(key, None)
    for name, place in unit.passed.items():
        if name not in found:
            found[name] = Assignment(name, "", place.line, quote="'", file=place.file)
            expressions[name] = Expanded(None, (name,), (name,))
    left = {name: one for name, one in found.items() if name not in unit.unset | _OF_THE_SYSTEM}
    return left, {name: one for name, one in expressions.items() if name in left}, lost


def _file(material: Material, name: str) -> tuple[str, str] | None:
    """Return a file where the unit names it, or else one of that name beside the unit: its title and its text."""
    near = posixpath.basename(name)
    for title, path in ((name, name), (_title(material, near), near)):
        if path != material.path.name and (text := material.beside(path)) is not None:
            return title, text
    return None


def _opened(
    material: Material,
    unit: Unit,
    variables: dict[str, Assignment],
    expressions: dict[str, Expanded],
    lost: list[Observed],
) -> OpenedSource:
    plan, secrets = dotenv.read_given(variables, expressions, material.title)
    name = node_name(PurePosixPath(material.path.name).name.partition(".")[0].replace("@", "-"))
    node = replace(plan.nodes[0] if plan.nodes else Node(), name=name)
    place = unit.place or Place(material.title)
    plan = replace(
        plan,
        name=name,
        nodes=(node,),
        places={**plan.places, "nodes.0.name": place},
        unsaid=(plan.unsaid - {"nodes", "application.deployment"}) | {"nodes.0.host", "name"},
        observed=(*lost, *(Observed(Topic.START, name, at, command) for command, at in unit.start)),
    )
    deployment = Deployment.DOCKER if unit.image else Deployment.BARE
    plan = said(plan, "application.deployment", deployment, place)
    plan = with_version(plan, unit.image, place)
    return OpenedSource(open_ended(plan) if lost else plan, secrets, material.title)


def _title(material: Material, name: str) -> str:
    return posixpath.join(posixpath.dirname(material.title), name)


SOURCE = Systemd()
