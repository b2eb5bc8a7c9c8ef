"""A file given for its secrets: lines under NocoBase's own names, or the one that a bundle has to be filled in."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from wizard.export import secrets_file
from wizard.export.containers import part
from wizard.formats.dotenv import variables
from wizard.formats.dotenv.continued import read_lines
from wizard.formats.dotenv.grammar import Assignment, parse
from wizard.formats.dotenv.recover import names_of_secrets, secrets_in
from wizard.formats.files import SecretsMode, SourceError, not_utf8
from wizard.plan.i18n import tr
from wizard.plan.misspelt import misspelt_for
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.plan.variables import known_variables, may_be_secret
from wizard.reading import path_of, read_text


def read(plan: Plan, file: Path) -> dict[str, Secret]:
    """Return the secrets of `plan` in a file, by the names of their references; raises SourceError.

    In the file of a bundle, which names its script, a secret stands as it is, without quotes, wherever it was brought.
    """
    text = _text(file)
    if _is_of_bundle(file, text):
        return secrets_file.read(_named(plan), text)
    found = {name: item.value for name, item in parse(text).items()}
    others = {ref: Secret(found[name]) for name, ref in _lines(plan).items() if found.get(name)}
    return {**others, **secrets_in(plan, found)}


def waiting(plan: Plan, bundle: Path, absent: Collection[str]) -> Path | None:
    """Return the file of a bundle in which one of the `absent` secrets was filled in, though no script spread it yet.

    None where there is no such file, or none that can be read.
    """
    file = bundle / secrets_file.PATH
    with contextlib.suppress(SourceError):
        return file if any(name in absent for name in read(plan, file)) else None
    return None


def names(plan: Plan) -> list[str]:
    """Return the names of the lines in which the secrets of `plan` are looked for, sorted."""
    return sorted({*names_of_secrets(plan), *_lines(plan)})


def passed_over(plan: Plan, file: Path) -> list[tuple[Assignment, str | None]]:
    """Return what a file has besides the secrets of `plan`, in its order; raises SourceError.

    With each goes the name that is likely meant, if one is, or None where the name is right, and the value is an
    address of another server or one without a password. A line that is no variable has no name. What NocoBase reads and
    is no secret may stand there.
    """
    wanted, lines = names(plan), _lines(plan)
    given, others = read_lines(_text(file))
    left: list[tuple[Assignment, str | None]] = [(Assignment("", "", number), "") for number, _line in others]
    for name, found in given.items():
        if name not in wanted:
            if name not in known_variables() or (found.value and may_be_secret(name, found.value)):
                left.append((found, misspelt_for(name, wanted)))
        elif found.value and name not in lines and not secrets_in(plan, {name: found.value}):
            left.append((found, None))
    return sorted(left, key=lambda one: one[0].line)


def _lines(plan: Plan) -> dict[str, str]:
    """Return the lines of a bundle's file for the secrets of `plan`, each with the name of its reference."""
    absent = part(variables(_named(plan)).common, {}, SecretsMode.REFERENCE).missing
    return {use.line: use.secret for use in secrets_file.uses(absent)}


def _named(plan: Plan) -> Plan:
    """Return a plan without what has no secrets, or none that can be named: half-typed nodes and variables."""
    return replace(plan, nodes=(), extras=tuple(extra for extra in plan.extras if extra.name.isidentifier()))


def _is_of_bundle(file: Path, text: str) -> bool:
    """Whether it is one, by its remarks; without them by the script beside it."""
    if any(line.startswith("#") and secrets_file.SCRIPT in line for line in text.splitlines()):
        return True
    return file.name == secrets_file.PATH and path_of(str(file)).with_name(secrets_file.SCRIPT).is_file()


def _text(path: Path) -> str:
    try:
        return read_text(path_of(str(path)))
    except UnicodeDecodeError as error:
        raise not_utf8(path, error) from None
    except OSError as error:
        raise SourceError(tr("{path} cannot be read: {reason}.", path=path, reason=error.strerror or error)) from error
