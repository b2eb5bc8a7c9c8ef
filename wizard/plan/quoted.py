"""Texts that others wrote: servers, drivers, files. They may hold a secret, so it is hidden wherever they are shown.

Our own words are never searched: a password may well be `redis`, and a remedy that names Redis must stay whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_LONGEST = 4000
"""Characters of a text of others within one of ours: what is longer nobody reads."""
_HIDE: ContextVar[Callable[[str], str] | None] = ContextVar("hide", default=None)
"""What takes the known secrets out of a text of others, in this thread."""


@contextmanager
def hiding(hide: Callable[[str], str]) -> Iterator[None]:
    """Let `hide` take the secrets out of every quoted text that is shown in this thread meanwhile."""
    token = _HIDE.set(hide)
    try:
        yield
    finally:
        _HIDE.reset(token)


class Quoted(str):
    """A text of somebody else. As a text it is as it came, for comparing; inserted into another, it is hidden."""

    __slots__ = ()

    def shown(self, longest: int | None = None) -> str:
        """Return it without any known secret, cut at `longest` characters only afterwards."""
        raw, hide = str.__str__(self), _HIDE.get()
        text = hide(raw) if hide else raw
        return text if longest is None or len(text) <= longest else text[:longest] + "…"

    def shown_end(self, longest: int) -> str:
        """Return its end, without any known secret, cut at `longest` characters only afterwards."""
        text = self.shown()
        return text if len(text) <= longest else "…" + text[-longest:]

    def __str__(self) -> str:
        return self.shown()

    def __format__(self, spec: str) -> str:
        return format(self.shown(_LONGEST), spec)

    def __add__(self, other: str) -> Quoted:
        return Quoted(str.__add__(self, other))

    def __radd__(self, other: str) -> Quoted:
        return Quoted(str.__add__(other, self))


class Own(str):
    """A text of our own where one of others could stand."""

    __slots__ = ()


def bounded(text: str, longest: int) -> str:
    """Return a text of somebody else, cut at `longest` characters: one that is longer without any known secret."""
    return text if len(text) <= longest else Quoted(text).shown(longest)


def quoted(text: str) -> str:
    """Return a text as one of somebody else, unless it is known to be our own."""
    return text if isinstance(text, Quoted | Own) else Quoted(text)
