"""One value as text that every reader of env files reads alike, or a refusal (docs/nocobase.md, "Env files")."""

from __future__ import annotations

from wizard.formats.files import UnwritableError
from wizard.pattern import pattern
from wizard.plan.env_text import CONTROL, EnvForm, form_of
from wizard.plan.i18n import tr

_REFUSED = pattern(r"[\"'$`\\]+")
_NEW_SECRET = "openssl rand -hex 32"  # noqa: S105 - a command


def quoted(value: str, name: str, key: str, *, shown: bool = False) -> str:
    """Return `value` as it stands after `NAME=`; raises UnwritableError.

    It names the setting and offers a better value.
    Only if the value may be `shown` is the better one made of it.
    """
    raw(value, name, key, shown=shown)
    match form_of(value):
        case EnvForm.BARE:
            return value
        case EnvForm.SINGLE:
            return f"'{value}'"
        case EnvForm.DOUBLE:
            return f'"{value}"'
        case EnvForm.NONE:
            why = tr("{name} ({key}) has characters that no env file carries to every reader.", name=name, key=key)
            raise UnwritableError(key, f"{why} {_better(value, shown=shown)}")


def raw(value: str, name: str, key: str, *, shown: bool = False) -> str:
    """Return `value` for readers that take the whole rest of a line (`docker run --env-file`); else as `quoted`."""
    if CONTROL.search(value):
        why = tr("{name} ({key}) has a line end or another control character.", name=name, key=key)
        raise UnwritableError(key, f"{why} {_better(value, shown=shown)}")
    return value


def _better(value: str, *, shown: bool) -> str:
    fit = " ".join(_REFUSED.sub("", CONTROL.sub(" ", value)).split())
    if shown and fit:
        return tr("What can be written: {value}", value=fit)
    return tr(
        "Use letters, digits and _ . / : @ % + = , - alone. The window generates a new secret; so does: {make}",
        make=_NEW_SECRET,
    )
