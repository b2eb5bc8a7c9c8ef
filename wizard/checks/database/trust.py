"""The TLS files: those of the plan as far as they are on this machine, and who is trusted without them."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wizard.checks.database.facts import Trust
from wizard.checks.database.target import Target
from wizard.plan.sections import Dialect, Tls


def find_files(target: Target) -> Trust:
    """Look which of the plan's TLS files can be read here; their paths are meant for the nodes."""
    if target.tls is Tls.OFF:
        return Trust()
    wanted = {"ca": target.ca if target.tls is Tls.VERIFY else "", "cert": target.cert, "key": target.key}
    found = {name: path for name, path in wanted.items() if path and _readable(path)}
    absent = tuple(path for name, path in wanted.items() if path and name not in found)
    if "cert" not in found or "key" not in found:
        found.pop("cert", None)
        found.pop("key", None)
    return Trust(**found, absent=absent)


def _readable(path: str) -> bool:
    try:
        with Path(path).open("rb") as file:
            return bool(file.read(1))
    except OSError:
        return False


def checks_certificate(target: Target, trust: Trust) -> bool:
    """Whether to check the server's certificate: the plan says so and its authority can be read here."""
    return target.tls is Tls.VERIFY and (not target.ca or bool(trust.ca))


@contextmanager
def authorities(target: Target, trust: Trust) -> Iterator[str]:
    """Give a file of the authorities a node trusts: the plan's own, else the public ones and NODE_EXTRA_CA_CERTS."""
    import certifi

    if trust.ca:
        yield trust.ca
    elif target.extra_ca and _readable(target.extra_ca):
        with tempfile.TemporaryDirectory(prefix="ncw-check-") as folder:
            both = Path(folder) / "authorities.pem"
            both.write_bytes(Path(certifi.where()).read_bytes() + b"\n" + Path(target.extra_ca).read_bytes())
            yield str(both)
    else:
        yield certifi.where()


def tls_context(target: Target, trust: Trust) -> ssl.SSLContext:
    """Give the TLS settings as NocoBase's driver has them.

    Without X.509's strict mode, as Node.js is. mysql2 does not compare the certificate's name with the host unless
    `verifyIdentity` is set, for which NocoBase has no variable; the MariaDB and PostgreSQL drivers do.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if checks_certificate(target, trust):
        context.verify_mode = ssl.CERT_REQUIRED
        context.check_hostname = target.dialect is not Dialect.MYSQL
        with authorities(target, trust) as file:
            context.load_verify_locations(cafile=file)
    if trust.cert:
        context.load_cert_chain(trust.cert, trust.key)
    return context
