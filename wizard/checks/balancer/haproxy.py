"""Let a real HAProxy test a configuration; where there is none, look at its sections."""

from __future__ import annotations

import re
from pathlib import Path

from wizard.checks.balancer import trial
from wizard.checks.balancer.trial import Parsed, Said, SyntaxFacts
from wizard.engine.facts import Trouble, attempt
from wizard.formats.sites.haproxy_text import sections
from wizard.formats.sites.model import SiteError

FILE = "haproxy.cfg"
_CERTIFICATE = re.compile(r'(?m)^(\s*bind\s.*?\scrt\s+)"([^"]+)"')


def probe(text: str, facts: SyntaxFacts) -> None:
    """Fill `facts` for a complete configuration; everything is written into a folder that goes afterwards."""
    facts.program = attempt(find_haproxy, trial.explain)
    program = None if isinstance(facts.program, Trouble) else facts.program.value
    if program:
        with trial.folder() as folder:
            facts.tested = attempt(lambda: _test(program, text, folder), trial.explain)
    else:
        facts.parsed = attempt(lambda: _parse(text), trial.explain)


def find_haproxy() -> Path | None:
    """Return the HAProxy of PATH, or of the usual folders."""
    return trial.find("haproxy")


def _test(program: Path, text: str, folder: Path) -> Said:
    text, stand_in = _with_certificates(text, folder)
    file = folder / FILE
    file.write_text(text, encoding="utf-8")
    version = re.search(r"version ([0-9][^\s-]*)", trial.run(program, "-v").stdout)
    done = trial.run(program, "-c", "-f", str(file))
    return Said(version[1] if version else "", done.returncode, done.stderr.replace(str(file), FILE), stand_in)


def _with_certificates(text: str, folder: Path) -> tuple[str, bool]:
    """Put a certificate of our own in the place of one that this machine cannot read: it is on the balancer."""
    wanted = {path for match in _CERTIFICATE.finditer(text) for path in (match[2], f"{match[2]}.key")}
    if all(trial.readable(path) or (path.endswith(".key") and not Path(path).exists()) for path in wanted):
        return text, False
    file = folder / "stand-in.pem"
    file.write_bytes(trial.own_certificate())
    return _CERTIFICATE.sub(lambda match: f'{match[1]}"{file.as_posix()}"', text), True


def _parse(text: str) -> Parsed:
    try:
        sections(text)
    except SiteError as error:
        return Parsed(str(error), error.line)
    return Parsed()
