"""Rules on variables beyond the settings, and on the remarks of an exported file that are still in a value."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.checks.plan.rule import Rule
from wizard.checks.plan.rules.keys import of_command
from wizard.checks.plan.specs_read import UNFILLED, UNKNOWN_VARIABLES
from wizard.checks.shared.unread import label
from wizard.pattern import pattern
from wizard.plan.believed import believed
from wizard.plan.env_text import PLACEHOLDERS, is_unfilled
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.guessed_first import is_guessed_first
from wizard.plan.i18n import tr
from wizard.plan.placeholder_places import SAMPLES, is_placeholder_of_a_host, is_placeholder_of_a_mail_address
from wizard.plan.placeholders import (
    is_bracketed,
    is_command,
    is_path,
    is_placeholder,
    is_placeholder_of_an_account,
    is_variable_of_kubernetes,
)
from wizard.plan.plan import Plan
from wizard.plan.remedy import Remedy, advice, commands
from wizard.plan.secret import SecretRef, Secrets
from wizard.plan.variables import alike, known_variables, named_like_a_secret

_ACCOUNTS = ("user", "username", "database.name", "_BUCKET", "INIT_ROOT_USERNAME")
_HOSTS = (".host",)
_MAILS = ("root_email", "licence.username", "INIT_ROOT_EMAIL")
"""How the keys of settings and the names of variables end that name an account, its place, an address of e-mail."""
_CALLED_A_SECRET = pattern(
    r"(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|(?:^|_)(?:PASS|PWD|PW|SALT|JWT|CRED(?:ENTIAL)?S?)|ACCESS_?KEY_?ID"
    r"|(?:^|_)(?:API|ACCESS|SECRET|PRIVATE|AUTH|SIGNING|ENCRYPTION)?KEY)(?:_?[0-9]+|_(?:PROD|DEV|OLD|NEW))?$"
)
"""Further variables whose value is a secret: many more are hidden, of which TOKEN_TYPE and KEYCLOAK_REALM hold none."""
_GENERATE = {
    "application.app_key": "openssl rand -base64 48 | tr -d '/+=\\n' | cut -c1-48",
    "application.aes_key": "openssl rand -hex 32",
}


def _unknown(plan: Plan, _secrets: Secrets) -> Iterator[Finding]:
    known = {*known_variables(), plan.queue.url_variable}
    names = [extra.name for extra in plan.extras if extra.name not in known and not believed(extra.name)]
    for name in names:
        facts = {"setting": name}
        if near := alike(name):
            yield UNKNOWN_VARIABLES.warn(
                tr("NocoBase is not known to read {name}. Did you mean {near}?", name=name, near=near),
                subject=name,
                remedy=advice(tr("Rename {name} to {near}.", name=name, near=near)),
                facts={**facts, "near": near},
            )
        else:
            yield UNKNOWN_VARIABLES.info(
                tr("NocoBase is not known to read {name}.", name=name),
                subject=name,
                detail=tr("It is kept as it is. A plug-in or another program may read it; its value is hidden.")
                if any(isinstance(extra.value, SecretRef) for extra in plan.extras if extra.name == name)
                else tr("It is kept as it is. A plug-in or another program may read it."),
                facts=facts,
            )
    if not names:
        yield UNKNOWN_VARIABLES.passed(tr("NocoBase is known to read every further variable."))


def _of_brackets(value: str) -> str:
    """Say who puts what in the place of a value in `$(…)`."""
    if is_variable_of_kubernetes(value):
        return tr("Kubernetes puts in what “envFrom”, or an entry above in “env”, gives the container under that name.")
    return tr("Only a shell that reads the file itself runs the command; NocoBase's own reader runs nothing.")


def _unfilled(plan: Plan, secrets: Secrets) -> Iterator[Finding]:
    values = [(key, value) for key, value in _values(plan, secrets) if not plan.is_expression(key)]
    found = [key for key, value in values if is_unfilled(value)]
    samples = {key: value for key, value in values if not is_unfilled(value) and _is_of_a_sample(plan, key, value)}
    paths = [key for key, value in values if key not in samples and is_path(value) and _is_no_path(plan, key)]
    guessed = [key for key, value in values if key not in samples and _is_guessed_first(plan, key, value)]
    first: dict[tuple[str, str], str] = {}
    for key, value in samples.items():
        alike = first.setdefault((key.partition(".")[0], value), key)
        made_up = key in _GENERATE or is_command(value)
        yield _of_sample(plan, key, value, cause=f"sample {alike}" if made_up else SAMPLES)
    for key in found:
        yield _of_remark(key)
    for key in paths:
        yield _of_path(plan, key)
    for key in guessed:
        yield _of_guess(plan, key)
    if not found and not samples and not paths and not guessed:
        yield UNFILLED.passed(tr("No value at hand is a placeholder of a sample or of an exported file."))


def _of_sample(plan: Plan, key: str, value: str, *, cause: str) -> Finding:
    """Return what is said of a sample's words."""
    of_shell = is_command(value)
    return UNFILLED.fail(
        of_command(label(plan, key), value)
        if of_shell
        else tr("{key} is a placeholder of a sample, not a value of your own.", key=label(plan, key)),
        ErrorKind.MISSING,
        subject=key,
        detail=_of_brackets(value)
        if of_shell
        else tr("Samples have such words, signs or repeated figures where everybody is to write their own."),
        remedy=_own_value(plan, key),
        facts={"setting": key},
        cause=cause,
    )


