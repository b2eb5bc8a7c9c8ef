"""Addresses as drivers of Java take them (`jdbc:postgresql://db:5432/noco?user=app`), in the form of the others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote

from wizard.pattern import pattern

_JDBC = pattern(r"jdbc:(postgresql|mysql|mariadb)(?::\w+)?:(?://)?(.*)", re.IGNORECASE)
_OURS = frozenset({"sslmode", "sslrootcert", "sslcert", "sslkey"})
_YES = frozenset({"true", "1", ""})


def is_jdbc(text: str) -> bool:
    """Whether a text is such an address of a database that NocoBase knows."""
    return _JDBC.fullmatch(text.strip()) is not None


def address(text: str) -> tuple[str, dict[str, str]]:
    """Return an address in the form of `postgresql://user@host/name`, and what it says of TLS and the password.

    Options that concern the driver alone are left out. Raises ValueError for any other text.
    """
    match = _JDBC.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    bare, _sign, query = match[2].partition("?")
    asked = {name.casefold(): value for name, value in parse_qsl(query.replace(";", "&"), keep_blank_values=True)}
    host, _slash, name = bare.rpartition("/") if "/" in bare else ("localhost", "", bare)
    account, sign, place = host.rpartition("@")
    if not sign and asked.get("user"):
        account, sign = quote(asked["user"], safe=""), "@"
    told = {name: value for name, value in asked.items() if name in _OURS}
    if mode := _mode(match[1].casefold(), asked):
        told["sslmode"] = mode
    if ca := asked.get("serversslcert"):
        told["sslrootcert"] = ca
    if password := asked.get("password"):
        told["password"] = password
    return f"{match[1].casefold()}://{account}{sign}{place}/{name}", told


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
