"""What redis-py raises, mapped to trouble at the edge."""

from __future__ import annotations

import re

from wizard.engine.facts import Trouble
from wizard.net.errors import causes, explain_any, explain_network
from wizard.plan.finding import ErrorKind

NO_PASSWORD_GIVEN = "no password given"  # noqa: S105 - a word for a case
NO_PASSWORD_THERE = "no password there"  # noqa: S105 - a word for a case
PROTECTED_MODE = "protected mode"
PLAIN_SERVER = "plain server"
TLS_SERVER = "tls server"
FULL = "full"
LOADING = "loading"

_PIPELINE = re.compile(r"^Command # \d+ .*? of pipeline caused error: ", re.DOTALL)
_REFUSED_COMMAND = re.compile(r"permissions to run the '([^']+)'")
_UNKNOWN_COMMAND = re.compile(r"unknown (?:command|subcommand) ['`]?([A-Za-z0-9._|-]+)", re.IGNORECASE)


class UnexpectedAnswerError(Exception):
    """The server answered something else than Redis would; the message says what was expected."""


def explain(error: Exception) -> Trouble:
    """Map an exception of redis-py, or of what lies below it."""
    from redis import exceptions

    message = _PIPELINE.sub("", str(error))
    match error:
        case UnexpectedAnswerError() | exceptions.InvalidResponse():
            return Trouble(ErrorKind.PROTOCOL, message)
        case exceptions.NoPermissionError():
            return Trouble(ErrorKind.PERMISSION, message, _command(_REFUSED_COMMAND, message))
        case exceptions.AuthenticationError():
            return Trouble(ErrorKind.CREDENTIALS, message, _about_password(message.lower()))
        case exceptions.ResponseError():
            return _explain_answer(message)
        case exceptions.TimeoutError():
            return explain_network(error) or Trouble(ErrorKind.TIMEOUT, message)
        case _:
            return _explain_connection(error)


def _about_password(message: str) -> str:
    if "authentication required" in message:
        return NO_PASSWORD_GIVEN
    return NO_PASSWORD_THERE if "without any password" in message or "no password is set" in message else ""


def _explain_answer(message: str) -> Trouble:
    if "DENIED" in message and "protected mode" in message:
        return Trouble(ErrorKind.PERMISSION, message.partition(".")[0], PROTECTED_MODE)
    if match := _UNKNOWN_COMMAND.search(message):
        return Trouble(ErrorKind.MISSING, message, match[1].upper())
    if "DB index is out of range" in message or "SELECT is not allowed" in message:
        return Trouble(ErrorKind.MISSING, message)
    return Trouble(ErrorKind.OTHER, message)


def _explain_connection(error: Exception) -> Trouble:
    from redis import exceptions

    # Both are errors of a connection to redis-py, though the server says them in Redis' own protocol.
    if isinstance(error, exceptions.BusyLoadingError):
        return Trouble(ErrorKind.REFUSED, str(error), LOADING)
    if "max number of clients" in str(error):
        return Trouble(ErrorKind.REFUSED, str(error), FULL)
    if trouble := explain_network(error):
        return trouble
    if isinstance(error, exceptions.ConnectionError) and len(list(causes(error))) == 1:
        return Trouble(ErrorKind.PROTOCOL, str(error))
    return explain_any(error)


def _command(pattern: re.Pattern[str], message: str) -> str:
    match = pattern.search(message)
    return match[1].upper().replace("|", " ") if match else ""
