"""Secrets that the plan says are elsewhere: `env:NAME`, `file:PATH`, `cmd:COMMAND`. Read when needed, never kept.

A plan from somebody else could name any file, variable or program of this machine, and the addresses to send it to. So
a reference is followed only with the admin's consent: for one call, or for this very reference (`storage.consents`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field

from wizard.dataclass import dataclass
from wizard.net.transport import LAST_WORDS, TransportError, ask
from wizard.plan.i18n import sentences, tr
from wizard.plan.plan import Plan
from wizard.plan.quoted import hiding
from wizard.plan.redact import Redactor
from wizard.plan.secret import Secret, Secrets
from wizard.plan.secret_places import Kind, parts, words_of
from wizard.reading import path_of, read_file
from wizard.storage import log_filter
from wizard.storage.consents import Consents

SECONDS = 30.0
"""How long a command may take: a key ring of GnuPG may ask for its passphrase meanwhile."""

LARGEST = 64 * 1024
"""Bytes of a secret."""

_FIRST_LINE = {"pass", "gopass"}
"""Programs whose entries have the password on the first line, and remarks below."""


class OutsideError(Exception):
    """A reference gave no secret; the message is a sentence, and quotes none."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What references gave: values by name, those not followed for want of consent, and why others gave nothing."""

    values: dict[str, Secret] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


def references(plan: Plan) -> dict[str, str]:
    """Return the references to outside stores, by the names of the secrets."""
    found: dict[str, str] = {}
    for _key, ref in plan.secret_refs():
        if ref.outside:
            found.setdefault(ref.name, ref.outside)
    return found


def follow(
    plan: Plan,
    names: Iterable[str],
    known: Secrets,
    *,
    all_allowed: bool = False,
    consents: Consents | None = None,
) -> Outside:
    """Follow the references of the secrets `names`, as far as the admin has agreed; `known` secrets are hidden."""
    consents, every, outside = consents or Consents(), references(plan), Outside()
    for name in names:
        reference = every.get(name)
        if not reference:
            continue
        if not all_allowed and not consents.given(plan.id, name, reference):
            outside.refused[name] = reference
            continue
        try:
            outside.values[name] = read(reference, {**known, **outside.values})
        except OutsideError as error:
            outside.failed[name] = str(error)
    log_filter.learn(outside.values.values())
    return outside


def read(reference: str, known: Secrets, environ: Mapping[str, str] | None = None) -> Secret:
    """Return the secret at a reference; raises OutsideError."""
    kind, named = parts(reference)
    readers: Mapping[Kind, Callable[[], str]] = {
        Kind.ENV: lambda: _variable(named, os.environ if environ is None else environ),
        Kind.FILE: lambda: _file(named),
        Kind.CMD: lambda: _command(named, known),
    }
    value = readers[kind]()
    if not value:
        raise OutsideError(tr("{reference} gave nothing.", reference=reference))
    return Secret(value)


def _variable(name: str, environ: Mapping[str, str]) -> str:
    if name not in environ:
        raise OutsideError(tr("The variable {name} is not set.", name=name))
    return environ[name]


def _file(name: str) -> str:
    try:
        return _text(read_file(path_of(name), LARGEST), name)
    except OSError as error:
        raise OutsideError(tr("{path} cannot be read: {reason}.", path=name, reason=error.strerror or error)) from None


def _command(command: str, known: Secrets) -> str:
    words = words_of(command)
    try:
        with hiding(Redactor(known.values()).text):
            output = bytes(ask(words, b"", SECONDS).output)
    except TransportError as error:
        said = error.trouble.about[-LAST_WORDS:]
        failed = tr("“{command}” gave no secret: {reason}.", command=command, reason=error.trouble.message)
        raise OutsideError(sentences(failed, said)) from None
    if len(output) > LARGEST:
        raise OutsideError(tr("What “{command}” prints is too long for a secret.", command=command))
    text = _text(output, command)
    return text.partition("\n")[0].removesuffix("\r") if words[0].rpartition("/")[2] in _FIRST_LINE else text


def _text(data: bytes, name: str) -> str:
    """Return the text without its last line end."""
    try:
        return data.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise OutsideError(tr("What {name} holds is not text in UTF-8.", name=name)) from None
