"""What a node says of its licence key (NocoBase: plugin-license, server/plugin.ts and server/utils).

The answer may hold the key's own account with its password, so single values are picked and the rest is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

PATH = "api/license:license-validate"
"""Any account may ask. NocoBase then asks its own services, and keeps a newer key if they have one."""
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Validity:
    """A key as a node sees it; None and the empty text where it does not say.

    `present`: there is a key. `unread`: why it could not be read (`invalid`, `notfound`). `seen_as`: the host NocoBase
    takes for its own. `domains`: those that the key names, told by older versions alone. `for_database` and
    `for_system` compare the key with the node's; `system` and `database` say what those are. `upgrades_ended`: the time
    for upgrades is over. `status`: `active` or `invalid`. `service_login`: the key opens the package service.
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
    service_login: bool | None = None


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
        service_login=_flag(data, "isPkgLogin"),
    )


def _at(data: Any, *path: str) -> Any:
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return data


def _text(data: Any, *path: str) -> str:
    found = _at(data, *path)
    return " ".join(found.split())[:_LONGEST] if isinstance(found, str) else ""


def _flag(data: Any, name: str) -> bool | None:
    found = _at(data, name)
    return found if isinstance(found, bool) else None
