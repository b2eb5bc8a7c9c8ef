"""Where a value of a plan stood in what it was read from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wizard.dataclass import dataclass
from wizard.plan.i18n import clauses, tr


@dataclass(frozen=True, slots=True)
class Place:
    """A file, as it was named, and the line, counted from 1; 0: in the file as a whole.

    `name` is what stands there: a variable (`DB_HOST`) or a key (`database.host`).
    """

    file: str
    line: int = 0
    name: str = ""

    @property
    def words(self) -> str:
        """The place as a person looks for it: `DB_HOST, compose.yaml line 14`."""
        if not self.line:
            return tr("{name}, {file}", name=self.name, file=self.file) if self.name else self.file
        if not self.name:
            return tr("{file} line {line}", file=self.file, line=self.line)
        return tr("{name}, {file} line {line}", name=self.name, file=self.file, line=self.line)

    def as_json(self) -> dict[str, Any]:
        """Return the place as the contract's JSON object."""
        return {"file": self.file, "line": self.line, "name": self.name}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Place:
        """Read what `as_json` gave; raises KeyError, TypeError or ValueError."""
        return cls(str(data["file"]), int(data["line"]), str(data["name"]))


def stands_in(places: Iterable[Place]) -> str:
    """Say where something stands, each place once; nothing where nobody knows."""
    words = clauses(dict.fromkeys(place.words for place in places))
    return tr("Stands in: {places}.", places=words) if words else ""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two sources that say different things of one setting (or variable); what `taken` says is in the plan.

    `server` is the service that is started by what `other` says, where that is no other source of the nodes. `node` is
    the one that is given what `other` says, where each source is one node's; with `lacks` that node, of which `other`
    is the place, is given nothing of the kind; with `unknown` its value comes from elsewhere, and may be the same.
    """

    key: str
    taken: Place
    other: Place
    server: str = ""
    node: str = ""
    lacks: bool = False
    unknown: bool = False
