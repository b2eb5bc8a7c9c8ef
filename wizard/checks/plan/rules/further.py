"""What the texts of further variables come to, where NocoBase takes them otherwise than they were meant.

By NocoBase's source: packages/core/logger/src (tried with winston 3.13), packages/core/cli-v1/src (util.js,
commands/start.js), packages/core/auth/src/auth-manager.ts; of ENCRYPTION_FIELD_KEY by the messages of its plug-in in
locales/en-US.json.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from wizard.checks.plan.specs_read import READABLE
from wizard.pattern import pattern
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, sentences, tr
from wizard.plan.pasted import may_be_pasted, without_value
from wizard.plan.plan import Plan
from wizard.plan.remedy import advice
from wizard.plan.secret import SecretRef, Secrets

_LEVELS = ("error", "warn", "info", "debug", "trace")
_FORMATS = ("console", "json", "logfmt", "delimiter")
_OF_SEVERAL_APPLICATIONS = ("supervisor", "worker")
"""Documented in NocoBase's docs/docs/en/multi-app/multi-app/remote.md."""
_ENTRY_MODES = ("legacy-default", "modern-default", "modern-only")
_NUMBER = pattern(r"\s*(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|0[xX][0-9A-Fa-f]+)\s*")
"""What JavaScript takes for a number."""
_FIELD_KEY_LENGTH = 32
_KEPT_ANYWAY = "14d"
"""What LOGGER_MAX_FILES is for daily files where it cannot be read."""

More = dict[str, Any]


def judged(plan: Plan, secrets: Secrets) -> Iterator[Finding]:
    """Go through what is to be said of further variables whose texts can be read, one finding a variable."""
    for extra in plan.extras:
        judge = _JUDGES.get(extra.name)
        if judge is None or plan.is_expression(extra.name):
            continue
        secret = secrets.get(extra.value.name) if isinstance(extra.value, SecretRef) else None
        text = secret.reveal() if secret else "" if isinstance(extra.value, SecretRef) else extra.value
        if text and (found := judge(extra.name, text, {"subject": extra.name, "facts": {"setting": extra.name}})):
            yield _without(found, text) if may_be_pasted(text) else found


def _without(found: Finding, text: str) -> Finding:
    """Return the finding without a text that may be a key or a password."""
    return replace(found, summary=without_value(found.summary, text), detail=without_value(found.detail, text))


def _one_of(name: str, allowed: tuple[str, ...], more: More) -> More:
    listed = listing(allowed)
    return {**more, "remedy": advice(tr("Write one of these at {name}: {allowed}.", name=name, allowed=listed))}


def _level(name: str, text: str, more: More) -> Finding | None:
    if text in _LEVELS:
        return None
    return READABLE.warn(
        tr("{name} is “{text}”, which is none of NocoBase's levels: nothing at all is logged.", name=name, text=text),
        detail=tr("Not even errors are, on the console and in files (tried with NocoBase's library for logs)."),
        **_one_of(name, _LEVELS, more),
    )


def _format(name: str, text: str, more: More) -> Finding | None:
    if text in _FORMATS:
        return None
    return READABLE.fail(
        tr("{name} is “{text}”, which is none of NocoBase's formats: it does not start.", name=name, text=text),
        ErrorKind.OTHER,
        detail=tr("Its library for logs then ends with “No transform function found on format”."),
        **_one_of(name, _FORMATS, more),
    )


def _max_files(name: str, text: str, more: More) -> Finding | None:
    if _NUMBER.fullmatch(text):
        return None
    effect = tr("{name} is “{text}”, which has no effect: NocoBase takes a plain number alone.", name=name, text=text)
    detail = tr("The default stands: dailyRotateFile keeps 14 days, and file keeps 10 files.")
    if text.strip() == _KEPT_ANYWAY:
        return READABLE.info(effect, detail=detail, **more)
    remedy = advice(tr("Write at {name} how many files are to be kept, or leave it out.", name=name))
    return READABLE.warn(effect, detail=detail, remedy=remedy, **more)


def _max_size(name: str, text: str, more: More) -> Finding | None:
    if _NUMBER.fullmatch(text):
        return None
    return READABLE.warn(
        tr("{name} is “{text}”, which has no effect: NocoBase takes a plain number alone.", name=name, text=text),
        detail=tr("The default stands: dailyRotateFile has no limit, and file begins a new one at 20 MiB."),
        remedy=advice(tr("Write at {name} a number of bytes, or leave it out.", name=name)),
        **more,
    )


def _silent(name: str, text: str, more: More) -> Finding | None:
    if text != "true":
        return None
    return READABLE.info(tr("{name} is true: NocoBase logs nothing at all.", name=name), **more)


