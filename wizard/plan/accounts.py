"""How an account in an address looks, wherever in a text it stands: whole, or typed as far as its password."""

from __future__ import annotations

from wizard.pattern import pattern

_BEGUN = r"[^\s/@\[:]*+:(?!\d{0,5}(?:[/?#\s”»\"',.)]|$)|\$\{|\{|\$[A-Z_][A-Z0-9_]*+(?:[/?#\s”»]|$))[^\s”»]++"
"""What stands behind the colon is no port and names no variable: the @ is still to come."""

ACCOUNT = pattern(rf"(?<=://)(?:\S*(?=@)|{_BEGUN})")
"""The account of an address."""

WITH_PASSWORD = pattern(rf"://(?:[^\s/@:]*+:(?!\d{{1,5}}/)[^\s@]++@|{_BEGUN})|-----BEGIN")
"""An address with a password, or a key. One with a user alone, as ssh's may be, is none."""
