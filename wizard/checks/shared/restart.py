"""Remedies that a server takes at its next start: the file they go into, and the certificate they may need."""

from __future__ import annotations

import shlex

from wizard.net.errors import is_address
from wizard.plan.i18n import tr


def in_file(file: str) -> str:
    """Return the words above lines of a server's configuration file that count after a restart."""
    return tr("In {file}, then start the server anew, which ends every connection:", file=file)


def own_certificate(host: str, certificate: str, key: str) -> str:
    """Return the command that makes a certificate for `host`, signed by itself, unless the file is there already."""
    bare = host.strip("[]")
    name = f"{'IP' if is_address(bare) else 'DNS'}:{bare}"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "825", "-subj", f"/CN={bare[:64]}"]
    make += ["-addext", f"subjectAltName={name}", "-keyout", key, "-out", certificate]
    return f"test -e {shlex.quote(certificate)} || {shlex.join(make)}"
