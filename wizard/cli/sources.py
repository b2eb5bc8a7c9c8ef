"""From a source's name on the command line to a plan with its secrets; a terminal is asked for what is missing."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from wizard.app.gather_secrets import gather_secrets, missing
from wizard.app.open_source import OpenedSource, open_sources
from wizard.cli.codes import EndError, called_as
from wizard.cli.output import say
from wizard.cli.progress import told
from wizard.formats.files import SourceError
from wizard.guide.reports.style import printable
from wizard.plan.bundle_names import SEALED
from wizard.plan.i18n import listing, tr, trn
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, Secrets
from wizard.plan.variable_names import is_usual
from wizard.storage import log_filter

_MOST_NAMED = 10


def opened_source(*sources: str) -> OpenedSource:
    """Open one source, or several that complete one another; raises EndError with the reader's sentence."""
    try:
        with told(tr("reading {sources}", sources=listing(sources))):
            return open_sources(sources)
    except SourceError as error:
        raise EndError(str(error)) from error


def collect(
    opened: OpenedSource,
    secrets_file: str | None = None,
    *,
    ask_for: Callable[[str], bool] | None = None,
    follow_all: bool = False,
) -> dict[str, Secret]:
    """Gather the secrets of the source's plan; raises EndError if the file given cannot be read.

    The secret store is opened only if something is missing without it. What is missing even then, at a setting that
    `ask_for` wants is asked for, if there is a person at a terminal. Where the plan says that a secret is elsewhere,
    that is followed as far as the admin has agreed, or wholly with `follow_all`.
    """
    plan = opened.plan
    file = Path(secrets_file) if secrets_file else None
    try:
        secrets = gather_secrets(plan, opened.secrets, secrets_file=file)
    except SourceError as error:
        raise EndError(str(error)) from error
    if file:
        _tell_of_file(plan, file)
    if opened.sealed and missing(plan, secrets):
        secrets = _in_bundle(opened) | secrets
    if ask_for:
        names = [name for name, key in missing(plan, secrets).items() if ask_for(key)]
        secrets |= _outside(plan, names, secrets, follow_all=follow_all)
    reason = ""
    if missing(plan, secrets):
        secrets, reason = _in_stores(plan, secrets)
    if ask_for and missing(plan, secrets):
        from wizard.cli.passphrase import at_terminal

        if at_terminal():
            secrets |= _asked(plan, missing(plan, secrets), ask_for)
            log_filter.learn(secrets.values())
        absent = {name: key for name, key in missing(plan, secrets).items() if ask_for(key)}
        _tell(sorted(absent.values()), reason)
        _tell_of_bundle(opened, absent)
    return secrets


def _in_stores(plan: Plan, secrets: Secrets) -> tuple[dict[str, Secret], str]:
    """Return the secrets and those that are kept here, and why the keyring cannot be used, if it cannot."""
    from wizard.storage.secret_store import open_secret_store

    opened = open_secret_store()
    found = gather_secrets(plan, secrets, opened.secret_store, environ={})
    return found | (_in_encrypted_file(plan, found) if missing(plan, found) else {}), opened.reason


def _outside(plan: Plan, names: list[str], known: Secrets, *, follow_all: bool) -> dict[str, Secret]:
    """Return what is where the plan says it is, as far as the admin agrees, and say why the rest is not at hand."""
    if not any(ref.outside for _key, ref in plan.secret_refs()):
        return {}
    from wizard.app.outside_secrets import follow

    found = follow(plan, names, known, all_allowed=follow_all)
    for name, reason in found.failed.items():
        say(f"{name}: {reason}")
    for name, reference in found.refused.items():
        says = tr(
            "{name} is to come from {reference}, which is followed only if you say so: with --follow-references, or "
            "once and for all with: {program} secrets set CLUSTER {name} --from REFERENCE",
            name=name,
            reference=reference,
            program=called_as(),
        )
        say(says)
    return found.values


def _in_bundle(opened: OpenedSource) -> dict[str, Secret]:
    """Return what is encrypted in a bundle, if somebody gives its passphrase."""
    from wizard.app.sealed_secrets import unsealed

    return _unlocked(f"{opened.title}/{SEALED}", lambda given: unsealed(opened, given))


