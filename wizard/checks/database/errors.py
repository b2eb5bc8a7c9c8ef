"""Drivers' exceptions as trouble: by SQLSTATE or error number, and by the message where psycopg gives no code.

A failed connection carries no SQLSTATE in psycopg; only the server's words tell a wrong password from a missing
database, and a server may speak another language (see `server_words`). What is not recognised stays `other`, quoted.
"""

from __future__ import annotations

import re
import ssl

from wizard.checks.database import server_words
from wizard.checks.database.facts import BadFileError, ClearPasswordError, NoVersionError, RefusedStepError
from wizard.engine.facts import Trouble
from wizard.net.errors import causes, explain_any, explain_network
from wizard.pattern import pattern
from wizard.plan.finding import ErrorKind
from wizard.plan.i18n import tr

FULL = "full"
STARTING = "starting"
READ_ONLY = "read-only"
CLIENT_CERTIFICATE = "client certificate"
HOST_RULE = "host rule"
NEEDS_TLS = "needs tls"
NO_TLS = "no tls"
BLOCKED = "blocked"
DATABASE = "database"
NO_PASSWORD = "no password"  # noqa: S105 - a word, not a password
PLUGIN = "plugin"
UNKNOWN_METHOD = "unknown method"
WRONG_SERVER = "wrong server"
CERTIFICATE = "certificate"
CLIENT_REFUSED = "client certificate refused"
BAD_FILE = "bad file"
WRONG_KEY = "wrong key"
LOCKED_KEY = "locked key"
LOCKED = "locked"
EXPIRED = "expired"
TOO_MANY_ERRORS = "too many errors"
STATEMENTS = "statements"
NO_VERSION = "no version"
CLEAR_PASSWORD = "clear password"  # noqa: S105 - a word, not a password
"""What `Trouble.about` says beyond the kind, so that a judge can be exact."""

_Meaning = tuple[ErrorKind, str]

_BY_STATE: dict[str, _Meaning] = {
    "28P01": (ErrorKind.CREDENTIALS, ""),
    "28000": (ErrorKind.CREDENTIALS, ""),
    "3D000": (ErrorKind.MISSING, DATABASE),
    "3F000": (ErrorKind.MISSING, ""),
    "42P01": (ErrorKind.MISSING, ""),
    "42703": (ErrorKind.MISSING, ""),
    "42501": (ErrorKind.PERMISSION, ""),
    "25006": (ErrorKind.PERMISSION, READ_ONLY),
    "53300": (ErrorKind.REFUSED, FULL),
    "57P03": (ErrorKind.REFUSED, STARTING),
    "57P01": (ErrorKind.REFUSED, STARTING),
    "57014": (ErrorKind.TIMEOUT, ""),
    "55P03": (ErrorKind.TIMEOUT, ""),
}

_ALERT = r"alert[ _](unknown ca|unknown_ca|bad|unsupported|certificate[ _](expired|revoked|unknown))"
"""How OpenSSL says that the other side did not take our certificate."""

_BY_WORDS: tuple[tuple[str, _Meaning], ...] = (
    (r"timeout expired|timed out", (ErrorKind.TIMEOUT, "")),
    (r"does not support SSL", (ErrorKind.TLS, NO_TLS)),
    (r"certificate verify failed|does not match host name", (ErrorKind.TLS, CERTIFICATE)),
    ("|".join(server_words.CLIENT_CERTIFICATE), (ErrorKind.TLS, CLIENT_CERTIFICATE)),
    (_ALERT, (ErrorKind.TLS, CLIENT_REFUSED)),
    (r"invalid response to SSL negotiation|expected authentication request", (ErrorKind.PROTOCOL, WRONG_SERVER)),
    (rf"pg_hba\.conf.*({'|'.join(server_words.NO_ENCRYPTION)})", (ErrorKind.PERMISSION, NEEDS_TLS)),
    (r"pg_hba\.conf", (ErrorKind.PERMISSION, HOST_RULE)),
    (r"private key file|certificate file|SSL (error|SYSCALL)|tlsv1", (ErrorKind.TLS, "")),
    (r"requirement .* failed: server requested a cleartext password", (ErrorKind.CREDENTIALS, CLEAR_PASSWORD)),
    (r"no password supplied|empty password", (ErrorKind.CREDENTIALS, NO_PASSWORD)),
    ("|".join(server_words.WRONG_LOGIN), (ErrorKind.CREDENTIALS, "")),
    ("|".join(server_words.NO_LOGIN), (ErrorKind.CREDENTIALS, "")),
    ("|".join(server_words.NO_DATABASE), (ErrorKind.MISSING, DATABASE)),
    ("|".join(server_words.NO_ENTRY), (ErrorKind.PERMISSION, DATABASE)),
    ("|".join(server_words.FULL), (ErrorKind.REFUSED, FULL)),
    ("|".join(server_words.STARTING), (ErrorKind.REFUSED, STARTING)),
    (r"Connection refused|could not connect|No route to host|unreachable", (ErrorKind.REFUSED, "")),
    (r"failed to resolve|could not translate host name", (ErrorKind.DNS, "")),
    (r"unsupported (frontend )?protocol|unsupported startup parameter", (ErrorKind.PROTOCOL, "")),
    (r"not allowed in statement pooling mode", (ErrorKind.PROTOCOL, STATEMENTS)),
    (r"server closed the connection unexpectedly|reset by peer", (ErrorKind.PROTOCOL, "")),
)

