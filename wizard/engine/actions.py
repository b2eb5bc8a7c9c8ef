"""Causes become actions, the most urgent first: what a person should do next, and all that it clears."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from wizard.engine.causes import ASKING, Cause, SpecOf, causes
from wizard.plan.action import EFFECTS, MOST_URGENT_FIRST, Action, Area, Impact
from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import listing, sentences, tr, trn
from wizard.plan.remedy import Remedy, RemedyKind, advice, commands
from wizard.plan.spec import Spec

StepOf: TypeAlias = Callable[[Finding], str]


def actions(findings: Iterable[Finding], spec_of: SpecOf, step_of: StepOf) -> tuple[Action, ...]:
    """Return what to do, the most urgent first. Each finding that asks something is cleared by exactly one action."""
    made = [(_action(cause, spec_of, step_of), cause) for cause in causes(findings, spec_of)]
    asking = [(action, _is_down(cause, spec_of)) for action, cause in made if _asks(action)]
    # in their order otherwise: what nothing works without is of no use behind what matters once it is there
    return _distinct(action for action, _down in sorted(asking, key=lambda one: (_urgency(one[0]), not one[1])))


def _asks(action: Action) -> bool:
    return action.impact.severity is not Severity.SKIP or action.remedy is not None


def _is_down(cause: Cause, spec_of: SpecOf) -> bool:
    """Whether a cause is that a server does not answer, or does not do its work, on which others rest."""
    spec = spec_of(cause.worst)
    return bool(spec and spec.vital) and cause.worst.severity is Severity.FAIL


def _urgency(action: Action) -> tuple[int, int]:
    return ASKING.index(action.impact.severity), MOST_URGENT_FIRST.index(action.impact.area)


def _action(cause: Cause, spec_of: SpecOf, step_of: StepOf) -> Action:
    worst = cause.worst
    return Action(
        id=f"{worst.id}:{worst.subject}" if worst.subject else worst.id,
        title=_title(worst, cause.roots, spec_of(worst)),
        impact=_impact(worst, spec_of(worst)),
        remedy=_remedy(worst, cause.roots),
        doc=worst.doc,
        step=step_of(worst),
        clears=tuple((finding.id, finding.subject) for finding in cause.findings),
        places=tuple(dict.fromkeys(place for finding in cause.roots for place in finding.places)),
    )


def _title(worst: Finding, roots: Sequence[Finding], spec: Spec | None) -> str:
    lacking = _lacking(roots)
    if lacking and len({finding.summary for finding in roots}) > 1:  # none of them speaks for the others
        return trn(
            "{count} secret is not at hand: {keys}.",
            "{count} secrets are not at hand: {keys}.",
            len(lacking),
            keys=listing(lacking),
        )
    if spec and spec.speaks_for_all and (others := _others(worst, roots)):
        return sentences(worst.summary, tr("The same goes for {names}.", names=listing(others)))
    return worst.summary


def _others(worst: Finding, roots: Iterable[Finding]) -> list[str]:
    """Return what else the cause is about, as its source calls it, where the first finding names itself alone."""
    said = [finding for finding in roots if finding.cause and finding.cause == worst.cause]
    names = [place.name for finding in said for place in finding.places] or [finding.subject for finding in said]
    own = {worst.subject, *(place.name for place in worst.places)}
    return [name for name in dict.fromkeys(names) if name not in own and name not in worst.summary]


def _lacking(roots: Iterable[Finding]) -> list[str]:
    """Return the keys of the secrets that are not at hand."""
    return list(dict.fromkeys(finding.lacks for finding in roots if finding.lacks))


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
    return Impact(worst.severity, area, worst.effect or tr(effect or EFFECTS[area]))


def _remedy(worst: Finding, roots: Sequence[Finding]) -> Remedy | None:
    told = [
        Remedy(finding.remedy_kind, finding.remedy, finding.remedy_value)
        for finding in (worst, *roots)
        if finding.remedy and finding.remedy_kind
    ]
    granted = worst.cause and told and told[0].kind is RemedyKind.COMMANDS
    if len(told) > 1 and (granted or len(_lacking(roots)) > 1):
        return _together(told[1:])  # the worst is among them
    return told[0] if told else None


def _together(told: Sequence[Remedy]) -> Remedy:
    """Return one remedy for all: each line once, below all that may lead to it, or each sentence once."""
    pasted = [remedy for remedy in told if remedy.kind is RemedyKind.COMMANDS]
    if not pasted:
        return advice(sentences(*dict.fromkeys(remedy.text for remedy in told)))
    lines = [line for remedy in pasted for line in remedy.text.splitlines()]
    return commands(*reversed(dict.fromkeys(reversed(lines))))


def _distinct(made: Iterable[Action]) -> tuple[Action, ...]:
    """Return the actions with an id of its own for each: a rule can find two things of one subject."""
    seen: dict[str, int] = {}
    found = []
    for action in made:
        seen[action.id] = number = seen.get(action.id, 0) + 1
        found.append(action if number == 1 else replace(action, id=f"{action.id}#{number}"))
    return tuple(found)
