"""The passphrase of an encrypted file: from a variable or a prompt on a terminal, never from an argument."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TypeVar

from wizard.cli.codes import EndError
from wizard.cli.output import say
from wizard.plan.i18n import tr
from wizard.plan.secret import Secret
from wizard.storage import log_filter
from wizard.storage.age_text import WrongPassphraseError
from wizard.storage.secret_store import SecretStoreError

T = TypeVar("T")

VARIABLE = "NCW_PASSPHRASE"
TRIES = 3
"""How often a terminal is asked for the passphrase of one file."""


def at_terminal() -> bool:
    """Whether a person can be asked."""
    return all(stream and stream.isatty() for stream in (sys.stdin, sys.stderr))


def asked(prompt: str) -> Secret | None:
    """Ask a person for a secret, without showing it; None where nothing was entered."""
    try:
        return _learned(hidden(prompt))
    except EOFError:  # Ctrl-D
        return None


def hidden(prompt: str) -> str:
    """Return what a person types, which the terminal does not show. Raises EOFError at Ctrl-D."""
    from getpass import getpass

    try:
        return getpass(prompt, stream=sys.stderr)
    except (EOFError, KeyboardInterrupt):
        print(file=sys.stderr)  # what is said next begins a line
        raise


def from_environment() -> Secret | None:
    """Return the passphrase in the variable; None where it is not set."""
    return _learned(os.environ.get(VARIABLE, ""))


def given(file: object) -> Secret | None:
    """Return the passphrase that opens `file`: the variable's, else what a person answers; None where nobody can."""
    found = from_environment()
    if found or not at_terminal():
        return found
    return asked(tr("Passphrase of {file} (empty: go on without): ", file=file))


def opened(file: object, attempt: Callable[[Secret], T]) -> T | None:
    """Return what `attempt` makes of the passphrase of `file`; None where nobody gives one. Raises EndError.

    After a wrong one a terminal is asked again.
    """
    for left in reversed(range(TRIES)):
        secret = given(file)
        if secret is None:
            break
        try:
            return attempt(secret)
        except SecretStoreError as error:
            if from_environment() or not left or not isinstance(error, WrongPassphraseError):
                raise EndError(str(error)) from None
            say(error)
    return None


def chosen(file: object) -> Secret:
    """Return the passphrase for a new `file`, which a person types twice; raises EndError where there is none."""
    if found := from_environment():
        return found
    if not at_terminal():
        raise EndError(no_passphrase(file))
    first = asked(tr("New passphrase for {file}: ", file=file))
    if not first:
        raise EndError(tr("No passphrase was given, so nothing was written."))
    if asked(tr("The same once more: ")) != first:
        raise EndError(tr("The two passphrases differ, so nothing was written."))
    return first


def no_passphrase(file: object) -> str:
    """Say how to give the passphrase where nobody can be asked."""
    return tr("{file} is encrypted: give its passphrase in {variable}, or on a terminal.", file=file, variable=VARIABLE)


def _learned(text: str) -> Secret | None:
    """Return the secret, which no log shows from now on."""
    if not text:
        return None
    secret = Secret(text)
    log_filter.learn([secret])
    return secret
