"""A command that starts containers: what the unit gives that program is not what a node in a container is given."""

from __future__ import annotations

from enum import Enum
from itertools import islice

from wizard.formats.units.systemd import words
from wizard.pattern import pattern

_BEFORE_PROGRAM = "@-:+!|"
_BEFORE_OTHERS = frozenset(
    {
        *("sh", "bash", "dash", "zsh", "ksh", "env", "sudo", "doas", "flock", "nice", "ionice", "timeout", "nohup"),
        *("setsid", "chrt", "taskset", "systemd-cat"),
    }
)
"""Programs that start what their words name."""
_RUNTIMES = r"docker-compose|podman-compose|docker|podman|nerdctl"
_CALLS = pattern(rf"(?:^|[\s/'\"`;&|(])(?P<program>{_RUNTIMES})(?:\.exe)?(?=$|[\s'\"])")
_BY_COMPOSE = "compose|stack"
_BY_RUN = "run|start|create|exec|restart|attach|container"
_VERB = pattern(rf"(?:\s+-\S+(?:\s+[^\s-]\S*)??)*?\s+(?:(?P<by_compose>{_BY_COMPOSE})|(?:{_BY_RUN}))(?=$|[\s;'\"])")
"""Behind options, each alone or with a word."""
_PROGRAM = pattern(rf"(?:{_RUNTIMES})(?:\.exe)?")
_MOST_CALLS = 20
_LONGEST = 2000
"""Characters behind a program in which its verb stands."""


class Started(Enum):
    """How a command starts containers."""

    NOT = 0
    BY_RUN = 1
    BY_COMPOSE = 2


def started(command: str) -> Started:
    """Return how the command of a unit starts containers, itself or by a program such as a shell before it."""
    command = command.lstrip(_BEFORE_PROGRAM)
    program = next(iter(words(command)), "").rpartition("/")[2]
    itself = _PROGRAM.fullmatch(program) is not None
    if not itself and program not in _BEFORE_OTHERS:
        return Started.NOT
    for call in islice(_CALLS.finditer(command), _MOST_CALLS):
        if call["program"].endswith("compose"):
            return Started.BY_COMPOSE
        verb = _VERB.match(command, call.end(), call.end() + _LONGEST)
        if verb:
            return Started.BY_COMPOSE if verb["by_compose"] else Started.BY_RUN
    return Started.BY_RUN if itself else Started.NOT
