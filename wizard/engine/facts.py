"""Facts: what a probe found, as plain data without opinion.

A component's facts are a dataclass whose fields are each a `Fact`: `Known`, `Trouble` or still `PENDING`. A probe fills
them in the order they are declared, each through `attempt`; so, when a probe is abandoned, the first that is pending
is the one that got no answer (see `overdue`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from copy import copy
from dataclasses import fields, replace
from typing import Any, Generic, TypeAlias, TypeVar, cast

from wizard.dataclass import dataclass
from wizard.plan.finding import ErrorKind
from wizard.plan.i18n import decimal, tr
from wizard.plan.quoted import Own, quoted

T = TypeVar("T")
F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """A value found, and the time it took in milliseconds."""

    value: T
    elapsed_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a value could not be found: the kind of error, and the evidence as the other side or the system worded it.

    `about` names what was refused (a command, a right), where that is known. `ours`: this machine is what is wrong, so
    it says nothing about the other side.
    """

    kind: ErrorKind
    message: str = ""
    about: str = ""
    elapsed_ms: int | None = None
    ours: bool = False

    def __post_init__(self) -> None:
        """Take the message for somebody else's, unless it is known to be ours: it may hold a secret."""
        object.__setattr__(self, "message", quoted(self.message))


@dataclass(frozen=True, slots=True)
class Pending:
    """Not asked yet."""


PENDING = Pending()

NOT_NEEDED: Known[Any] = Known(None)
"""What need not be asked: it is known to be nothing."""

Fact: TypeAlias = Known[T] | Trouble | Pending
Explain: TypeAlias = Callable[[Exception], Trouble]
"""Maps a driver's exception to trouble, at the edge; unwraps causes, quotes no secret."""


def attempt(action: Callable[[], T], explain: Explain) -> Known[T] | Trouble:
    """Do one thing and return what came of it, with its time; an exception becomes trouble through `explain`."""
    began = time.monotonic()
    try:
        value = action()
    except Exception as error:  # noqa: BLE001 - drivers raise what they like; `explain` maps all of it
        return replace(explain(error), elapsed_ms=_since(began))
    return Known(value, _since(began))


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def overdue(facts: F, seconds: float) -> F:
    """Return a copy of abandoned facts in which the first pending one got no answer within `seconds`."""
    late = copy(facts)
    for item in fields(cast("Any", late)):
        if getattr(late, item.name) is PENDING:
            message = tr("no answer within {seconds} s", seconds=decimal(max(0.0, seconds), ".3g"))
            setattr(late, item.name, Trouble(ErrorKind.TIMEOUT, Own(message), elapsed_ms=max(0, round(seconds * 1000))))
            break
    return late
