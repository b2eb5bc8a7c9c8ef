"""What a port speaks, found out after a connection to it failed: TLS where none was expected, or a wish for more."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from wizard.net.errors import explain_tls

SECONDS = 1.0
"""Seconds such a look may take: it comes after a failure, inside the same check's deadline."""


def speaks_tls(host: str, port: int) -> bool:
    """Whether the port completes a TLS handshake."""
    try:
        with _handshake(host, port):
            return True
    except OSError:
        return False


def wants_certificate(host: str, port: int) -> bool:
    """Whether the port asks for the client's certificate.

    In TLS 1.3 the refusal follows the handshake, and is lost to a client that writes first.
    """
    try:
        with _handshake(host, port) as secured:
            secured.recv(1)
    except ssl.SSLError as error:
        return explain_tls(error.reason or "") is not None
    except OSError:
        pass
    return False


@contextmanager
def _handshake(host: str, port: int) -> Iterator[ssl.SSLSocket]:
    """Shake hands, no matter with which certificate, as nothing is sent through it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        socket.create_connection((host, port), SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        yield secured
