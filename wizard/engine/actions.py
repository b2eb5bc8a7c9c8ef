"""Findings of one cause become one action, the most urgent first.

Two findings have one cause where they say the same of several subjects, where one remedy is for both, where fields of
one section were left empty, and where one says that it comes of the other (`Finding.because`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from wizard.plan.action import EFFECTS, MOST_URGENT_FIRST, Action, Area, Impact
from wizard.plan.finding import ErrorKind, Finding, Severity
from wizard.plan.i18n import sentences, tr, trn
from wizard.plan.remedy import Remedy
from wizard.plan.spec import Spec

ASKING = (Severity.FAIL, Severity.UNKNOWN, Severity.WARN, Severity.SKIP)
"""The severities that can ask something of a person, the gravest first. What was skipped asks where it has a remedy."""

SpecOf: TypeAlias = Callable[[Finding], Spec | None]
StepOf: TypeAlias = Callable[[Finding], str]


def actions(findings: Iterable[Finding], spec_of: SpecOf, step_of: StepOf) -> tuple[Action, ...]:
    """Return what to do, the most urgent first. Each finding that asks something is cleared by exactly one action."""
    told = [finding for finding in findings if finding.severity in ASKING and not finding.accepted]
    made = [_action(group, spec_of, step_of) for group in _causes(told, spec_of)]
    asking = [(action, place) for place, action in enumerate(made) if _asks(action)]
    return _distinct(action for action, _place in sorted(asking, key=lambda item: (_urgency(item[0]), item[1])))


def _asks(action: Action) -> bool:
    return action.impact.severity is not Severity.SKIP or action.remedy is not None


def _urgency(action: Action) -> tuple[int, int]:
    return ASKING.index(action.impact.severity), MOST_URGENT_FIRST.index(action.impact.area)


def _causes(told: Sequence[Finding], spec_of: SpecOf) -> list[list[Finding]]:
    """Put the findings of one cause together, in the order of the first of each."""
    parents = list(range(len(told)))

    def root(place: int) -> int:
        while parents[place] != place:
            place = parents[place]
        return place

    first: dict[Hashable, int] = {}
    for place, finding in enumerate(told):
        for key in _alike(finding, spec_of(finding)):
            one, other = sorted((root(first.setdefault(key, place)), root(place)))
            parents[other] = one
    for place, finding in enumerate(told):
        if (cause := _named(finding, told)) is not None:
            one, other = sorted((root(cause), root(place)))
            parents[other] = one
    groups: dict[int, list[Finding]] = {}
    for place, finding in enumerate(told):
        groups.setdefault(root(place), []).append(finding)
    return list(groups.values())


def _alike(finding: Finding, spec: Spec | None) -> Iterator[Hashable]:
    """Give what a finding has in common with others of its cause."""
    if finding.because:
        return
    own = finding.severity in {Severity.FAIL, Severity.WARN}
    yield "words", finding.id if own else "", finding.severity, finding.summary
    if spec and spec.empty_field and finding.error is ErrorKind.MISSING:
        yield "empty", str(finding.facts.get("setting", finding.subject)).partition(".")[0]
    elif finding.remedy and not (spec and finding.remedy == tr(spec.remedy)):
        yield "remedy", finding.remedy


def _named(finding: Finding, told: Sequence[Finding]) -> int | None:
    """Return the place of the finding that this one comes of, by id and subject or by a setting's key; None: of none.

    Of several it is the first: two causes are not made one by what waits for both.
    """
    for cause in finding.because:
        of_id = [place for place, other in enumerate(told) if other.id == cause and other is not finding]
        same = [place for place in of_id if told[place].subject == finding.subject]
        setting = [place for place, other in enumerate(told) if other.facts.get("setting") == cause]
        if found := same or of_id or setting:
            return found[0]
    return None


def _action(group: Sequence[Finding], spec_of: SpecOf, step_of: StepOf) -> Action:
    roots = [finding for finding in group if not finding.because] or list(group)
    worst = min(roots, key=lambda finding: ASKING.index(finding.severity))
    spec = spec_of(worst)
    return Action(
        id=f"{worst.id}:{worst.subject}" if worst.subject else worst.id,
        title=_title(worst, roots),
        impact=_impact(worst, spec),
        remedy=_remedy(worst, roots),
        doc=worst.doc,
        step=step_of(worst),
        clears=tuple((finding.id, finding.subject) for finding in group),
        places=tuple(dict.fromkeys(place for finding in roots for place in finding.places)),
    )


def _title(worst: Finding, roots: Sequence[Finding]) -> str:
    others = len({finding.summary for finding in roots}) - 1
    if not others:
        return worst.summary
    return sentences(
        worst.summary, trn("One more finding is of this cause.", "{count} more findings are of this cause.", others)
    )


def _impact(worst: Finding, spec: Spec | None) -> Impact:
    area = (spec.area if spec else None) or Area.START
    if worst.severity is Severity.WARN and area is Area.START:
        area = Area.ADVICE
    if worst.severity is Severity.FAIL and area is Area.ADVICE:
        area = Area.START
    if worst.severity is Severity.SKIP:
        return Impact(worst.severity, Area.ADVICE, "")
    if worst.severity is Severity.UNKNOWN:
        return Impact(worst.severity, area, "")
    effect = spec.effect if spec and worst.severity is Severity.FAIL else ""
    return Impact(worst.severity, area, tr(effect or EFFECTS[area]))


def _remedy(worst: Finding, roots: Sequence[Finding]) -> Remedy | None:
    told = next((finding for finding in (worst, *roots) if finding.remedy and finding.remedy_kind), None)
    if told is None or told.remedy_kind is None:
        return None
    return Remedy(told.remedy_kind, told.remedy, told.remedy_value)


def _distinct(made: Iterable[Action]) -> tuple[Action, ...]:
    """Give each action an id of its own: a rule can find two things of one subject."""
    seen: dict[str, int] = {}
    found = []
    for action in made:
        seen[action.id] = number = seen.get(action.id, 0) + 1
        found.append(action if number == 1 else replace(action, id=f"{action.id}#{number}"))
    return tuple(found)
