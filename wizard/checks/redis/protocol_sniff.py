"""What a port speaks when a connection to it fails: Redis in the clear, TLS, or neither."""

from __future__ import annotations

import socket
from dataclasses import replace

from wizard.checks.redis.errors import PLAIN_SERVER, TLS_SERVER
from wizard.checks.redis.target import RedisTarget
from wizard.engine.facts import Trouble
from wizard.net.errors import CERTIFICATE, CLIENT_CERTIFICATE
from wizard.net.tls_sniff import SECONDS, speaks_tls, wants_certificate
from wizard.plan.finding import ErrorKind


def clarified(trouble: Trouble, target: RedisTarget) -> Trouble:
    """Return `trouble` as an error of TLS if that is what it is.

    The one side speaks it alone, or wants a certificate.
    """
    if not target.tls:
        spoken = trouble.kind is ErrorKind.PROTOCOL and speaks_tls(target.host, target.port)
        return replace(trouble, kind=ErrorKind.TLS, about=TLS_SERVER) if spoken else trouble
    if trouble.about in {CERTIFICATE, CLIENT_CERTIFICATE}:
        return trouble
    if trouble.kind in {ErrorKind.TLS, ErrorKind.PROTOCOL} and wants_certificate(target.host, target.port):
        return replace(trouble, kind=ErrorKind.TLS, about=CLIENT_CERTIFICATE)
    if trouble.kind in {ErrorKind.TLS, ErrorKind.TIMEOUT} and speaks_plain(target):
        return replace(trouble, kind=ErrorKind.TLS, about=PLAIN_SERVER)
    return trouble


def speaks_plain(target: RedisTarget) -> bool:
    """Whether the port answers a PING without TLS, if only to ask for a password."""
    try:
        with socket.create_connection((target.host, target.port), SECONDS) as plain:
            plain.settimeout(SECONDS)
            plain.sendall(b"PING\r\n")
            return plain.recv(64).startswith((b"+PONG", b"-"))
    except OSError:
        return False
