"""Errors of the network that every driver shares, mapped to the closed set of kinds."""

from __future__ import annotations

import errno
import ipaddress
import logging
import socket
import ssl
from collections.abc import Iterator

from wizard.engine.facts import Trouble
from wizard.plan.finding import ErrorKind
from wizard.plan.i18n import tr
from wizard.plan.quoted import Own

CERTIFICATE = "certificate"
CLIENT_CERTIFICATE = "client certificate"
"""What `Trouble.about` says of an error of TLS: the server's certificate is not believed, or it wants the client's."""

_UNREACHABLE = {
    number
    for name in ("ENETUNREACH", "EHOSTUNREACH", "EHOSTDOWN", "WSAENETUNREACH", "WSAEHOSTUNREACH", "WSAEHOSTDOWN")
    if (number := getattr(errno, name, None))
}
"""No way to the host; the numbers differ between systems."""
_NOT_UNDERSTOOD = (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError, MemoryError)
"""What a library, or a probe, raises where an answer is nested without end, or of another shape than it may have."""
_PACKAGE = __name__.partition(".")[0]
_FAULTS = (AttributeError, TypeError, AssertionError, NameError)
"""What comes of wrong code, not of a value, where it is raised in code of ours."""
_log = logging.getLogger(__name__)


def causes(error: BaseException) -> Iterator[BaseException]:
    """Go from an exception down through what caused it; drivers wrap the telling one."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def explain_network(error: BaseException) -> Trouble | None:  # noqa: PLR0911 - a table of cases
    """Map what went wrong below the protocol (dns, refused, timeout, tls); None if it was something else."""
    for cause in causes(error):
        match cause:
            case socket.gaierror():
                return Trouble(ErrorKind.DNS, str(cause.strerror or cause))
            case ssl.SSLCertVerificationError():
                return Trouble(ErrorKind.TLS, cause.verify_message or str(cause), CERTIFICATE)
            case ssl.SSLError():
                return explain_tls(cause.reason or str(cause)) or Trouble(ErrorKind.TLS, cause.reason or str(cause))
            case TimeoutError():
                return Trouble(ErrorKind.TIMEOUT, str(cause))
            case ConnectionRefusedError():
                return Trouble(ErrorKind.REFUSED, str(cause.strerror or cause))
            case ConnectionResetError() | ConnectionAbortedError() | BrokenPipeError():
                return Trouble(ErrorKind.PROTOCOL, str(cause.strerror or cause))
            case OSError() if cause.errno in _UNREACHABLE:
                return Trouble(ErrorKind.REFUSED, str(cause.strerror or cause))
    return None


def explain_tls(message: str) -> Trouble | None:
    """Map the words of OpenSSL for a client certificate that is wanted, which drivers wrap in errors of their own."""
    wants = "CERTIFICATE_REQUIRED" in message.upper().replace(" ", "_")
    return Trouble(ErrorKind.TLS, message, CLIENT_CERTIFICATE) if wants else None


def explain_any(error: BaseException) -> Trouble:
    """Map any exception: the network's, what comes of an answer that is none, else `other` with its own words.

    A fault of this program is no answer of a server: it is raised again, for the runner to tell and to log. A value
    that our own code stumbles over may be the server's or ours: that says nothing of the server. One that a driver or a
    parser stumbles over is the server's.
    """
    if is_fault(error):
        raise error
    if isinstance(error, ValueError | LookupError) and not isinstance(error, UnicodeError) and _is_raised_here(error):
        _log.warning("an answer was not taken in", exc_info=error)
        shape = tr("the answer has a shape that this program cannot take in, or the program has a fault")
        return Trouble(ErrorKind.OTHER, Own(shape), ours=True)
    if isinstance(error, _NOT_UNDERSTOOD):
        _log.warning("an answer was not understood", exc_info=error)
        return Trouble(ErrorKind.PROTOCOL, Own(tr("the answer cannot be understood")))
    return explain_network(error) or Trouble(ErrorKind.OTHER, f"{type(error).__name__}: {error}")


def is_fault(error: BaseException) -> bool:
    """Whether an exception is this program's own: raised in its code, not in a driver's or a parser's."""
    return isinstance(error, _FAULTS) and _is_raised_here(error)


def _is_raised_here(error: BaseException) -> bool:
    """Whether the last frame of an exception is one of this program's own code."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    return frame is not None and str(frame.tb_frame.f_globals.get("__name__", "")).partition(".")[0] == _PACKAGE


def is_address(host: str) -> bool:
    """Whether the host is an IP address (brackets and zone allowed), so that nobody need look it up."""
    try:
        ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def resolve(host: str, port: int) -> list[str]:
    """Look the host up and return its addresses; raises socket.gaierror. Bounded by the check's deadline alone.

    An IP address is given as it is: no name server is asked about it.
    """
    if is_address(host):
        return [host.removeprefix("[").removesuffix("]")]
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except ValueError as error:  # a part is empty, as in `db..internal`, too long, or holds a zero: no name at all
        raise socket.gaierror(socket.EAI_NONAME, str(error)) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
