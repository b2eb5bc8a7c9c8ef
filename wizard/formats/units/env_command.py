"""The options of env(1), which a service may be started by."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.dataclass import dataclass
from wizard.pattern import pattern

_ALONE = frozenset({"-", "-i", "--ignore-environment"})
_TAKES = frozenset({"-u", "--unset"})
_ASSIGNED = pattern(r"(?:^|[\s\"'=]|^-v*S)([A-Za-z_][A-Za-z0-9_]*+)=")
_SHOWN = pattern(r"--[a-z-]*+|-[A-Za-z0-9]?")


@dataclass(frozen=True, slots=True)
class ByEnv:
    """What `env` does with the variables that it was given itself.

    It takes away those `taken`, or all, `alone`. Behind an `option` that is not followed any of the variables
    `unknown` may have another value.
    """

    taken: frozenset[str] = frozenset()
    alone: bool = False
    option: str = ""
    unknown: tuple[str, ...] = ()


def by_env(arguments: Sequence[str]) -> tuple[ByEnv, int]:
    """Return what the options say, and how many of the arguments they are."""
    taken: set[str] = set()
    alone, at = False, 0
    while at < len(arguments) and (word := arguments[at]).startswith("-"):
        if word == "--":
            at += 1
            break
        if word in _ALONE:
            alone, at = True, at + 1
        elif word in _TAKES and at + 1 < len(arguments):
            taken.add(arguments[at + 1])
            at += 2
        elif word.startswith("--unset="):
            taken.add(word.partition("=")[2])
            at += 1
        elif word.startswith("-u") and len(word) > len("-u"):
            taken.add(word[len("-u") :])
            at += 1
        else:
            shown = _SHOWN.match(word)
            names = dict.fromkeys(name for one in arguments[at:] for name in _ASSIGNED.findall(one))
            return ByEnv(frozenset(taken), alone, shown[0] if shown else "-", tuple(names)), len(arguments)
    return ByEnv(frozenset(taken), alone), at
