"""Findings that say the same of several subjects become one: five roles on one server are one server. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from wizard.dataclass import dataclass
from wizard.plan.finding import WORST_FIRST, Finding
from wizard.plan.i18n import listing, tr
from wizard.plan.place import stands_in

_AT_ONCE = 50
"""As many findings are put together at a stretch."""


@dataclass(frozen=True, slots=True)
class Group:
    """One statement: the first finding that made it, all the subjects it is true of, and what is said of each.

    `findings` are all that made it.
    """

    finding: Finding
    subjects: tuple[str, ...]
    details: tuple[str, ...]
    elapsed_ms: int | None
    findings: tuple[Finding, ...]


def grouped(findings: Iterable[Finding], apart: Callable[[Finding], bool] = lambda _finding: False) -> list[Group]:
    """Put equal statements together, the worst first, otherwise in the order they came.

    Those for which `apart` says so are put together among themselves.
    """
    return [group for group in grouped_in_parts(findings, apart) if group]


def grouped_in_parts(
    findings: Iterable[Finding], apart: Callable[[Finding], bool] = lambda _finding: False
) -> Iterator[Group | None]:
    """Do the same in parts: there comes nothing where something else may have its turn, then one group at a time."""
    together: dict[tuple[str | bool, ...], list[Finding]] = {}
    for number, finding in enumerate(findings, 1):
        accepted = str(finding.accepted or "")
        words = (finding.id, finding.severity.value, finding.summary, finding.remedy, accepted, apart(finding))
        together.setdefault(words, []).append(finding)
        if not number % _AT_ONCE:
            yield None
    groups = [_group(same) for same in together.values()]
    yield from sorted(groups, key=lambda group: WORST_FIRST.index(group.finding.severity))


def _group(same: list[Finding]) -> Group:
    times = [item.elapsed_ms for item in same if item.elapsed_ms is not None]
    subjects = tuple(dict.fromkeys(item.subject for item in same if item.subject))
    details = tuple(dict.fromkeys(item.detail for item in same if item.detail))
    details += tuple(filter(None, [stands_in(place for item in same for place in item.places)]))
    return Group(same[0], subjects, details, max(times, default=None), tuple(same))


def subjects_in_words(subjects: tuple[str, ...]) -> list[str]:
    """Return the subjects by their names, after how many they are: each counts."""
    if len(subjects) < 2:  # noqa: PLR2004 - one needs no count
        return list(subjects)
    return [tr("{count}: {names}", count=len(subjects), names=listing(subjects))]