def _base_path(name: str, _text: str, more: More) -> Finding | None:
    words = tr("{name} is no longer read: logs lie in the folder logs of the storage.", name=name)
    return READABLE.info(words, **more)


def _storage_of_samples(name: str, _text: str, more: More) -> Finding | None:
    words = tr("{name} is no longer read: where uploads lie, and their address, is set in NocoBase itself.", name=name)
    return READABLE.info(words, **more)


def _app_mode(name: str, text: str, more: More) -> Finding | None:
    if text not in _OF_SEVERAL_APPLICATIONS:
        return None
    return READABLE.warn(
        tr("{name} is {text}: the node is one of NocoBase's mode for several applications.", name=name, text=text),
        detail=sentences(
            tr("That mode is another thing than a cluster, whose nodes are alike."),
            tr("What a node of a cluster works on is said by WORKER_MODE."),
        ),
        remedy=advice(tr("Take {name} out, unless the node is meant as such a one.", name=name)),
        **more,
    )


def _entry_mode(name: str, text: str, more: More) -> Finding | None:
    if text.strip() in _ENTRY_MODES:
        return None
    return READABLE.warn(
        tr("{name} is “{text}”, which NocoBase does not know: it takes legacy-default.", name=name, text=text),
        **_one_of(name, _ENTRY_MODES, more),
    )


def _watched(name: str, text: str, more: More) -> Finding | None:
    if text != "true":
        return None
    return READABLE.warn(
        tr("{name} is true, which switches the watching of plug-ins on, against its name.", name=name),
        detail=sentences(
            tr("A node then restarts as often as a folder is added below the plug-ins of the storage, or removed."),
            tr("All nodes share that folder, so all of them restart."),
        ),
        remedy=advice(tr("Leave {name} out: without it nothing is watched.", name=name)),
        **more,
    )


def _jwt_secret(name: str, text: str, more: More) -> Finding | None:
    if text == "true":
        summary = tr("{name} is true: APP_KEY signs the sessions, whatever it is.", name=name)
        detail = tr("NocoBase then does not read the file jwt_secret.dat, and refuses no key of a sample.")
        return READABLE.info(summary, detail=detail, **more)
    return READABLE.info(tr("{name} has no effect: only the exact text true is yes.", name=name), **more)


def _field_key(name: str, text: str, more: More) -> Finding | None:
    if len(text) == _FIELD_KEY_LENGTH:
        return None
    values = {"name": name, "length": len(text), "wanted": _FIELD_KEY_LENGTH}
    return READABLE.warn(
        tr("{name} has {length} characters; the plug-in for encrypted fields asks for exactly {wanted}.", **values),
        detail=tr("Without that commercial plug-in nothing reads it."),
        remedy=advice(
            tr(
                "New: make a key of {wanted} characters. Where fields are encrypted already, bring back the key they "
                "were encrypted with: another one reads nothing.",
                wanted=_FIELD_KEY_LENGTH,
            )
        ),
        **more,
    )


def _unchecked(name: str, text: str, more: More) -> Finding | None:
    """Judge what Node.js itself reads: https://nodejs.org/api/cli.html#node_tls_reject_unauthorizedvalue."""
    if text != "0":
        return None
    return READABLE.warn(
        tr("{name} is 0: Node.js then checks no certificate, unless a connection asks for it itself.", name=name),
        detail=tr("Whoever can stand in between can pose as a server that NocoBase talks to."),
        remedy=advice(
            tr(
                "Take {name} out, and name the file of the authority in NODE_EXTRA_CA_CERTS, where one is missing.",
                name=name,
            )
        ),
        **more,
    )


_JUDGES: dict[str, Callable[[str, str, More], Finding | None]] = {
    "LOGGER_LEVEL": _level,
    "LOGGER_FORMAT": _format,
    "LOGGER_MAX_FILES": _max_files,
    "LOGGER_MAX_SIZE": _max_size,
    "LOGGER_SILENT": _silent,
    "LOGGER_BASE_PATH": _base_path,
    "DEFAULT_STORAGE_TYPE": _storage_of_samples,
    "LOCAL_STORAGE_BASE_URL": _storage_of_samples,
    "APP_MODE": _app_mode,
    "APP_CLIENT_ENTRY_MODE": _entry_mode,
    "NODE_TLS_REJECT_UNAUTHORIZED": _unchecked,
    "NO_WATCH_PLUGINS": _watched,
    "UNSAFE_USE_DEFAULT_JWT_SECRET": _jwt_secret,
    "ENCRYPTION_FIELD_KEY": _field_key,
}
