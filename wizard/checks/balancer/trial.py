"""A program that tests a configuration: where it is, how it is run, and the folder of what it is given.

A check may be abandoned at any time, and the program may end meanwhile. So at its end what still runs is stopped and
what still lies there is removed; what a killed program left is removed by the next one that finds it old.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from wizard.dataclass import dataclass
from wizard.engine.facts import PENDING, Fact, Trouble
from wizard.formats.sites.nginx_reading import FOLDER
from wizard.net.cleanup import CLEANUP
from wizard.net.errors import explain_any
from wizard.plan.child_environment import bare
from wizard.plan.finding import ErrorKind
from wizard.plan.i18n import tr
from wizard.reading import readable_size

TIMEOUT = 4.0
"""Seconds a program may take."""
LEFT_SECONDS = 60
"""Age from which a folder is one that a killed program left; a living one is there for a few programs' TIMEOUT."""
_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/usr/local/nginx/sbin", "/opt/homebrew/bin")


@dataclass(frozen=True, slots=True)
class Said:
    """What the program said: its version, its exit code, its messages, and whether a certificate was stood in for."""

    version: str
    code: int
    output: str
    stand_in: bool


@dataclass(frozen=True, slots=True)
class Parsed:
    """What the parser found: nothing, or the first error and its line."""

    error: str = ""
    line: int | None = None


@dataclass(slots=True)
class SyntaxFacts:
    """The program found (None: there is none), and what it said; else what the parser found."""

    program: Fact[Path | None] = PENDING
    tested: Fact[Said] = PENDING
    parsed: Fact[Parsed] = PENDING


def find(name: str) -> Path | None:
    """Return the program of PATH, or of the usual folders."""
    found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(_FOLDERS))
    return Path(found) if found else None


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """Return a private folder that goes afterwards, and at the program's end at the latest."""
    _remove_left()
    made = Path(tempfile.gettempdir(), FOLDER + secrets.token_hex(8))
    with CLEANUP.pending(lambda: shutil.rmtree(made, ignore_errors=True)):
        made.mkdir(mode=0o700)
        yield made


def run(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program to its end, at most TIMEOUT seconds; raises OSError, subprocess.TimeoutExpired."""
    command = [str(program), *arguments]
    with (
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env=bare(os.environ),
        ) as process,
        CLEANUP.pending(process.kill),
    ):
        output, messages = process.communicate(timeout=TIMEOUT)
    return subprocess.CompletedProcess(command, process.returncode, output, messages)


def explain(error: Exception) -> Trouble:
    """Map what starting a program raises."""
    if isinstance(error, subprocess.TimeoutExpired):
        name = Path(error.cmd[0]).name
        return Trouble(ErrorKind.TIMEOUT, tr("{name} did not end within {seconds:g} s", name=name, seconds=TIMEOUT))
    return explain_any(error)


def readable(path: str | Path) -> bool:
    """Whether this program can read the file."""
    return readable_size(path) is not None


def own_certificate() -> bytes:
    """Return a certificate and its key in one PEM file; it is read by the test of a configuration alone."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ncw-check")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now).not_valid_after(now + timedelta(days=1))
    made = builder.sign(key, hashes.SHA256())
    encoding = serialization.Encoding.PEM
    secret = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return made.public_bytes(encoding) + secret


def _remove_left() -> None:
    old = time.time() - LEFT_SECONDS
    for path in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        with contextlib.suppress(OSError):
            if path.lstat().st_mtime < old:
                shutil.rmtree(path, ignore_errors=True)  # it refuses a link, and what is another user's stays
