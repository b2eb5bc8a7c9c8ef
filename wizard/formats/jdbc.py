"""Addresses as drivers of Java take them (`jdbc:postgresql://db:5432/noco?user=app`), in the form of the others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote

from wizard.pattern import pattern
from wizard.plan.secret import HIDDEN

_JDBC = pattern(r"jdbc:(postgresql|mysql|mariadb)(?::\w+)?:(?://)?(.*)", re.IGNORECASE)
_OURS = frozenset({"sslmode", "sslrootcert", "sslcert", "sslkey"})
_OF_TLS = frozenset({"ssl", "usessl", "requiressl", "verifyservercertificate", "serversslcert"})
_UNDERSTOOD = _OURS | _OF_TLS | {"user", "password", "currentschema"}
_YES = frozenset({"true", "1", ""})


def is_jdbc(text: str) -> bool:
    """Whether a text is such an address of a database that NocoBase knows."""
    return _JDBC.fullmatch(text.strip()) is not None


def address(text: str) -> tuple[str, dict[str, str]]:
    """Return an address in the form of `postgresql://user@host/name`, and what it says of TLS, schema and password.

    Options that concern the driver alone are left out (`left_out`). Raises ValueError for any other text.
    """
    match = _JDBC.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    bare, options = _options(match[2])
    asked = {name.casefold(): value for name, value in options}
    host, _slash, name = bare.rpartition("/") if "/" in bare else ("localhost", "", bare)
    account, sign, place = host.rpartition("@")
    if not sign and asked.get("user"):
        account, sign = quote(asked["user"], safe=""), "@"
    told = {name: value for name, value in asked.items() if name in _OURS}
    if mode := _mode(match[1].casefold(), asked):
        told["sslmode"] = mode
    if ca := asked.get("serversslcert"):
        told["sslrootcert"] = ca
    told |= {option: asked[option] for option in ("password", "currentschema") if asked.get(option)}
    return f"{match[1].casefold()}://{account}{sign}{place}/{name}", told


def left_out(text: str) -> tuple[str, ...]:
    """Return the names of the options of such an address that have no setting, as they are written.

    What has no value may be the rest of a password with a “&” in it, and is hidden.
    """
    match = _JDBC.fullmatch(text.strip())
    found: dict[str, None] = {}
    for piece in _pieces(match[2].partition("?")[2]) if match else ():
        for name, _value in parse_qsl(piece, keep_blank_values=True):
            if name.casefold() not in _UNDERSTOOD:
                found[name if "=" in piece else HIDDEN] = None
    return tuple(found)


def _options(address: str) -> tuple[str, list[tuple[str, str]]]:
    """Take the options off what follows the scheme."""
    bare, _sign, query = address.partition("?")
    return bare, parse_qsl("&".join(_pieces(query)), keep_blank_values=True)


def _pieces(query: str) -> list[str]:
    return query.replace(";", "&").split("&")


def _mode(scheme: str, asked: Mapping[str, str]) -> str:
    """Return the mode of TLS that an address asks for in its driver's words; empty where it says nothing."""
    mode = asked.get("sslmode", "").casefold().replace("_", "-")
    if mode:
        return "require" if mode == "trust" else mode
    if scheme == "postgresql":
        return "verify-full" if asked.get("ssl", "no").casefold() in _YES else ""
    said = asked.get("requiressl") or asked.get("usessl") or asked.get("ssl")
    if said is None:
        return ""
    if said.casefold() not in _YES:
        return "disable"
    return "verify-ca" if asked.get("verifyservercertificate", "").casefold() == "true" else "require"
