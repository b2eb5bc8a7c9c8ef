"""One value as text that every reader of env files reads alike, or a refusal (docs/nocobase.md, "Env files")."""

from __future__ import annotations

from wizard.bundle.files import UnwritableError
from wizard.plan.env_text import CONTROL, EnvForm, form_of
from wizard.plan.words import tr


def quoted(value: str, name: str, key: str) -> str:
    """Give `value` as it stands after `NAME=`; raises UnwritableError, which names the setting and not the value."""
    raw(value, name, key)
    match form_of(value):
        case EnvForm.BARE:
            return value
        case EnvForm.SINGLE:
            return f"'{value}'"
        case EnvForm.DOUBLE:
            return f'"{value}"'
        case EnvForm.NONE:
            raise UnwritableError(
                key,
                tr(
                    "{name} ({key}) has characters that no env file carries to every reader. Use letters, digits and "
                    "_ . / : @ % + = , - or let the wizard generate a value.",
                    name=name,
                    key=key,
                ),
            )


def raw(value: str, name: str, key: str) -> str:
    """Give `value` for readers that take the whole rest of a line (`docker run --env-file`)."""
    if CONTROL.search(value):
        raise UnwritableError(
            key,
            tr("{name} ({key}) has a line end or another control character.", name=name, key=key),
        )
    return value
