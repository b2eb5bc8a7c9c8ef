"""The TLS files: those of the plan as far as they are on this machine, and who is trusted without them."""

from __future__ import annotations

import os
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wizard import reading
from wizard.checks.database.errors import BAD_FILE, LOCKED_KEY, WRONG_KEY
from wizard.checks.database.facts import BadFileError, Trust
from wizard.checks.database.target import Target
from wizard.plan.i18n import tr
from wizard.plan.sections import Dialect, Tls

_HAS_MEMORY_FILES = hasattr(os, "memfd_create")
_LOCKED = (b"-----BEGIN ENCRYPTED PRIVATE KEY-----", b"Proc-Type: 4,ENCRYPTED")


def find_files(target: Target) -> Trust:
    """Look which of the plan's TLS files can be read here; their paths are meant for the nodes.

    Raises BadFileError for one that can be read and not be used: no driver of NocoBase gets further with it either.
    """
    if target.tls is Tls.OFF:
        return Trust()
    wanted = {"ca": target.ca if target.tls is Tls.VERIFY else "", "cert": target.cert, "key": target.key}
    found = {name: path for name, path in wanted.items() if path and _readable(path)}
    absent = tuple(path for name, path in wanted.items() if path and name not in found)
    if "cert" not in found or "key" not in found:
        found.pop("cert", None)
        found.pop("key", None)
    trust = Trust(**found, absent=absent)
    _try_files(trust)
    return trust


def _try_files(trust: Trust) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for path in filter(None, (trust.ca, trust.cert)):
        try:
            context.load_verify_locations(cafile=path)
        except ssl.SSLError as error:
            raise BadFileError(tr("{file} holds no certificate in the form PEM", file=path), BAD_FILE) from error
    if trust.cert:
        _try_pair(context, trust)


def _try_pair(context: ssl.SSLContext, trust: Trust) -> None:
    """Load certificate and key; with an empty passphrase, as OpenSSL would ask for one on the terminal.

    A locked key is not even tried: it says itself how long that takes, and may say hours.
    """
    content = reading.read_file(trust.key)
    if any(head in content for head in _LOCKED):
        problem = tr("{file} is locked with a passphrase, which NocoBase cannot give", file=trust.key)
        raise BadFileError(problem, LOCKED_KEY)
    try:
        context.load_cert_chain(trust.cert, trust.key, password="")
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            problem = tr("{file} is not the key of {certificate}", file=trust.key, certificate=trust.cert)
            raise BadFileError(problem, WRONG_KEY) from error
        raise BadFileError(tr("{file} holds no key in the form PEM", file=trust.key), BAD_FILE) from error


def _readable(path: str) -> bool:
    """Whether there is a plain file with something in it: OpenSSL would read a device for ever."""
    return bool(reading.readable_size(path, reading.LARGEST_PEM))


def checks_certificate(target: Target, trust: Trust) -> bool:
    """Whether to check the server's certificate: the plan says so and its authority can be read here."""
    return target.tls is Tls.VERIFY and (not target.ca or bool(trust.ca))


@contextmanager
def private_key(trust: Trust) -> Iterator[str]:
    """Return the client's key as a file that libpq takes: it refuses one that others may read, node-postgres does not.

    Systems without files in memory give the key itself.
    """
    if not trust.key or not _HAS_MEMORY_FILES:
        yield trust.key
        return
    with _in_memory(reading.read_file(trust.key)) as copy:
        yield copy


@contextmanager
def authorities(target: Target, trust: Trust) -> Iterator[str]:
    """Return a file of the authorities a node trusts: the plan's own, else the public ones and NODE_EXTRA_CA_CERTS."""
    import certifi

    if trust.ca:
        yield trust.ca
    elif target.extra_ca and _readable(target.extra_ca):
        both = reading.read_file(certifi.where()) + b"\n" + reading.read_file(target.extra_ca)
        with (_in_memory if _HAS_MEMORY_FILES else _in_a_folder)(both) as copy:
            yield copy
    else:
        yield certifi.where()


@contextmanager
def _in_memory(data: bytes) -> Iterator[str]:
    """Return a file that is in memory alone, so that nothing of it is left wherever this program ends."""
    with os.fdopen(os.memfd_create("ncw-check"), "wb") as copy:
        os.fchmod(copy.fileno(), 0o600)
        copy.write(data)
        copy.flush()
        yield f"/proc/self/fd/{copy.fileno()}"


@contextmanager
def _in_a_folder(data: bytes) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="ncw-check-") as folder:
        copy = Path(folder) / "copy.pem"
        copy.write_bytes(data)
        yield str(copy)


def tls_context(target: Target, trust: Trust) -> ssl.SSLContext:
    """Return the TLS settings as NocoBase's driver has them.

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
        context.load_cert_chain(trust.cert, trust.key, password="")
    return context
