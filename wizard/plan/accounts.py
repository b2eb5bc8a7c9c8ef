"""How an account in an address looks, wherever in a text it stands: whole, or typed as far as its password.

A text may be long and hostile: what is here takes time in proportion to its length.
"""

from __future__ import annotations

import re

from wizard.pattern import pattern
from wizard.plan.secret import HIDDEN

_PORT = r"\d{0,5}(?:[/?#\s”»\"',.)>\]`]|$)|\d{1,5}[;|&<*\u2026\u3001\u3002\u300b\u300d\uff09\uff0c\uff1b]"
_PLACEHOLDER = r"[*<{]|\$\{|%(?![2-7][0-9A-Fa-f])|\$[A-Z_][A-Z0-9_]*+(?:[/?#\s”»]|$)"
"""What stands for a port: any one, or one that is put in. A `%40` is a sign of a password.

A sentence may go on behind it, in Chinese without a space.
"""
_BEGUN = rf"[^\s/@\[:]*+:(?!{_PORT}|{_PLACEHOLDER})[^\s”»]++"
"""What stands behind the colon is no port and names no variable: the @ is still to come."""
_HALF = pattern(rf"(?<=://){_BEGUN}")
_IN_QUERY = r"[?&;](?i:pass(?:word)?|pwd|auth|token)="
_PAIR = r"(?<![^\s'\"])(?i:pass(?:word|wd)|pwd)[ \t]*+=[ \t]*+"
"""As a database's clients write it beside its host: `host=db user=app password=…`."""
_MAILBOX = (
    r"[A-Z][a-z]+:(?i:help(?:desk)?|info|support|sales|contact|no-?reply|office|team|hello|mail|service|billing|press|hr"
    r"|postmaster|webmaster|abuse)@[\w-]+(?:\.[\w-]+)+(?:[\s,;>)'\"]|$)"
)
"""A label and the address of an office, as `Support:help@example.com`: no account begins with a capital letter."""
_ALONE = (
    rf"(?<![^\s'\"])(?!(?i:mailto|sips?|xmpp|acct|npm|tel|urn|arn):|{_MAILBOX}|\d{{1,2}}:\d\d@)(?://)?[^\s/@:'\"]+:(?!/|{_PLACEHOLDER})"
    r"[^\s@]{1,512}+@(?!sha\d+:|STRENGTH\b|SECLEVEL=)\S"
)
"""An account and its host without a scheme: `app:password@db`.

The digest of an image stands behind an @, too, and so does an order in a list of ciphers.
"""
_QUERY = pattern(rf"({_IN_QUERY})[^&\s”»]+")
_WORD = pattern(r"\S+")

WITH_PASSWORD = pattern(
    rf"://(?:{_BEGUN}|[^\s/@:]*+:(?!\d{{1,5}}[/?#])[^\s@]{{1,256}}+@)|{_IN_QUERY}(?!{_PLACEHOLDER})[^&\s]"
    rf"|{_PAIR}(?:\{{\s*+\"|(?!{_PLACEHOLDER})[^&\s])|{_ALONE}|-----BEGIN"
)
"""An address with a password, one without a scheme, too, or a key. One with a user alone, as ssh's may be, is none."""

OF_PASSWORD_FILE = pattern(r"(?![\da-fA-F:.]*+(?:%|$))[^\s:\[\]]++:(?:\d{1,5}|\*):.*")
"""A line of `.pgpass`, as soon as its database begins; an IPv6 address, which has but such letters, is none."""


def without_accounts(text: str) -> str:
    """Return the text with the account of each address hidden."""
    return _WORD.sub(_without_account, text) if "://" in text else text


def _without_account(found: re.Match[str]) -> str:
    word = _QUERY.sub(rf"\1{HIDDEN}", found[0]) if "://" in found[0] else found[0]
    start, end = word.find("://") + len("://"), word.rfind("@")
    if start < len("://"):
        return word
    return word[:start] + HIDDEN + word[end:] if end >= start else _HALF.sub(HIDDEN, word)
