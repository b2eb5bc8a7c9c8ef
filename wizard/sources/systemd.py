"""A unit of systemd: one node, with the variables of the unit, its drop-ins and the files that it names."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from wizard.dataclass import dataclass
from wizard.formats import dotenv
from wizard.formats.compose import Service
from wizard.formats.compose.project import short_port
from wizard.formats.dotenv.expressions import Expanded
from wizard.formats.dotenv.grammar import Assignment
from wizard.formats.files import SourceError
from wizard.formats.image import STORAGE
from wizard.formats.recognise import Form
from wizard.formats.units import environment_file, systemd
from wizard.formats.units.by_container import Started, started
from wizard.formats.units.systemd import Unit
from wizard.plan.i18n import listing, mark, tr
from wizard.plan.observed import Observed, Topic, Unfollowed
from wizard.plan.place import Place
from wizard.plan.plan import Plan, Unreadable
from wizard.plan.sections import Deployment, Node
from wizard.sources.cluster_file import is_env_file
from wizard.sources.contract import Likeness, OpenedSource
from wizard.sources.material import Material
from wizard.sources.shared.containers import node_name, open_ended, said, tried, with_version
from wizard.sources.shared.services import with_address
from wizard.sources.shared.services_run import unread_ports

_MOST_IGNORED = 20
_IGNORED = mark("systemd passes over this line: it is no NAME=value, and “export” may not stand before it.")
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
        return Likeness.SURE if material.form is Form.SYSTEMD else Likeness.NO

    def read(self, material: Material) -> OpenedSource:
        unit, known = Unit(), systemd.specifiers(material.path.name)
        systemd.read(unit, material.text, material.title, known)
        for name in _drop_ins(material):
            systemd.read(unit, material.beside(name) or "", _title(material, name), known)
        if unit.place is None:
            raise SourceError(tr("{name} is a unit of systemd that starts no service.", name=material.title))
        _refuse_containers(unit, material.title)
        given = _given(unit, material)
        if not given.variables:
            raise SourceError(_nothing(material.title, given.lost))
        return _opened(material, unit, given)


def _refuse_containers(unit: Unit, title: str) -> None:
    """Raise SourceError where the unit starts containers by a program: its variables are that program's alone."""
    for command, place in unit.start if not unit.image else ():
        where = {"name": title, "place": place.words}
        match started(command):
            case Started.BY_COMPOSE:
                raise SourceError(
                    tr("{name} starts containers by Compose ({place}): give the Compose file that it names.", **where)
                )
            case Started.BY_RUN:
                raise SourceError(
                    tr(
                        "{name} starts a container ({place}), which is given what stands in that command: give what "
                        "“docker inspect” prints of it while it runs, or its variables as an env file.",
                        **where,
                    )
                )
            case _:
                pass


def _drop_ins(material: Material) -> list[str]:
    """Return the drop-ins in the order they count: by their names, of two alike the one of the nearer folder alone."""
    found: dict[str, str] = {}
    for folder in systemd.drop_ins(material.path.name):
        for name in material.names_beside(folder, ".conf"):
            found.setdefault(posixpath.basename(name), name)
    return [found[name] for name in sorted(found)]


def _nothing(title: str, lost: list[Observed]) -> str:
    """Say that a unit alone gives its process nothing, and which files would."""
    if lost:
        names = listing(item.subject for item in lost)
        return tr(
            "{name} is a systemd unit without a variable. Give the files it names, or put them beside it: {files}.",
            name=title,
            files=names,
        )
    return tr("{name} is a systemd unit that gives its process no variable: give the node's env file.", name=title)


@dataclass(frozen=True, slots=True)
class _Given:
    """The variables, those that could not be made out, what was not followed, and the lines systemd passes over."""

    variables: dict[str, Assignment]
    expressions: dict[str, Expanded]
    lost: list[Observed]
    ignored: list[Place]


def _given(unit: Unit, material: Material) -> _Given:
    """Return what the process gets: what NocoBase reads itself first, then the unit's own, then its files."""
    lost: list[Observed] = []
    ignored: list[Place] = []
    own_file = _own_file(unit, material, lost)
    lost += [Observed(Topic.UNFOLLOWED, what, place, Unfollowed.FORM) for what, place in (*unit.lost, *unit.more)]
    found = {**own_file, **unit.variables}
    expressions = dict(unit.expressions)
    for path, place in unit.files:
        name = path.removeprefix("-")
        files = _files(material, name)
        if not files:
            reason = Unfollowed.FORM if "%" in name else Unfollowed.MISSING
            lost.append(Observed(Topic.UNFOLLOWED, name, place, reason))
        for title, text in files:
            read = environment_file.read(text, title)
            found |= read.variables
            expressions = {key: one for key, one in expressions.items() if key not in read.variables}
            ignored += [Place(title, line) for line in read.ignored]
    for name, place in unit.passed.items():
        if name not in found:
            found[name] = Assignment(name, "", place.line, quote="'", file=place.file)
            expressions[name] = Expanded(None, (name,), (name,))
    for name, (one, secret) in unit.of_secrets.items():
        found[name], expressions[name] = one, Expanded(None, (secret,), (secret,))
    gone = {*found} if unit.by_env.alone else unit.unset | unit.by_env.taken
    found = {name: one for name, one in found.items() if name not in gone}
    found |= {name: one for name, one in own_file.items() if name in gone}
    found |= unit.of_command
    told = found.keys() - gone - unit.of_command.keys()
    expressions = {key: one for key, one in expressions.items() if key in told} | unit.made_by_command
    left = {name: one for name, one in found.items() if name not in _OF_THE_SYSTEM}
    return _Given(left, {name: one for name, one in expressions.items() if name in left}, lost, ignored)