def _of_remark(key: str) -> Finding:
    return UNFILLED.fail(
        tr("{key} still holds the remark of an exported file.", key=key),
        ErrorKind.MISSING,
        subject=key,
        detail=tr("Its value contains {words}.", words=" / ".join(f"“{words}”" for words in PLACEHOLDERS)),
        remedy=advice(tr("Replace the whole value by the secret itself.")),
        facts={"setting": key},
    )


def _of_guess(plan: Plan, key: str) -> Finding:
    return UNFILLED.warn(
        tr("{key} is a secret that is guessed first, whoever tries.", key=label(plan, key)),
        subject=key,
        detail=tr(
            "It is a common word, a name that stands beside it, or a row of keys, with a few figures at most. A "
            "sample may have it, too."
        ),
        remedy=_own_value(plan, key),
        facts={"setting": key},
    )


def _of_path(plan: Plan, key: str) -> Finding:
    return UNFILLED.fail(
        tr("{key} is the path of a file, and NocoBase takes the path itself for the value.", key=label(plan, key)),
        ErrorKind.MISSING,
        subject=key,
        detail=tr(
            "NocoBase opens no file for it: a server refuses the path as a password, and a key that is a path is "
            "guessed."
        ),
        remedy=advice(tr("Write what is in the file at {key}.", key=label(plan, key))),
        facts={"setting": key},
    )


def _is_no_path(plan: Plan, key: str) -> bool:
    """Whether a path is nothing that NocoBase opens there, as it does where a key of TLS is named."""
    return _is_secret(plan, key) and _KEY_OF_TLS.search(key.upper()) is None


_KEY_OF_TLS = pattern(r"SSL|TLS|PRIVATE|CERT|_PATH$|_FILE$")
_NAMES_BESIDE = ("user", "username", "name")


def _is_of_a_sample(plan: Plan, key: str, value: str) -> bool:
    if _is_secret(plan, key):
        return is_placeholder(value)
    return (
        (key.endswith(_ACCOUNTS) and is_placeholder_of_an_account(value))
        or (key.endswith(_HOSTS) and is_placeholder_of_a_host(value))
        or (key.endswith(_MAILS) and is_placeholder_of_a_mail_address(value))
        or (key in known_variables() and not plan.problem(key) and is_bracketed(value) and not is_command(value))
    )


def _is_secret(plan: Plan, key: str) -> bool:
    try:
        return plan.setting(key).secret
    except KeyError:  # a further variable; one that is believed in and not read decides nothing
        is_one = key in known_variables() or _CALLED_A_SECRET.search(key.upper()) is not None
        return named_like_a_secret(key) and is_one and not believed(key)


def _is_guessed_first(plan: Plan, key: str, value: str) -> bool:
    """Whether a secret is; how long the keys are is told on their own, and so is the first admin's password."""
    if not _is_secret(plan, key) or key.startswith("application."):
        return False
    return is_guessed_first(value) or value.lower() in _names_beside(plan, key)


def _names_beside(plan: Plan, key: str) -> set[str]:
    """Return the names that stand beside a password, and that everybody tries: of its account, and of its database."""
    group = key.rpartition(".")[0]
    beside = [f"{group}.{name}" for name in _NAMES_BESIDE] if group else []
    return {str(name).lower() for one in beside if plan.has_setting(one) and (name := plan.get(one))}


def _own_value(plan: Plan, key: str) -> Remedy:
    """Return what makes a secret where one can be made up; an account is what its server has."""
    if key in {"application.app_key", "application.aes_key"}:
        return commands(_GENERATE[key])
    return advice(tr("Write your own value at {key}, and the same where it is used.", key=label(plan, key)))


def _values(plan: Plan, secrets: Secrets) -> Iterator[tuple[str, str]]:
    for key, ref in plan.secret_refs():
        if secret := secrets.get(ref.name):
            yield key, secret.reveal()
    servers = {plan.redis.endpoint_key(role) for role in plan.redis_roles}
    for key, setting, value in plan.settings():
        own = key.startswith("redis.") and key.rpartition(".")[0] in servers
        if isinstance(value, str) and (setting.env or own or key.endswith(_HOSTS)) and (own or key[:6] != "redis."):
            yield key, value
    for extra in plan.extras:
        if not isinstance(extra.value, SecretRef):
            yield extra.name, extra.value


RULES = (
    Rule(_unknown, ("queue.url_variable",)),
    Rule(_unfilled, None),
)
