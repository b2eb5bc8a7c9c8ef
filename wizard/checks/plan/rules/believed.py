"""Rule on variables that people believe in and NocoBase does not read (docs/nocobase.md, "Variables it ignores")."""

from __future__ import annotations

from pathlib import PurePosixPath
from posixpath import normpath
from typing import Any

from wizard.checks.plan.meant import is_given
from wizard.checks.plan.rule import Rule
from wizard.checks.plan.specs_read import UNREAD_VARIABLES
from wizard.formats.image import STORAGE
from wizard.plan.believed import Belief, Believed, believed
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, tr
from wizard.plan.observed import Topic
from wizard.plan.plan import Extra, Plan
from wizard.plan.remedy import Remedy, advice, commands, steps
from wizard.plan.secret import SecretRef, Secrets
from wizard.plan.sections import Dialect, Tls
from wizard.plan.variables import known_variables

_OFF = frozenset({"", "0", "false", "no", "off", "disable", "disabled", "allow", "prefer"})

_TOGETHER = frozenset({Belief.ADDRESS, Belief.REDIS_PART})
"""What is mended together: parts of one address."""

_DECIDING_NOTHING = frozenset({Belief.PUBSUB, Belief.NEEDLESS})
"""What nobody misses, be it there or not."""

_OF_SERVERS = ("POSTGRES_", "MYSQL_", "MARIADB_")
_OF_AN_ADDRESS = ("DB_DIALECT", "DB_HOST", "DB_DATABASE", "DB_USER")
"""The single variables that a whole address stands in the place of."""

_DRIVER_ENCRYPTS = frozenset({"prefer", "require", "verify-ca", "verify-full", "no-verify"})
"""The words of PGSSLMODE by which pg 8 encrypts; code: `pg/lib/connection-parameters.js`."""


def _believed(plan: Plan, secrets: Secrets) -> list[Finding]:
    """Say of each such variable what NocoBase reads instead, and what follows."""
    found = [_of_one(plan, secrets, extra, known) for extra in plan.extras if (known := believed(extra.name))]
    return found or [UNREAD_VARIABLES.passed(tr("No variable stands where NocoBase reads another one."))]


def _of_one(plan: Plan, secrets: Secrets, extra: Extra, known: Believed) -> Finding:
    more: dict[str, Any] = {
        "subject": extra.name,
        "detail": tr(known.follows),
        "facts": {"setting": extra.name, "instead": list(known.instead)},
        "cause": known.belief.value if known.belief in _TOGETHER else "",
    }
    if known.belief in {Belief.TLS, Belief.DRIVER_TLS}:
        of_driver = known.belief is Belief.DRIVER_TLS and plan.database.dialect is Dialect.POSTGRES
        judge = _tls_of_the_driver if of_driver else _tls
        encrypted = plan.database.tls is not Tls.OFF or (not of_driver and _driver_encrypts(plan, secrets))
        return judge(plan, _text(extra, secrets), extra.name, more, encrypted=encrypted)
    listed = listing(known.instead)
    summary = tr("NocoBase does not read {name}. It reads {instead}.", name=extra.name, instead=listed)
    if known.belief is Belief.FOLDER:
        return _of_folder(plan, summary, _text(extra, secrets), more)
    needed = known.instead if known.belief is not Belief.ADDRESS else _OF_AN_ADDRESS
    missing = [name for name in needed if not is_given(plan, name)]
    if known.belief is Belief.FILE:
        base = known.instead[0]
        return _of_file(extra.name, base, more, given=not missing or is_given(plan, f"{base}_PATH"))
    if known.belief in _DECIDING_NOTHING or not missing:
        return UNREAD_VARIABLES.info(summary, **more)
    return _lacking(summary, extra.name, known, missing, more)


def _lacking(summary: str, name: str, known: Believed, missing: list[str], more: dict[str, Any]) -> Finding:
    """Judge a variable where what NocoBase reads instead is missing."""
    listed = listing(known.instead)
    if known.belief is Belief.WORKER_ID:
        more["remedy"] = advice(tr("Rename {name} to REDIS_URL, which it is probably meant for.", name=name))
        return UNREAD_VARIABLES.fail(summary, ErrorKind.MISSING, **more)
    if known.belief is Belief.NAME:
        more["remedy"] = advice(tr("Rename {name} to {instead}.", name=name, instead=listed))
    if known.belief is Belief.IMAGE:
        more["remedy"] = advice(tr("Write what {name} says at {instead}, too.", name=name, instead=listed))
    if known.belief is Belief.NAME and "DB_PASSWORD" in missing:  # the others of a database are required by themselves
        return UNREAD_VARIABLES.fail(summary, ErrorKind.MISSING, **more)
    return UNREAD_VARIABLES.warn(summary, error=ErrorKind.MISSING, **more)


def _of_folder(plan: Plan, summary: str, text: str, more: dict[str, Any]) -> Finding:
    """Judge a folder for files that NocoBase does not know of: people look for them there, and mount that one."""
    folder = PurePosixPath(normpath(text)) if text else PurePosixPath(STORAGE)
    if plan.seen(Topic.STORAGE) or not folder.is_absolute() or folder.is_relative_to(STORAGE):
        return UNREAD_VARIABLES.info(summary, **more)
    more["remedy"] = advice(
        tr(
            "Mount the folder that all nodes share at the folder “storage” of the application, and take {name} out, "
            "unless another program reads it.",
            name=more["subject"],
        )
    )
    return UNREAD_VARIABLES.warn(summary, **more)


