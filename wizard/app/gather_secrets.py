"""Verb gather: the values of a plan's secrets, from where the admin has put them."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, Secrets
from wizard.plan.secret_hints import own_variables
from wizard.storage import log_filter

if TYPE_CHECKING:
    from wizard.storage.secret_store.contract import SecretStore

_log = logging.getLogger(__name__)


def gather_secrets(
    plan: Plan,
    opened: Secrets,
    secret_store: SecretStore | None = None,
    environ: Mapping[str, str] | None = None,
    secrets_file: Path | None = None,
) -> dict[str, Secret]:
    """Return the values at hand of the secrets that `plan` refers to, by the names of their references.

    A file given wins over the environment (`environ`, else the process's own), that over the source (`opened`), that
    over the secret store. A store that fails, but for a damaged entry, is left alone after its first failure, with a
    line in the log. Raises SourceError if the file cannot be read.
    """
    found: dict[str, Secret] = {}
    if secrets_file is not None:
        from wizard.app import given_secrets

        found |= given_secrets.read(plan, secrets_file)
    _add(found, _in_environment(plan, os.environ if environ is None else environ))
    _add(found, opened)
    if secret_store is not None:
        _add(found, from_secret_store(plan, secret_store, found))
    log_filter.learn(found.values())
    return found


def _in_environment(plan: Plan, environ: Mapping[str, str]) -> dict[str, Secret]:
    """Return the secrets in `environ`; only where one can be part of an address are addresses looked through."""
    found: dict[str, Secret] = {}
    for name, ref in own_variables(plan):
        if environ.get(name):
            found.setdefault(ref, Secret(environ[name]))
    if not missing(plan, found):
        return found
    from wizard.formats.dotenv.recover import secrets_in

    return secrets_in(plan, environ)


def _add(found: dict[str, Secret], more: Mapping[str, Secret]) -> None:
    for name, secret in more.items():
        found.setdefault(name, secret)


def missing(plan: Plan, secrets: Secrets) -> dict[str, str]:
    """Return the references without a value: the first key each stands at, by the reference's name."""
    found: dict[str, str] = {}
    for key, ref in plan.secret_refs():
        if ref.name not in secrets:
            found.setdefault(ref.name, key)
    return found


def from_secret_store(plan: Plan, secret_store: SecretStore, known: Secrets) -> dict[str, Secret]:
    """Return what the secret store has of the secrets not `known` yet."""
    from wizard.storage.secret_store.contract import DamagedEntryError, SecretStoreError

    found: dict[str, Secret] = {}
    for name in missing(plan, known):
        try:
            secret = secret_store.get(plan.id, name)
        except DamagedEntryError as error:
            _log.warning("the secret store did not give %s: %s", name, error)
            continue
        except SecretStoreError as error:
            _log.warning("the secret store gave nothing: %s", error)
            break
        if secret is not None:
            found[name] = secret
    return found
