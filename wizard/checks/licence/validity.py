"""What a node says of its licence key (NocoBase: plugin-license, server/plugin.ts and server/utils).

The answer may hold the key's own account with its password, so single values are picked and the rest is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any

from wizard.dataclass import dataclass
from wizard.plan.quoted import Quoted

PATH = "api/license:license-validate"
"""Any account may ask. NocoBase then asks its own services, and keeps a newer key if they have one."""
SERVICES_PATH = "api/license:service-validate"
"""Any account may ask which of NocoBase's services the node reaches; versions before 2 do not know it."""
LICENSED, EXPIRED, UNLICENSED = "licensed", "expired", "unlicensed"
"""What NocoBase calls a plug-in (plugin-license, server/utils/plugin.ts)."""
_LONGEST = 500
_MOST_PLUGINS = 1000


@dataclass(frozen=True, slots=True)
class Right:
    """What a key says of one plug-in: NocoBase's word for it, and the day until which new versions are given."""

    status: str
    until: str = ""


@dataclass(frozen=True, slots=True)
class Validity:
    """A key as a node sees it; None and the empty text where it does not say.

    `present`: there is a key. `unread`: why it could not be read (`invalid`, `notfound`). `seen_as`: the host NocoBase
    takes for its own. `domains`: those that the key names, told by older versions alone. `for_database` and
    `for_system` compare the key with the node's; `system` and `database` say what those are. `upgrades_ended`: the time
    for upgrades is over. `status`: `active` or `invalid`, as the key itself says. `service` is the address of the
    service that issues keys, `service_reached`: the node reaches it, and so has its newest one. `packages_reached`: it
    reaches the package service; `service_login`: the key opens that. `plugins`: by package, those installed or named by
    the key; None: not told. `version`: the application's, as the node's database holds it.
    """

    present: bool
    unread: str = ""
    seen_as: str = ""
    domains: str = ""
    for_domain: bool | None = None
    for_database: bool | None = None
    for_system: bool | None = None
    system: str = ""
    database: str = ""
    upgrades_ended: bool | None = None
    status: str = ""
    service: str = ""
    service_reached: bool | None = None
    packages_reached: bool | None = None
    service_login: bool | None = None
    plugins: Mapping[str, Right] | None = field(default=None)
    version: str = ""


def read(data: Any) -> Validity | None:
    """Pick the values out of the data of an answer; None if it is no such answer."""
    if not isinstance(data, dict):
        return None
    present = data.get("keyExist")
    if present is None and isinstance(data.get("keyNotExists"), bool):  # versions before 2
        present = not data["keyNotExists"]
    if not isinstance(present, bool):
        return None
    here = _at(data, "current", "env")
    return Validity(
        present=present,
        unread=_text(data, "keyStatus"),
        seen_as=_text(data, "current", "domain"),
        domains=_text(data, "keyData", "licenseKey", "domain"),
        for_domain=_flag(data, "domainMatch"),
        for_database=_flag(data, "dbMatch"),
        for_system=_flag(data, "sysMatch"),
        system=f"{_text(here, 'sys')} {_text(here, 'osVer')}".strip(),
        database=f"{_text(here, 'db', 'type')} {_text(here, 'db', 'name')}".strip(),
        upgrades_ended=_flag(data, "isExpired"),
        status=_text(data, "licenseStatus"),
        service=_text(data, "keyData", "service", "domain"),
        service_reached=_flag(data, "isServiceConnection"),
        service_login=_flag(data, "isPkgLogin"),
        plugins=_rights(data.get("plugins")),
    )


def with_services(found: Validity, data: Any) -> Validity:
    """Add what the data of an answer about the services says and `found` does not."""
    reached, login = found.service_reached, found.service_login
    return replace(
        found,
        service_reached=_flag(data, "isServiceConnection") if reached is None else reached,
        service_login=_flag(data, "isPkgLogin") if login is None else login,
        packages_reached=_flag(data, "isPkgConnection"),
    )


def _rights(listed: Any) -> dict[str, Right] | None:
    if not isinstance(listed, list):
        return None
    return {
        name: Right(_text(plugin, "status"), _text(plugin, "expirationDate").partition("T")[0])
        for plugin in listed[:_MOST_PLUGINS]
        if (name := _text(plugin, "packageName"))
    }


def _at(data: Any, *path: str) -> Any:
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return data


def _text(data: Any, *path: str) -> str:
    """Return a text in one line; a longer one is cut, and before that what is secret in it is hidden."""
    found = _at(data, *path)
    line = " ".join(found.split()) if isinstance(found, str) else ""
    return line if len(line) <= _LONGEST else Quoted(line).shown(_LONGEST - 1)


def _flag(data: Any, name: str) -> bool | None:
    found = _at(data, name)
    return found if isinstance(found, bool) else None
