"""What one source may cost altogether, however many files, documents and values it is made of.

Each reader has a bound for one file; a file that names a thousand others, or itself, would come around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum

from wizard.formats.files import SourceError
from wizard.plan.i18n import mark, tr


class Cost(StrEnum):
    """What is counted: characters of files beside, values and lines of YAML, variables, characters put in for them.

    `WALKED` are entries of YAML that are looked at, as often as that is: an alias makes many of one. `SITES` are
    characters of the configurations of balancers, `MATCHING` microseconds of comparing with the expressions in them,
    `TESTED` conditions of HAProxy that are tried.
    """

    TEXT = "text"
    VALUES = "values"
    LINES = "lines"
    WALKED = "walked"
    VARIABLES = "variables"
    EXPANDED = "expanded"
    SITES = "sites"
    MATCHING = "matching"
    TESTED = "tested"


_MOST = {
    Cost.TEXT: 4 * 1024 * 1024,
    Cost.VALUES: 25_000,  # 60 pods as `kubectl get` prints them with all their noise; a second to read
    Cost.LINES: 200_000,  # half a second, if they are empty
    Cost.WALKED: 60_000,  # 80 nodes with a hundred variables each are 20,000
    Cost.VARIABLES: 8_000,  # 80 nodes with a hundred each
    Cost.EXPANDED: 4 * 1024 * 1024,
    Cost.SITES: 160 * 1024,  # the longest one, and some that are no site
    Cost.MATCHING: 300_000,
    Cost.TESTED: 100_000,
}
MOST_NODES = 500
"""Worker IDs are for 32 processes; what compares nodes with one another takes a second for so many."""
_WORDS = {
    Cost.TEXT: mark("{name}: the files that it is read with are too long together."),
    Cost.VALUES: mark("{name}: its files have too many values together."),
    Cost.LINES: mark("{name}: its files have too many lines together."),
    Cost.WALKED: mark("{name}: its values are used too many times over."),
    Cost.VARIABLES: mark("{name}: its files have too many variables together."),
    Cost.EXPANDED: mark("{name}: its variables become too long where they are put into one another."),
    Cost.SITES: mark("{name}: its configurations of balancers are too long together."),
    Cost.MATCHING: mark("{name}: its regular expressions take too long."),
    Cost.TESTED: mark("{name}: its conditions are too many together."),
}


class _Allowance:
    def __init__(self, name: str) -> None:
        self.name = name
        self.left = dict(_MOST)


_ALLOWANCE: ContextVar[_Allowance | None] = ContextVar("allowance", default=None)


@contextmanager
def allowance(name: str) -> Iterator[None]:
    """Let what is read in here cost so much and no more; `name` is the source, for the complaint.

    Within another such it counts for that one.
    """
    if _ALLOWANCE.get():
        yield
        return
    token = _ALLOWANCE.set(_Allowance(name))
    try:
        yield
    finally:
        _ALLOWANCE.reset(token)


def spend(cost: Cost, amount: int) -> None:
    """Count what was spent; raises SourceError where the source has spent too much."""
    allowed = _ALLOWANCE.get()
    if allowed is not None:
        allowed.left[cost] -= amount
        if allowed.left[cost] < 0:
            raise SourceError(tr(_WORDS[cost], name=allowed.name))


def left(cost: Cost) -> int:
    """Return what may still be spent."""
    allowed = _ALLOWANCE.get()
    return _MOST[cost] if allowed is None else allowed.left[cost]


def refuse_many_nodes(count: int) -> None:
    """Raise SourceError where a source has more nodes than are judged."""
    allowed = _ALLOWANCE.get()
    if allowed is not None and count > MOST_NODES:
        raise SourceError(
            tr("{name} has {count} nodes; {most} is the most.", name=allowed.name, count=count, most=MOST_NODES)
        )
