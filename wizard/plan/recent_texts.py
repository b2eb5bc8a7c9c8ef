"""The texts read last, for what looks like a secret in them: a log hides it also before there is a plan to say so.

Nothing is looked for until something is logged.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from wizard.plan.secret import Secret
from wizard.plan.variables import named_like_a_secret

_TEXTS = 4
_LONGEST_LINE = 8192
_MOST = 5000
"""Values; more are not looked for in a log."""

_last: deque[str] = deque(maxlen=_TEXTS)


def note(text: str) -> None:
    """Remember a text that is about to be read."""
    if not _last or _last[-1] is not text:
        _last.append(text)


def noted() -> tuple[str, ...]:
    """Return the texts that are remembered."""
    return tuple(_last)


def secrets_in(texts: Iterable[str]) -> set[Secret]:
    """Return what looks like a secret in texts: the value of a name like one, the password in an address."""
    found: set[Secret] = set()
    for text in texts:
        for line in text.splitlines():
            if len(found) >= _MOST:
                return found
            if len(line) <= _LONGEST_LINE:
                found.update(Secret(value) for value in _values(line))
    return found


def secrets_in_environment(environ: Mapping[str, str]) -> set[Secret]:
    """Return the values of variables that are named like a secret."""
    return {Secret(value) for name, value in environ.items() if value and named_like_a_secret(name)}


def _values(line: str) -> Iterator[str]:
    for sign in "=:":
        name, _is, value = line.partition(sign)
        words = name.replace("export ", "").strip(" \t-\"'#")
        value = value.strip().strip(",").strip("\"'`")
        if value and words and named_like_a_secret(words):
            yield value
    _scheme, _is, rest = line.partition("://")
    account, at, _host = rest.rpartition("@")
    _user, _is, password = account.partition(":")
    if at and password:
        yield password