def _of_file(name: str, base: str, more: dict[str, Any], *, given: bool) -> Finding:
    """Judge the path of a file whose content was to be the value."""
    path = f"{base}_PATH" if f"{base}_PATH" in known_variables() else ""
    if path:
        more["facts"] = {**more["facts"], "instead": [base, path]}
        more["detail"] = _of_path(base, path)
        summary = tr(
            "NocoBase does not read {name}: it reads {base}, the value itself, or the path of a file at {path}.",
            name=name,
            base=base,
            path=path,
        )
    else:
        summary = tr("NocoBase does not read {name}: it reads {base} alone, the value itself.", name=name, base=base)
    if given and name.startswith(_OF_SERVERS):  # the server's image reads it
        return UNREAD_VARIABLES.info(summary, **more)
    more["remedy"] = _take_from_file(name, base, path)
    if given:
        return UNREAD_VARIABLES.warn(summary, **more)
    return UNREAD_VARIABLES.fail(_neither(name, base, path), ErrorKind.MISSING, **more)


def _neither(name: str, base: str, path: str) -> str:
    """Say that NocoBase gets neither the value nor, where it would take one, a path."""
    if not path:
        return tr(
            "NocoBase does not read {name}: it reads the value itself from {base}, which is missing.",
            name=name,
            base=base,
        )
    return tr(
        "NocoBase does not read {name}: it reads {base}, the value itself, or the path of a file at {path}, and both "
        "are missing.",
        name=name,
        base=base,
        path=path,
    )


def _of_path(base: str, path: str) -> str:
    """Say what a variable with a path takes; code: packages/core/server/src/aes-encryptor.ts."""
    if base != "APP_AES_SECRET_KEY":
        return tr("NocoBase reads the path of a file from {path} alone.", path=path)
    return tr(
        "{path} takes the path of a file of exactly 32 raw bytes. The 64 hexadecimal digits in a file are none: what "
        "they say belongs into {base}.",
        path=path,
        base=base,
    )


def _take_from_file(name: str, base: str, path: str) -> Remedy:
    """Return how a node gets what is in the file."""
    line = f'export {base}="$(cat "${name}")"'
    if base == "APP_AES_SECRET_KEY":
        return commands(
            steps(tr("A file of 32 raw bytes: rename {name} to {path}.", name=name, path=path)),
            steps(tr("A file of 64 hexadecimal digits: where the node starts, give it what is in the file:"), line),
        )
    return steps(tr("Where the node starts, give it what is in the file, and never the path:"), line)


def _driver_encrypts(plan: Plan, secrets: Secrets) -> bool:
    """Whether PGSSLMODE makes PostgreSQL's driver encrypt."""
    words = [_text(extra, secrets) for extra in plan.extras if extra.name == "PGSSLMODE"]
    return plan.database.dialect is Dialect.POSTGRES and not _DRIVER_ENCRYPTS.isdisjoint(words)


def _tls(plan: Plan, text: str, name: str, more: dict[str, Any], *, encrypted: bool) -> Finding:
    """Judge a variable that was to encrypt the connection to the database."""
    if encrypted or text.lower() in _OFF:
        return UNREAD_VARIABLES.info(tr("NocoBase does not read {name}; it decides nothing.", name=name), **more)
    more["remedy"] = _encrypt(plan)
    return UNREAD_VARIABLES.warn(
        tr("The connection to the database is not encrypted: NocoBase does not read {name}.", name=name),
        error=ErrorKind.TLS,
        **more,
    )


def _tls_of_the_driver(plan: Plan, text: str, name: str, more: dict[str, Any], *, encrypted: bool) -> Finding:
    """Judge PGSSLMODE: the driver compares the word exactly, and takes it where it is given no options for TLS."""
    if encrypted or text not in _DRIVER_ENCRYPTS:
        return UNREAD_VARIABLES.info(tr("NocoBase does not read {name}; it decides nothing.", name=name), **more)
    more["remedy"] = _encrypt(plan)
    return UNREAD_VARIABLES.warn(
        tr(
            "{name} encrypts the connection to the database past NocoBase's own variables; the checks of the database "
            "ask without TLS.",
            name=name,
        ),
        error=ErrorKind.TLS,
        **more,
    )


def _encrypt(plan: Plan) -> Remedy:
    """Return the variables that encrypt, by the kind of the database."""
    authority = "DB_DIALECT_OPTIONS_SSL_CA=/path/to/ca.pem"
    if plan.database.dialect is Dialect.POSTGRES:
        lines = ["DB_DIALECT_OPTIONS_SSL_MODE=verify-full", authority]
    else:
        lines = [authority, "DB_DIALECT_OPTIONS_SSL_REJECT_UNAUTHORIZED=true"]
    return steps(tr("These variables encrypt it; the file is that of the server's authority:"), *lines)


def _text(extra: Extra, secrets: Secrets) -> str:
    if not isinstance(extra.value, SecretRef):
        return extra.value
    secret = secrets.get(extra.value.name)
    return secret.reveal() if secret else "?"


RULES = (Rule(_believed, None),)