def _own_file(unit: Unit, material: Material, lost: list[Observed]) -> dict[str, Assignment]:
    """Return what the file .env gives that NocoBase reads in its folder; one that is not at hand is `lost`."""
    own = f"{unit.folder}/.env" if unit.folder else ""
    known = own.startswith("/") and "%" not in own
    if known and (there := _file(material, own)):
        return {name: replace(one, file=there[0]) for name, one in dotenv.parse(there[1]).items()}
    if own and unit.place:
        reason = Unfollowed.MISSING if known else Unfollowed.FORM
        lost.append(Observed(Topic.UNFOLLOWED, own, unit.place, reason))
    return {}


def _files(material: Material, name: str) -> list[tuple[str, str]]:
    """Return the files that a name means, each with its title: itself, or what fits where it has a wildcard."""
    if "%" in name or "\0" in name:
        return []
    if not set("*?[") & set(name):
        return [there] if (there := _file(material, name)) else []
    folder, wanted = posixpath.split(name)
    for near in (folder, posixpath.basename(folder)):
        names = [one for one in material.names_beside(near, "") if _fits(posixpath.basename(one), wanted)]
        found = [(one, text) for one in names if (text := material.beside(one)) is not None]
        if found:
            return found if near == folder else [(_title(material, one), text) for one, text in found]
    return []


def _fits(name: str, wanted: str) -> bool:
    """Whether a wildcard means a file: as a shell's (glob(7)), it takes a dot at the beginning only if it has one."""
    return fnmatchcase(name, wanted) and (wanted.startswith(".") or not name.startswith("."))


def _file(material: Material, name: str) -> tuple[str, str] | None:
    """Return a file where the unit names it, or else one of that name beside the unit: its title and its text."""
    near = posixpath.basename(name)
    for title, path in ((name, name), (_title(material, near), near)):
        if path != material.path.name and (text := material.beside(path)) is not None:
            return title, text
    return None


def _opened(material: Material, unit: Unit, given: _Given) -> OpenedSource:
    plan, secrets = dotenv.read_given(given.variables, given.expressions, material.title, container=bool(unit.image))
    name = node_name(PurePosixPath(material.path.name).name.partition(".")[0].replace("@", "-"))
    node = replace(plan.nodes[0] if plan.nodes else Node(), name=name)
    place = unit.place or Place(material.title)
    plan = replace(
        plan,
        name=name,
        nodes=(node,),
        places={**plan.places, "nodes.0.name": place},
        unsaid=(plan.unsaid - {"nodes", "application.deployment"}) | {"nodes.0.host", "name"},
        observed=(
            *plan.observed,
            *given.lost,
            *(Observed(Topic.START, name, at, command) for command, at in unit.start),
        ),
    )
    deployment = Deployment.DOCKER if unit.image else Deployment.BARE
    plan = said(plan, "application.deployment", deployment, place)
    plan = with_version(plan, unit.image, place)
    plan = _reached(plan, unit, place) if unit.image else plan
    plan = open_ended(plan) if given.lost else plan
    for at in given.ignored[:_MOST_IGNORED]:
        key, problem = f"{PurePosixPath(at.file).name} {at.line}", tr(_IGNORED)
        plan = plan.with_unreadable(Unreadable(key, "", problem, tr("line {number}", number=at.line)))
        plan = replace(plan, places={**plan.places, key: at})
    return OpenedSource(plan, secrets, material.title)


def _reached(plan: Plan, unit: Unit, place: Place) -> Plan:
    """Say where a container is reached, and the folder that it has as its storage."""
    service = Service(plan.name, place, image=unit.image)
    for text, at in unit.ports:
        service.ports |= {(one.host, one.published, one.target): one for one in short_port(text, at)}
    plan = with_address(plan, service)
    plan = replace(plan, observed=(*plan.observed, *unread_ports(service)))
    for text, at in unit.mounts:
        source, _colon, target = text.partition(":")
        if target.partition(":")[0].rstrip("/") == STORAGE and source.startswith("/"):
            plan = tried(plan, "storage.path", source, at)
    return plan


def _title(material: Material, name: str) -> str:
    return posixpath.join(posixpath.dirname(material.title), name)


SOURCE = Systemd()
