"""A command that starts containers: what the unit gives that program is not what a node in a container is given."""

from __future__ import annotations

from enum import Enum

from wizard.formats.units.systemd import words
from wizard.pattern import pattern

_BEFORE_PROGRAM = "@-:+!|"
_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "env"})
_RUNTIMES = r"docker-compose|podman-compose|docker|podman|nerdctl"
_STARTS = pattern(rf"(?:^|[\s/'\"`;&|(])(?:(?P<program>{_RUNTIMES})(?:\.exe)?)(?=$|[\s'\"])(?P<more>[^\0]*)")
_COMPOSE = pattern(r"(?:\s+-\S+(?:\s+[^\s-]\S*)?)*?\s+(?:compose|stack)(?:\s|$)")
_PROGRAM = pattern(rf"(?:{_RUNTIMES})(?:\.exe)?")


class Started(Enum):
    """How a command starts containers."""

    NOT = 0
    BY_RUN = 1
    BY_COMPOSE = 2


def started(command: str) -> Started:
    """Return how the command of a unit starts containers, itself or by a shell or `env` before."""
    program = next(iter(words(command)), "").lstrip(_BEFORE_PROGRAM).rpartition("/")[2]
    if program not in _SHELLS and not _PROGRAM.fullmatch(program):
        return Started.NOT
    found = _STARTS.search(command.lstrip(_BEFORE_PROGRAM))
    if found is None:
        return Started.NOT
    by_compose = found["program"].endswith("compose") or _COMPOSE.match(found["more"])
    return Started.BY_COMPOSE if by_compose else Started.BY_RUN
