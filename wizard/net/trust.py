"""Whom a node trusts, and why a server is not believed: what Node.js brings and NODE_EXTRA_CA_CERTS, nothing else."""

from __future__ import annotations

import contextlib
import ssl
from enum import StrEnum

from wizard import reading
from wizard.dataclass import dataclass
from wizard.net.certificate import Certificate, fetch, unchecked
from wizard.net.peer import Peer
from wizard.net.tls_sniff import SECONDS


class Authority(StrEnum):
    """What became of the plan's private authority on this machine."""

    NONE = "none"
    """The plan has none."""
    ELSEWHERE = "elsewhere"
    """Its file cannot be read here: the path is meant for the nodes."""
    EMPTY = "empty"
    """Its file holds no certificate that Node.js could read; Node.js then goes on without it."""
    TRUSTED = "trusted"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What stands behind a handshake that failed; `certificate` None: the server showed none in time."""

    authority: Authority
    certificate: Certificate | None = None


def node_context() -> ssl.SSLContext:
    """Return a context with the public authorities that Node.js brings: this machine's own are not the nodes'.

    Without X.509's strict mode, which Python has by default since 3.13 and Node.js has not.
    """
    import certifi

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(certifi.where())
    return context


def node_trust(authority_file: str) -> ssl.SSLContext:
    """Return `node_context` with the private authority besides; a file of no use is left out, as Node.js does."""
    context = node_context()
    _add(context, authority_file)
    return context


def _add(context: ssl.SSLContext, file: str) -> Authority:
    if not file:
        return Authority.NONE
    try:
        # Not by load_verify_locations(file): it takes a folder and an absent file for one kind of error.
        pem = reading.read_file(file, reading.LARGEST_PEM)
    except OSError:
        return Authority.ELSEWHERE
    try:
        context.load_verify_locations(cadata=pem.decode("ascii", "ignore"))
    except (ssl.SSLError, ValueError):
        return Authority.EMPTY
    return Authority.TRUSTED


def look_into(peer: Peer) -> Doubt:
    """Find out what is behind a handshake that failed: the certificate as the server shows it, unchecked."""
    authority = _add(unchecked(), peer.authority_file)
    certificate = None
    with contextlib.suppress(OSError, ValueError):
        certificate = fetch(peer.host, peer.port, unchecked(), timeout=SECONDS)
    return Doubt(authority, certificate)
