"""What looks like a secret in the words of a program on another machine, where nobody knows the values.

A node that is not as planned may tell a password that is none of the plan's: in a trace of its shell, or as its login
greets. Ours are hidden by their values (`redact`), and before this: a part that is hidden here would not be found then.
"""

from __future__ import annotations

import re

from wizard.pattern import pattern
from wizard.plan.accounts import without_accounts
from wizard.plan.secret import HIDDEN
from wizard.plan.variables import named_like_a_secret

_KEY = pattern(r"-----BEGIN [^-]{1,60}-----.*?(?:-----END [^-]{1,60}-----|\Z)", re.DOTALL)
_NAME = r"(?P<name>[A-Za-z_][\w.-]{0,63})"
_VARIABLE = pattern(
    rf"^(?P<before>[ \t]*(?:\+{{1,9}} )?(?:(?:export|declare -x|set|env) )?){_NAME}=(?P<value>.+)$", re.MULTILINE
)
"""A variable as `env`, `export -p` and `set -x` print it, whose value goes on to the end of the line."""
_VALUE = r"""(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s"']+)"""
_NAMED = pattern(rf"""(?<![\w.-])(?P<before>-{{0,2}}["']?){_NAME}(?P<sign>["']?=){_VALUE}""")
_TELLING = "access|cannot|could|failed|incorrect|invalid|missing|no|not|open|permission|unable|unknown|wrong"
"""How a sentence begins that says what is wrong with a password; a further word follows."""
_CALLED = pattern(
    r"""(?<![\w.-])(?P<before>["']?)(?P<name>[\w.-]{0,40}(?i:passwd|password|passphrase|pwd|secret|token))"""
    rf"""(?P<sign>["']?:[ \t]*+(?!(?i:{_TELLING})[ \t]+[a-z/])|[ \t]+(?=\S*[0-9])(?=\S{{4}}))"""
    rf"{_VALUE}"
)
_SENT = pattern(r"\b(?P<name>(?i:bearer|basic))(?P<sign> +)(?P<value>(?=[\w+/.~-]*[0-9=])[\w+/=.~-]{8,})")


def without_lookalikes(text: str) -> str:
    """Return the text with keys, accounts in addresses and the values of what is named like a secret hidden.

    It takes time in proportion to the text's length.
    """
    text = without_accounts(_KEY.sub(HIDDEN, text))
    for found in (_VARIABLE, _NAMED):
        text = found.sub(_hide_where_named, text)
    for found in (_CALLED, _SENT):
        text = found.sub(_hide, text)
    return text


def _hide_where_named(found: re.Match[str]) -> str:
    return _hide(found) if named_like_a_secret(found["name"]) else found[0]


def _hide(found: re.Match[str]) -> str:
    start, end = found.span("value")
    return found.string[found.start() : start] + HIDDEN + found.string[end : found.end()]
