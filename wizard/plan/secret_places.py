"""Where a secret is outside this program: a variable, a file, or what a program prints; a plan names it alone."""

from __future__ import annotations

import shlex
from enum import StrEnum

from wizard.pattern import pattern
from wizard.plan.i18n import tr

_VARIABLE = pattern(r"[A-Za-z_][A-Za-z0-9_]*")
LONGEST = 1000
"""Characters of a reference."""

SCHEMA = {
    "type": "string",
    "pattern": "^(env|file|cmd):.",
    "maxLength": LONGEST,
    "description": "Where the value is: env:NAME, file:PATH or cmd:COMMAND.",
}


class Kind(StrEnum):
    """What the reference begins with, before a colon."""

    ENV = "env"
    FILE = "file"
    CMD = "cmd"


def parts(reference: str) -> tuple[Kind, str]:
    """Return the kind of a reference and what it names; raises ValueError with a sentence that does not quote it."""
    kind, colon, named = reference.partition(":")
    named = named.strip()
    if not colon or kind not in set(Kind) or not named or len(reference) > LONGEST or not named.isprintable():
        raise ValueError(tr("Write env:NAME, file:PATH or cmd:COMMAND."))
    if kind == Kind.ENV and not _VARIABLE.fullmatch(named):
        raise ValueError(tr("What follows “env:” must be the name of a variable."))
    if kind == Kind.CMD and not words_of(named):
        raise ValueError(tr("What follows “cmd:” must be the words of a command, each quotation mark closed."))
    return Kind(kind), named


def words_of(command: str) -> list[str]:
    """Return the words of a command, which no shell reads; none where a quotation mark is not closed."""
    try:
        return shlex.split(command)
    except ValueError:
        return []