_LACKED_METHOD = pattern(r"'pynacl' package is required for (ed25519)|plugin '?b?'?(?:client_)?(ed25519|parsec)'+ not")
"""How PyMySQL says that it lacks a method of MariaDB which other drivers have."""

_BY_NUMBER: dict[int, _Meaning] = {
    **dict.fromkeys((1045, 1698), (ErrorKind.CREDENTIALS, "")),
    **dict.fromkeys((3118, 4151), (ErrorKind.CREDENTIALS, LOCKED)),
    **dict.fromkeys((1820, 1862), (ErrorKind.CREDENTIALS, EXPIRED)),
    **dict.fromkeys((3955, 4150), (ErrorKind.CREDENTIALS, TOO_MANY_ERRORS)),
    1049: (ErrorKind.MISSING, DATABASE),
    **dict.fromkeys((1054, 1146), (ErrorKind.MISSING, "")),
    1044: (ErrorKind.PERMISSION, DATABASE),
    1129: (ErrorKind.PERMISSION, BLOCKED),
    1130: (ErrorKind.PERMISSION, HOST_RULE),
    **dict.fromkeys((1142, 1143, 1227, 1370), (ErrorKind.PERMISSION, "")),
    **dict.fromkeys((1290, 1792, 1836), (ErrorKind.PERMISSION, READ_ONLY)),
    **dict.fromkeys((1040, 1203, 1226), (ErrorKind.REFUSED, FULL)),
    **dict.fromkeys((1053, 1079), (ErrorKind.REFUSED, STARTING)),
    3159: (ErrorKind.TLS, NEEDS_TLS),
    4162: (ErrorKind.TLS, NEEDS_TLS),
    2026: (ErrorKind.TLS, NO_TLS),
    **dict.fromkeys((1251, 2059, 2061), (ErrorKind.PROTOCOL, PLUGIN)),
    **dict.fromkeys((1205, 1969, 3024), (ErrorKind.TIMEOUT, "")),
    **dict.fromkeys((2006, 2013), (ErrorKind.PROTOCOL, "")),
}


def explain_postgres(error: Exception) -> Trouble:
    """Map an exception of psycopg, or of the network below it."""
    from psycopg import Error

    step, cause = _unwrapped(error)
    message = _one_line(str(cause))
    if not isinstance(cause, Error):
        return _explain_own(cause)
    if meaning := _BY_STATE.get(cause.sqlstate or ""):
        return Trouble(meaning[0], message, _about(step, meaning[1]))
    for words, (kind, about) in _BY_WORDS:
        if re.search(words, message, re.IGNORECASE):
            return Trouble(kind, message, _about(step, about))
    return Trouble(ErrorKind.OTHER, message, step)


def explain_mysql(error: Exception) -> Trouble:
    """Map an exception of PyMySQL, or of the network below it."""
    from pymysql.err import Error

    step, cause = _unwrapped(error)
    if network := explain_network(cause):
        return Trouble(network.kind, network.message, step or _about_tls(cause, network.message))
    if isinstance(cause, (Error, RuntimeError)) and (lacked := _LACKED_METHOD.search(str(cause))):
        return Trouble(ErrorKind.PROTOCOL, lacked[1] or lacked[2], UNKNOWN_METHOD)
    if not isinstance(cause, Error):
        return _explain_own(cause)
    number, message = _numbered(cause)
    if "sequence number" in message or "Protocol mismatch" in message:
        return Trouble(ErrorKind.PROTOCOL, message, WRONG_SERVER)
    kind, about = _BY_NUMBER.get(number, (ErrorKind.OTHER, ""))
    quoted = f"{number}: {message}" if number else message
    return Trouble(kind, quoted, _about(step, about))


def _about(step: str, about: str) -> str:
    """Name the step that was refused, unless each other one would be, too."""
    return about if about in {READ_ONLY, STATEMENTS} else step or about


def _about_tls(error: Exception, message: str) -> str:
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes(error)):
        return CERTIFICATE
    return CLIENT_REFUSED if re.search(_ALERT, message, re.IGNORECASE) else ""


def explain_files(error: Exception) -> Trouble:
    """Map what came of the look at the plan's TLS files."""
    if isinstance(error, BadFileError):
        return Trouble(ErrorKind.TLS, str(error), error.about)
    return explain_any(error)


def _explain_own(error: Exception) -> Trouble:
    if isinstance(error, ClearPasswordError):
        return Trouble(ErrorKind.CREDENTIALS, "", CLEAR_PASSWORD)
    if isinstance(error, NoVersionError):
        return Trouble(
            ErrorKind.MISSING,
            tr("the table for NocoBase's version is there, and names none."),
            "" if str(error) else NO_VERSION,
        )
    return explain_any(error)


def _numbered(error: Exception) -> tuple[int, str]:
    match error.args:
        case (int(number), message, *_):
            return number, _one_line(str(message))
        case _:
            return 0, _one_line(str(error))


def _unwrapped(error: Exception) -> tuple[str, Exception]:
    """Return the step that was refused, if one is named, and the driver's own exception."""
    if isinstance(error, RefusedStepError):
        for cause in causes(error):
            if cause is not error and isinstance(cause, Exception):
                return error.step, cause
        return error.step, error
    return "", error


def _one_line(message: str) -> str:
    message = re.sub(r"\s+", " ", message).strip()
    return message.removeprefix("connection failed: ")
