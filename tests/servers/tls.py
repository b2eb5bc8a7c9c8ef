"""A private certificate authority."""

import ssl
from datetime import UTC, datetime

import trustme

from wizard.demo.server import Tls

EXPIRED = {"not_after": datetime(2020, 1, 1, tzinfo=UTC)}
"""Options of `Authority.sign` for a certificate that ended on 2020-01-01."""


class Authority:
    """Signs certificates for servers; `pem` is what a client trusts."""

    def __init__(self) -> None:
        self._ca = trustme.CA()
        self.pem: bytes = self._ca.cert_pem.bytes()

    def sign(self, *names: str, **options) -> Tls:
        """Return a certificate for these names; by default for 127.0.0.1 and localhost."""
        made = self._ca.issue_cert(*(names or ("127.0.0.1", "localhost")), **options)
        chain = b"".join(blob.bytes() for blob in made.cert_chain_pems)
        return Tls(chain, made.private_key_pem.bytes(), self.pem)

    def context(self) -> ssl.SSLContext:
        """Return what a server of a test's own speaks TLS with, at 127.0.0.1."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._ca.issue_cert("127.0.0.1").configure_cert(context)
        return context
