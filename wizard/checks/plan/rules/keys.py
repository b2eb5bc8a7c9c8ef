"""Rules on the keys that all nodes share (docs/nocobase.md, "Keys")."""

from __future__ import annotations

import re

from wizard.checks.plan.rule import Rule
from wizard.checks.plan.specs import AES_KEY, APP_KEY, ROOT_PASSWORD
from wizard.formats.shell import file_word
from wizard.plan.env_text import is_unfilled
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.guessed_first import is_guessed_first
from wizard.plan.i18n import tr
from wizard.plan.placeholders import is_command, is_placeholder, is_variable_of_kubernetes
from wizard.plan.plan import Plan
from wizard.plan.remedy import Remedy, commands, steps
from wizard.plan.secret import Secret, SecretRef, Secrets
from wizard.plan.secret_hints import how_to_give
from wizard.plan.spec import Spec

PUBLIC_KEYS = frozenset({"test-jwt-secret", "test-key", "your-secret-key"})
SHORTEST_KEY = 32
DEFAULT_ROOT_PASSWORD = "admin123"  # noqa: S105 - NocoBase's published default, to be refused
_GENERATE_KEY = "openssl rand -base64 48 | tr -d '/+=\\n' | cut -c1-48"


def _value(plan: Plan, secrets: Secrets, key: str) -> tuple[bool, Secret | None]:
    """Return whether the plan has the secret at all, and its value if that is at hand.

    A further variable gives it to the nodes, too; an empty one does not.
    """
    names = plan.setting(key).env
    found = plan.get(key) or next((extra.value for extra in plan.extras if extra.name in names), None)
    if isinstance(found, SecretRef):
        return True, secrets.get(found.name)
    return (True, Secret(found)) if found else (False, None)


def _not_at_hand(plan: Plan, spec: Spec, name: str, key: str) -> Finding:
    return spec.unknown(
        tr("{name} is not at hand, so it could not be looked at.", name=name),
        error=ErrorKind.MISSING,
        remedy=how_to_give(plan, key),
        facts={"setting": key},
        lacks=key,
    )


def _app_key(plan: Plan, secrets: Secrets) -> Finding:
    key = "application.app_key"
    facts = {"setting": key}
    planned, secret = _value(plan, secrets, key)
    if not planned:
        return APP_KEY.fail(
            tr("APP_KEY is missing: NocoBase would sign sessions with a publicly known key."),
            ErrorKind.MISSING,
            detail=tr("NocoBase's page says that a file takes its place; in its code the constant does."),
            remedy=commands(_GENERATE_KEY),
            facts=facts,
        )
    if secret is None:
        return _not_at_hand(plan, APP_KEY, "APP_KEY", key)
    value = secret.reveal()
    if value in PUBLIC_KEYS:
        return APP_KEY.fail(
            tr("APP_KEY is a publicly known key: anybody can sign in as anybody."),
            ErrorKind.CREDENTIALS,
            remedy=commands(_GENERATE_KEY),
            facts=facts,
        )
    if is_placeholder(value):
        return APP_KEY.fail(
            tr("APP_KEY still holds the remark of an exported file.")
            if is_unfilled(value)
            else of_command("APP_KEY", value)
            if is_command(value)
            else tr("APP_KEY is a placeholder of a sample: anybody who knows the sample can sign in as anybody."),
            ErrorKind.MISSING,
            remedy=commands(_GENERATE_KEY),
            facts=facts,
        )
    if len(value) < SHORTEST_KEY:
        return APP_KEY.fail(
            tr("APP_KEY has {length} characters; it needs {least} or more.", length=len(value), least=SHORTEST_KEY),
            remedy=commands(_GENERATE_KEY),
            facts=facts,
        )
    return APP_KEY.passed(tr("APP_KEY is set and has {length} characters.", length=len(value)), facts=facts)


