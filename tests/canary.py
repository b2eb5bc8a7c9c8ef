"""Secrets that are looked for in all that the program writes and shows, in every form that they could have there."""

import base64
import contextlib
import html
import json
import os
import shlex
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

from wizard.plan.plan import Plan
from wizard.plan.secret import Secret

PLAIN = "Zq7Canary{number:02}xV4kPz9LmC"
AWKWARD = 'Zq{number:02} "<&>$(x)`y`\\%41é#;{{}}k9Lm'
_SHORTEST = 6
"""Characters of the shortest piece of a secret that counts as one."""


def canaries(plan: Plan, *kinds: str) -> dict[str, Secret]:
    """Return a secret of its own for every reference of a plan, by its name; the kinds take turns."""
    names = sorted({ref.name for _key, ref in plan.secret_refs()})
    return {name: Secret(kinds[number % len(kinds)].format(number=number)) for number, name in enumerate(names)}


def forms(value: str) -> Iterator[str]:
    """Go through the forms of a value: as it is, percent, base64 at three offsets, hex, JSON, HTML, shell, Python."""
    raw = value.encode()
    percent = (quote(value, safe=""), quote(value), quote_plus(value))
    yield from (value, raw.hex(), raw.hex().upper(), json.dumps(value)[1:-1], html.escape(value), shlex.quote(value))
    yield from (*percent, *map(str.lower, percent), json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1])
    yield html.escape(value, quote=False)
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for offset in range(3):  # what stands before it and behind it changes the first and the last characters
            yield encode(b"\0" * offset + raw).decode()[4 if offset else 0 : -4]


def found(secrets: Iterable[Secret], texts: Iterable[tuple[str, bytes]]) -> list[str]:
    """Name the texts in which a secret stands, in any form, each with the secret's number and the form's."""
    looked_for = {
        (number, at): form.encode()
        for number, secret in enumerate(secrets)
        for at, form in enumerate(forms(secret.reveal()))
        if len(form) >= _SHORTEST
    }
    looked_at: dict[bytes, str] = {}
    for name, data in texts:
        looked_at.setdefault(data, name)
    together = b"\0".join(looked_at)
    seen = {key: form for key, form in looked_for.items() if form in together}
    return [
        f"{name}: secret {number}, form {at}"
        for data, name in looked_at.items()
        for (number, at), form in seen.items()
        if form in data
    ]


def files_below(folder: Path, but: Iterable[Path] = ()) -> Iterator[tuple[str, bytes]]:
    """Go through the files below a folder, their names too, but for those that are to hold secrets."""
    left_out = [*but]
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(path == one or one in path.parents for one in left_out):
            yield str(path.relative_to(folder)), path.name.encode() + b"\n" + path.read_bytes()


_heard: list[list[tuple[str, bytes]]] = []
"""Those who want to hear of each program that is started; a hook of the interpreter is there for good."""
_STARTS = {"subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.system"}


def _hear(event: str, given: tuple[object, ...]) -> None:
    if event in _STARTS and _heard:
        environment = given[-1] if isinstance(given[-1], dict) else dict(os.environ)
        for told in _heard:
            told.append((f"{event} of {given[0]!r}: arguments", repr(given[:-1]).encode()))
            told += [(f"{event} of {given[0]!r}: {name}", str(value).encode()) for name, value in environment.items()]


@contextlib.contextmanager
def children() -> Iterator[list[tuple[str, bytes]]]:
    """Collect the arguments and the environment of every program that is started meanwhile."""
    if not getattr(_hear, "there", False):
        sys.addaudithook(_hear)
        _hear.there = True  # type: ignore[attr-defined]
    told: list[tuple[str, bytes]] = []
    _heard.append(told)
    try:
        yield told
    finally:
        _heard.remove(told)
