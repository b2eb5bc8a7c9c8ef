"""The certificate that a server shows, and whether it is believed."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime

from wizard.dataclass import dataclass
from wizard.net.errors import is_address
from wizard.net.http import TIMEOUT
from wizard.plan.i18n import listing, tr
from wizard.plan.quoted import Quoted

_SHOWN = 20
"""Names that are told: a server may show a certificate with thousands."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the certificate says, in the server's own words; `names` are hosts and addresses.

    `distrust` is why it is not believed, or nothing.
    """

    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    issuer: str
    distrust: str
    seen: datetime

    @property
    def days_left(self) -> int:
        """Whole days until it ends; negative once it has ended."""
        return (self.not_after - self.seen).days

    @property
    def named(self) -> Quoted:
        """Its names, of very many the first ones alone."""
        return Quoted(listing(self.names[:_SHOWN]) + " …" * (len(self.names) > _SHOWN))

    @property
    def described(self) -> str:
        """What it says of itself, in a sentence."""
        return tr(
            "For {names}, from {since} to {until}, by {issuer}.",
            names=self.named or "–",
            since=self.not_before.date().isoformat(),
            until=self.not_after.date().isoformat(),
            issuer=Quoted(self.issuer),
        )

    def is_for(self, host: str) -> bool:
        """Whether it names the host, as browsers compare: a `*` stands for one label."""
        host = host.lower().rstrip(".")
        wild = "*." + host.partition(".")[2]
        return any(name.lower() in {host, wild} for name in self.names) and not (
            is_address(host) and host not in self.names
        )


def fetch(host: str, port: int, trust: ssl.SSLContext, *, timeout: float = TIMEOUT) -> Certificate:
    """Shake hands and return the certificate; one that is not believed is fetched a second time without a check.

    Raises what sockets and TLS raise, but for a certificate that is not believed.
    """
    try:
        return _read(_shake_hands(host, port, trust, timeout), "")
    except ssl.SSLCertVerificationError as error:
        return _read(_shake_hands(host, port, unchecked(), timeout), error.verify_message)


def unchecked() -> ssl.SSLContext:
    """Return a context that believes anything: only for requests that hold no secret, of a server already reported."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _shake_hands(host: str, port: int, trust: ssl.SSLContext, timeout: float) -> bytes:
    with (
        socket.create_connection((host, port), timeout) as connection,
        trust.wrap_socket(connection, server_hostname=host) as secured,
    ):
        return secured.getpeercert(binary_form=True) or b""


def _read(der: bytes, distrust: str) -> Certificate:
    from cryptography import x509

    found = x509.load_der_x509_certificate(der)
    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        listed: tuple[str, ...] = ()
    else:
        addresses = (str(address) for address in names.get_values_for_type(x509.IPAddress))
        listed = (*names.get_values_for_type(x509.DNSName), *addresses)
    return Certificate(
        names=listed,
        not_before=found.not_valid_before_utc,
        not_after=found.not_valid_after_utc,
        issuer=found.issuer.rfc4514_string(),
        distrust=distrust,
        seen=datetime.now(UTC),
    )
