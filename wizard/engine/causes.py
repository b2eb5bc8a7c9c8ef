"""Findings of one cause, put together.

Two findings have one cause where they say the same of several subjects, where one remedy is for both, where fields of
one section were left empty or secrets are not at hand, where both fail the same setting; where one says that it comes
of the other (`Finding.because`); and where one rests on what another found out of order (`Spec.rests_on`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from wizard.dataclass import dataclass
from wizard.plan.finding import UNSAID, ErrorKind, Finding, Severity
from wizard.plan.i18n import tr
from wizard.plan.spec import Spec

ASKING = (Severity.FAIL, Severity.UNKNOWN, Severity.WARN, Severity.SKIP)
"""The severities that can ask something of a person, the gravest first. What was skipped asks where it has a remedy."""
_AS_GRAVE = {
    Severity.FAIL: {Severity.FAIL},
    Severity.UNKNOWN: {Severity.FAIL, Severity.UNKNOWN, Severity.WARN},
    Severity.WARN: {Severity.FAIL, Severity.UNKNOWN, Severity.WARN},
    Severity.SKIP: set(ASKING),
}
"""What a finding can come of: a failure only of a failure, so that none is told as less."""
_OF_THEIR_OWN = {ErrorKind.DNS, ErrorKind.TLS}
"""Errors that do not come of what a component rests on: a wrong name, a wrong certificate."""

SpecOf: TypeAlias = Callable[[Finding], Spec | None]


@dataclass(frozen=True, slots=True)
class Cause:
    """All findings of one cause in their order, and those among them that name it."""

    findings: tuple[Finding, ...]
    roots: tuple[Finding, ...]

    @property
    def worst(self) -> Finding:
        """The first of the gravest of those that name it."""
        return min(self.roots, key=lambda finding: ASKING.index(finding.severity))


def causes(findings: Iterable[Finding], spec_of: SpecOf) -> list[Cause]:
    """Return what the findings that ask something come of, in the order of the first of each."""
    every = tuple(findings)
    told = [finding for finding in every if finding.severity in ASKING and not finding.accepted]
    stopping = _stopping(told, spec_of, _proven(every, spec_of))
    groups = _Groups(len(told))
    followers = set()
    first: dict[Hashable, int] = {}
    for place, finding in enumerate(told):
        cause = _named(finding, told)
        if cause is None:
            cause = _beneath(finding, spec_of(finding), stopping)
        if cause is not None:
            groups.join(place, cause)
            followers.add(place)
            continue
        for key in _alike(finding, spec_of(finding)):
            groups.join(place, first.setdefault(key, place))
    return [_cause(places, told, followers) for places in groups.all()]


def _cause(places: Sequence[int], told: Sequence[Finding], followers: set[int]) -> Cause:
    roots = [place for place in places if place not in followers] or places
    return Cause(tuple(told[place] for place in places), tuple(told[place] for place in roots))


class _Groups:
    """Places that belong together, by joining two at a time."""

    def __init__(self, count: int) -> None:
        self._parents = list(range(count))

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self._root(one), self._root(other)))
        self._parents[high] = low

    def _root(self, place: int) -> int:
        while self._parents[place] != place:
            place = self._parents[place]
        return place

    def all(self) -> list[list[int]]:
        found: dict[int, list[int]] = {}
        for place in range(len(self._parents)):
            found.setdefault(self._root(place), []).append(place)
        return list(found.values())


def _alike(finding: Finding, spec: Spec | None) -> Iterator[Hashable]:
    """Return what a finding has in common with others of its cause."""
    if finding.lacks:
        yield ("secrets",)
        return
    if finding.cause:
        yield "cause", finding.cause
    own = finding.severity in {Severity.FAIL, Severity.WARN}
    yield "words", finding.id if own else "", finding.severity, finding.summary
    if finding.severity is Severity.FAIL and finding.facts.get("setting"):
        yield "setting", finding.facts["setting"]
    if spec and spec.empty_field and finding.error is ErrorKind.MISSING and not finding.cause:
        yield "empty", str(finding.facts.get("setting", finding.subject)).partition(".")[0]
    elif finding.remedy and not (spec and finding.remedy == tr(spec.remedy)):
        yield "remedy", finding.remedy


def _named(finding: Finding, told: Sequence[Finding]) -> int | None:
    """Return the place of the finding that this one comes of, by id and subject or by a setting's key; None: of none.

    Of several it is the first: two causes are not made one by what waits for both.
    """
    grave = _AS_GRAVE[finding.severity]
    places = [place for place, other in enumerate(told) if other is not finding and other.severity in grave]
    for cause in finding.because:
        of_id = [place for place in places if told[place].id == cause]
        same = [place for place in of_id if told[place].subject == finding.subject]
        setting = [place for place in places if _is_about(told[place], cause)]
        if found := same or of_id or setting:
            return found[0]
    return None


def _is_about(finding: Finding, key: str) -> bool:
    """Whether a setting is what a finding names: one that was not judged names what it lacks, and not what it is on."""
    return finding.facts.get("setting") == key and key in finding.facts.get(UNSAID, (key,))


def _proven(findings: Iterable[Finding], spec_of: SpecOf) -> set[str]:
    """Return the components that work for somebody, as something that rests on them does."""
    sound = (spec_of(finding) for finding in findings if finding.severity is Severity.PASS)
    return {component for spec in sound if spec and not spec.gate for component in spec.rests_on}


def _stopping(told: Sequence[Finding], spec_of: SpecOf, proven: set[str]) -> dict[str, int]:
    """Return the components that fail those who rest on them, each with the place of the finding that says so."""
    found: dict[str, int] = {}
    for place, finding in enumerate(told):
        spec = spec_of(finding)
        if spec and spec.vital and finding.severity is Severity.FAIL and finding.component not in proven:
            found.setdefault(finding.component, place)
    return found


def _beneath(finding: Finding, spec: Spec | None, stopping: Mapping[str, int]) -> int | None:
    """Return the place of the failure of something that this one's component rests on; None where there is none."""
    if not spec or finding.severity is not Severity.FAIL or finding.error in _OF_THEIR_OWN:
        return None
    return next((stopping[component] for component in spec.rests_on if component in stopping), None)
