"""The env files that a service of a Compose project names, read when all that stands in its `environment` is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wizard.dataclass import dataclass
from wizard.formats.allowance import Cost, spend
from wizard.formats.cluster_file.tree import Tree
from wizard.formats.compose import env_file
from wizard.formats.compose.documents import Document, Documents, placed, tears
from wizard.formats.compose.env_file import Line
from wizard.formats.compose.project import Service
from wizard.formats.dotenv.expressions import expand
from wizard.formats.dotenv.grammar import Assignment
from wizard.plan.place import Place
from wizard.plan.variables import may_be_secret


@dataclass(frozen=True, slots=True)
class EnvFile:
    """One entry of `env_file`, in either form, and the document it stands in."""

    row: Tree
    document: Document

    def text(self, key: str) -> str:
        """Return what it says of `key`; the short form says a path alone."""
        parts = self.row.merged() if self.row.is_mapping() else {"path": self.row}
        return expand(parts[key].text(), self.document.known).value or "" if key in parts else ""


def fill(service: Service, files: Sequence[EnvFile], project: Documents) -> None:
    """Read the files of a service into it.

    As compose-go does (`WithServicesEnvironmentResolved`): variables of the project come first in what is put into a
    value, then those of the service's own `environment`, then what was read of files before.
    """
    own = {name: one.value for name, one in service.from_environment.items() if name not in service.made_of_environment}
    for one in files:
        path = one.document.path(one.text("path")) if one.text("path") else ""
        text = project.beside(path)
        if text is None:
            if one.text("required") != "false":
                service.lost.append(Place(one.document.title, one.row.line, path))
            continue
        if one.text("format") == "raw":
            found = raw(text)
        else:
            lost = service.made_of_files
            before = {name: one.value for name, one in service.from_files.items() if name not in lost}
            found = env_file.read(text, {**own, **one.document.known}, before)
        _take(service, found, project.title(path))


def _take(service: Service, found: dict[str, Line], title: str) -> None:
    for key, one in found.items():
        service.made_of_files.pop(key, None)
        service.from_files.pop(key, None)
        if one.refused:
            service.refuse(Place(title, one.found.line, key))
            continue
        if one.made is not None:
            torn = may_be_secret(key, one.found.value) and tears(one.found.value, one.made)
            place = Place(title, one.found.line, key)
            service.made_of_files[key] = replace(one.made, torn=(place,)) if torn else one.made
        service.from_files[key] = placed(one.found, title)


def raw(text: str) -> dict[str, Line]:
    """Return the variables of an env file in which nothing is interpreted (`format: raw`)."""
    found = {}
    for number, line in enumerate(text.splitlines(), start=1):
        name, sign, value = line.lstrip().partition("=")
        if sign and not name.startswith("#"):
            spend(Cost.VARIABLES, 1)
            found[name] = Line(Assignment(name, value, number, quote="'"))
    return found