def _aes_key(plan: Plan, secrets: Secrets) -> Finding:
    key = "application.aes_key"
    facts = {"setting": key}
    planned, secret = _value(plan, secrets, key)
    if plan.application.aes_key_path and not planned:
        return AES_KEY.info(
            tr("The encryption key comes from the file {path}.", path=plan.application.aes_key_path),
            detail=tr("It must hold 32 raw bytes and be the same file on every node; that is not tested from here."),
            facts=facts,
        )
    if not planned:
        return AES_KEY.warn(
            tr("APP_AES_SECRET_KEY is not set: the first node to start writes a key into the shared storage."),
            detail=tr("It works while every node sees the same storage; NocoBase's cluster page asks for one key set."),
            remedy=_how_to_get_aes_key(plan),
            facts=facts,
        )
    if secret is None:
        return _not_at_hand(plan, AES_KEY, "APP_AES_SECRET_KEY", key)
    if fault := _fault_of_aes_key(secret.reveal()):
        summary, error = fault
        return AES_KEY.fail(summary, error, remedy=_how_to_get_aes_key(plan), facts=facts)
    if plan.application.aes_key_path:
        return AES_KEY.warn(tr("APP_AES_SECRET_KEY and APP_AES_SECRET_KEY_PATH are both set; keep one."), facts=facts)
    return AES_KEY.passed(tr("APP_AES_SECRET_KEY has 64 hexadecimal digits."), facts=facts)


def of_command(name: str, value: str) -> str:
    """Say that a value stands in `$(…)`, in which nobody puts another in its place."""
    if is_variable_of_kubernetes(value):
        return tr(
            "{key} names a variable that its container is not given, and Kubernetes leaves it as it is.", key=name
        )
    return tr("{key} is a command of a shell, and NocoBase takes its words for the value.", key=name)


def _fault_of_aes_key(value: str) -> tuple[str, ErrorKind] | None:
    if is_placeholder(value) and not is_command(value):
        words = tr("APP_AES_SECRET_KEY is a placeholder of a sample: anybody who knows it reads what is encrypted.")
        return words, ErrorKind.MISSING
    if not re.fullmatch(r"[0-9A-Fa-f]{64}", value):
        return tr("APP_AES_SECRET_KEY is not 64 hexadecimal digits: NocoBase will not start."), ErrorKind.PROTOCOL
    return None


def _how_to_get_aes_key(plan: Plan) -> Remedy:
    """Return both ways: with a new key an installed cluster could not read what it encrypted with the one it has."""
    file = f"{plan.storage.path.rstrip('/') or 'storage'}/apps/main/aes_key.dat"
    installed = steps(tr("Installed already: the key it has"), f"xxd -p -c 64 {file_word(file)}")
    return commands(installed, steps(tr("A new cluster: a new key"), "openssl rand -hex 32"))


def _root_password(plan: Plan, secrets: Secrets) -> Finding:
    key = "application.root_password"
    facts = {"setting": key}
    planned, secret = _value(plan, secrets, key)
    if not planned:
        return ROOT_PASSWORD.warn(
            tr("INIT_ROOT_PASSWORD is not set: a first installation gives the admin the published default."),
            detail=tr("It counts at the first installation only; for an installed cluster this is no concern."),
            facts=facts,
        )
    if secret is None:
        return _not_at_hand(plan, ROOT_PASSWORD, "INIT_ROOT_PASSWORD", key)
    if is_placeholder(secret.reveal()):
        return ROOT_PASSWORD.fail(
            of_command("INIT_ROOT_PASSWORD", secret.reveal())
            if is_command(secret.reveal())
            else tr("INIT_ROOT_PASSWORD is a placeholder of a sample."),
            ErrorKind.CREDENTIALS,
            facts=facts,
        )
    if secret.reveal() == DEFAULT_ROOT_PASSWORD:
        return ROOT_PASSWORD.fail(
            tr("INIT_ROOT_PASSWORD is NocoBase's published default."), ErrorKind.CREDENTIALS, facts=facts
        )
    if is_guessed_first(secret.reveal()):
        return ROOT_PASSWORD.warn(tr("INIT_ROOT_PASSWORD is a password that is guessed first."), facts=facts)
    return ROOT_PASSWORD.passed(tr("INIT_ROOT_PASSWORD is set and is not the default."), facts=facts)


RULES = (
    Rule(_app_key, ("application.app_key",)),
    Rule(_aes_key, ("application.aes_key", "application.aes_key_path")),
    Rule(_root_password, ("application.root_password",)),
)