def _in_encrypted_file(plan: Plan, known: Secrets) -> dict[str, Secret]:
    """Return what the cluster's encrypted file has of the secrets not known yet, if somebody gives its passphrase."""
    from wizard.app.sealed_secrets import encrypted_files, kept_encrypted

    lacking, found = missing(plan, known), dict[str, Secret]()
    for file in encrypted_files([plan.id]):
        found |= _unlocked(file, lambda given: kept_encrypted(plan.id, given))
    return {name: secret for name, secret in found.items() if name in lacking}


def _unlocked(file: str, attempt: Callable[[Secret], dict[str, Secret]]) -> dict[str, Secret]:
    """Return what `attempt` makes of the passphrase of a file; nothing, and how to give it, where nobody does."""
    from wizard.cli import passphrase

    found = passphrase.opened(file, attempt)
    if found is None:
        say(passphrase.no_passphrase(printable(file)))
    return found or {}


def _tell_of_file(plan: Plan, file: Path) -> None:
    """Say on standard error what a file that was given for its secrets has besides them, or that it has none."""
    from wizard.app import given_secrets

    names, called = given_secrets.names(plan), printable(str(file))
    if names and not given_secrets.read(plan, file):
        say(
            tr(
                "{file} holds none of this plan's secrets. It is read for: {names}.",
                file=called,
                names=listing(names),
            )
        )
    left = given_secrets.passed_over(plan, file)
    for found, meant in left[:_MOST_NAMED]:
        say(_passed_over(called, found.line, printable(found.name), meant))
    if len(left) > _MOST_NAMED:
        more = len(left) - _MOST_NAMED
        say(trn("{count} more line is passed over.", "{count} more lines are passed over.", count=more))


def _passed_over(file: str, line: int, name: str, meant: str | None) -> str:
    if meant == "" and not is_usual(name):
        return tr(
            "{file} line {line} is passed over, as what stands there does not look like a variable.",
            file=file,
            line=line,
        )
    if meant is None:
        return tr(
            "{file} line {line}: {name} is passed over, as its address is not the plan's, or has no password.",
            file=file,
            line=line,
            name=name,
        )
    if meant:
        return tr(
            "{file} line {line}: {name} is passed over; {other} may be meant.",
            file=file,
            line=line,
            name=name,
            other=meant,
        )
    return tr(
        "{file} line {line}: {name} is passed over, as this plan has no such secret.", file=file, line=line, name=name
    )


def _tell(keys: list[str], reason: str) -> None:
    """Say on standard error which values are not at hand, and why the keyring gave none if it could not be asked."""
    if keys:
        say(tr("Not at hand: {keys}.", keys=listing(keys)), reason)


def _tell_of_bundle(opened: OpenedSource, absent: Collection[str]) -> None:
    """Say where in a bundle a value is that is not at hand, as its script was not run yet."""
    if not (opened.bundle and absent):
        return
    from wizard.app import given_secrets
    from wizard.export.secrets_file import SCRIPT

    if file := given_secrets.waiting(opened.plan, opened.bundle, absent):
        says = tr(
            "What {file} holds is not in the env files yet: run {script} beside it, or name it with --secrets-file.",
            file=printable(str(file)),
            script=SCRIPT,
        )
        say(says)


def _asked(plan: Plan, absent: dict[str, str], ask_for: Callable[[str], bool]) -> dict[str, Secret]:
    from wizard.cli.passphrase import hidden

    found: dict[str, Secret] = {}
    for name, key in absent.items():
        if not ask_for(key):
            continue
        label = _label(plan, key)
        try:
            answer = hidden(tr("{label} ({key}; empty: go on without): ", label=label, key=key))
        except EOFError:  # Ctrl-D: nothing more will be typed
            break
        if answer:
            found[name] = Secret(answer)
    return found


def _label(plan: Plan, key: str) -> str:
    """Return the words for a secret; a variable that no setting covers has none but its name."""
    try:
        return tr(plan.setting(key).label)
    except KeyError:
        return key
