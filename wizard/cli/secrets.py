"""Command secrets: what keeps which secret of a cluster; a value is shown on a terminal alone, and only when asked."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from wizard.app.gather_secrets import gather_secrets
from wizard.app.kept_secrets import KeptSecretsError, Place, Stores, name_of, named
from wizard.app.open_source import OpenedSource
from wizard.app.outside_secrets import references
from wizard.app.secret_references import ReferError, refer
from wizard.cli import passphrase
from wizard.cli.codes import EndError, ExitCode
from wizard.cli.output import say, write
from wizard.cli.sources import opened_source
from wizard.guide.reports.style import printable
from wizard.plan.i18n import listing, mark, tr
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.storage import log_filter
from wizard.storage.secret_store import open_secret_store
from wizard.storage.secret_store.encrypted_file import EncryptedFileStore, file_of

LONGEST = 1 << 20
"""Bytes that are read as a value from standard input: no key is longer."""

_TITLES = {Place.KEYRING: mark("keyring"), Place.FILE: mark("encrypted file")}


def secrets(options: argparse.Namespace) -> int:
    """Do the command and return the exit code."""
    opened = opened_source(options.cluster)
    stores = _stores(opened.plan)
    try:
        match options.action:
            case "list":
                _list(opened, stores, show=options.show)
            case "set" if options.outside is not None:
                _refer(options.cluster, opened, options.name, options.outside)
            case "set":
                if stores.keyring is None and not options.into:
                    say(stores.reason)  # so it goes into the encrypted file
                _set(stores, options.name, Place(options.into or stores.default()))
            case "remove":
                _remove(options.cluster, opened, stores, options.name)
            case _:
                _move(stores, options.name, Place(options.to))
    except KeptSecretsError as error:
        raise EndError(str(error)) from error
    return ExitCode.OK


def _stores(plan: Plan) -> Stores:
    opened = open_secret_store()
    keyring = opened.secret_store if opened.secret_store.persistent else None
    path = file_of(plan.id)

    @cache
    def file() -> EncryptedFileStore:
        """Open the file with a passphrase; a wrong one is asked for again on a terminal."""
        if not path.exists():
            return EncryptedFileStore(passphrase.chosen(path))
        found = passphrase.opened(path, lambda given: _tried(EncryptedFileStore(given), plan))
        if found is None:
            raise EndError(passphrase.no_passphrase(path))
        return found

    return Stores(plan, keyring, opened.reason, file, path.exists)


def _tried(store: EncryptedFileStore, plan: Plan) -> EncryptedFileStore:
    """Return the store once its passphrase opens the file; raises SecretStoreError."""
    store.all(plan.id)
    return store


def _list(opened: OpenedSource, stores: Stores, *, show: bool) -> None:
    if show and not (sys.stdout and sys.stdout.isatty()):
        raise EndError(tr("Values are shown on a terminal alone."))
    plan = opened.plan
    environment = gather_secrets(plan, {})
    source = gather_secrets(plan, opened.secrets, environ={})
    keyring = stores.values(Place.KEYRING)
    lost, (file, locked), elsewhere = stores.lost(keyring), _file_values(stores), references(plan)
    rows: list[tuple[str, str, Secret | None]] = []
    for name in dict.fromkeys([*named(plan), *keyring, *file, *lost]):
        outside = elsewhere.get(name)
        places = (
            (tr("environment"), environment),
            (tr("the source itself"), source),
            (tr(_TITLES[Place.KEYRING]), keyring),
            (tr(_TITLES[Place.FILE]), file),
        )
        titles = [title for title, values in places if name in values]
        titles += [outside] if outside else []
        value = next((values[name] for _title, values in places if name in values), None)
        words = listing(titles) or _missing(lost=name in lost, locked=locked)
        rows.append(
            (name, words if name in named(plan) else tr("{places}; the plan no longer names it", places=words), value)
        )
    write(_table(rows, show=show), None)
    if stores.keyring is None:
        say(stores.reason)


def _missing(*, lost: bool, locked: bool) -> str:
    if lost:
        return tr("lost: the keyring has it no longer")
    return tr("not known: the encrypted file is closed") if locked else tr("nowhere")


def _file_values(stores: Stores) -> tuple[dict[str, Secret], bool]:
    """Return what the encrypted file has, and whether nobody gives its passphrase: then say so and go on."""
    if not stores.has_file():
        return {}, False
    if not passphrase.from_environment() and not passphrase.at_terminal():
        say(passphrase.no_passphrase(file_of(stores.plan.id)))
        return {}, True
    return stores.values(Place.FILE), False


def _table(rows: Iterable[tuple[str, str, Secret | None]], *, show: bool) -> str:
    found = list(rows)
    width = max((len(name) for name, _words, _value in found), default=0)
    lines = []
    for name, words, value in found:
        lines.append(printable(f"{name:<{width}}  {words}"))
        if show and value is not None:
            lines.append(f"  {printable(value.reveal())}")
    return "\n".join([*lines, ""])


def _set(stores: Stores, word: str, place: Place) -> None:
    name = name_of(stores.plan, word)
    if name is None:
        raise EndError(_unknown(stores.plan, word))
    if outside := references(stores.plan).get(name):
        says = tr("The plan takes {name} from {reference}. Remove that first.", name=name, reference=outside)
        raise EndError(printable(says))
    stores.put(name, _value(name), place)
    say(tr("{name} is kept in: {place}.", name=name, place=tr(_TITLES[place])))


def _value(name: str) -> Secret:
    """Return the value from a prompt, or else from standard input without its last line end; raises EndError."""
    if passphrase.at_terminal():
        secret = passphrase.asked(tr("Value of {name}: ", name=printable(name)))
    else:
        data = sys.stdin.buffer.read(LONGEST + 1) if sys.stdin else b""
        if len(data) > LONGEST:
            raise EndError(tr("The value is longer than {most} bytes.", most=LONGEST))
        try:
            secret = Secret(data.decode().removesuffix("\n").removesuffix("\r"))
        except UnicodeDecodeError:
            raise EndError(tr("The value is not text in UTF-8.")) from None
        log_filter.learn([secret])
    if not secret:
        raise EndError(tr("No value was given, so nothing was changed."))
    return secret


def _refer(source: str, opened: OpenedSource, word: str, reference: str) -> None:
    name = name_of(opened.plan, word)
    if name is None:
        raise EndError(_unknown(opened.plan, word))
    file = _noted(source, opened, name, reference)
    says = tr("{name} comes from {reference}; that stands in {file}.", name=name, reference=reference, file=file)
    say(says)


def _noted(source: str, opened: OpenedSource, name: str, reference: str) -> Path:
    try:
        return refer(source, opened, name, reference)
    except ReferError as error:
        raise EndError(str(error)) from error


def _remove(source: str, opened: OpenedSource, stores: Stores, words: list[str]) -> None:
    names = [name_of(stores.plan, word) or word for word in words]
    gone = stores.remove(names)
    for name in names:
        if name in references(opened.plan):
            _noted(source, opened_source(source), name, "")
            gone.append(name)
    if absent := [name for name in names if name not in gone]:
        raise EndError(tr("Kept nowhere: {names}.", names=listing(map(printable, absent))))
    say(tr("Removed: {names}.", names=listing(dict.fromkeys(gone))))


def _move(stores: Stores, words: list[str], target: Place) -> None:
    names = [name_of(stores.plan, word) or word for word in words]
    moved = stores.move(names, target)
    if absent := [name for name in names if name not in moved]:
        raise EndError(tr("Not moved, as it is not there: {names}.", names=listing(map(printable, absent))))
    place = tr(_TITLES[target])
    says = (
        tr("Moved to {place}: {names}.", place=place, names=listing(moved))
        if moved
        else tr("There is nothing to move.")
    )
    say(says)


def _unknown(plan: Plan, word: str) -> str:
    names = listing(map(printable, named(plan))) or "–"
    return tr("The plan names no secret “{word}”. It names: {names}.", word=printable(word), names=names)
