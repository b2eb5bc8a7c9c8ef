"""The actions as a person meets them: numbered, with what can be taken over, where they are done. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from itertools import chain

from wizard.dataclass import dataclass
from wizard.guide import advice, mending, places
from wizard.guide.actions import actions_of, verdict
from wizard.guide.places import Link
from wizard.plan.action import Action
from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.remedy import PlanValue


@dataclass(frozen=True, slots=True)
class Task:
    """An action in its place.

    `values` are what *Use this* takes, `link` leads to where it is done, `cleared` are the summaries of the findings
    that it clears. `overtaken` says in words why it may no longer count (empty: it does).
    """

    number: int
    action: Action
    values: tuple[PlanValue, ...]
    link: Link | None
    cleared: tuple[str, ...]
    overtaken: str = ""


@dataclass(frozen=True, slots=True)
class ToDo:
    """How a cluster stands in one sentence, and what is to be done about it."""

    sentence: str
    tasks: tuple[Task, ...]


def to_do(plan: Plan, findings: Sequence[Finding], stale: Collection[Finding]) -> ToDo:
    """Return what is to be done by what was found; `stale` are the findings that an edit has overtaken.

    It takes a while with many findings: not for a thread that is waited for.
    """
    found = advice.in_window(plan, findings)
    overtaken = {(finding.id, finding.subject) for finding in stale}
    by_key: dict[tuple[str, str], list[Finding]] = {}
    for finding in found:
        by_key.setdefault((finding.id, finding.subject), []).append(finding)
    actions = actions_of(found)
    tasks = []
    for number, action in enumerate(actions, start=1):
        keys = dict.fromkeys(action.clears)
        cleared = [finding for key in keys for finding in by_key.get(key, ())]
        place = places.of_action(plan, action, cleared)
        tasks.append(
            Task(
                number,
                action,
                mending.offered(plan, action, found),
                Link(place, places.words(plan, place)) if place else None,
                tuple(dict.fromkeys(finding.summary for finding in cleared)),
                tr("changed since this test") if keys and overtaken.issuperset(keys) else "",
            )
        )
    return ToDo(verdict(found, actions), tuple(tasks))


def way_to_value(told: ToDo, rules: Iterable[Finding], way: Callable[[Finding], Link | None]) -> Link | None:
    """Return the way to the first value that fails by the rules, in the order of what is to be done; None if none does.

    Where nothing is told yet, `way` gives that of a finding.
    """
    failed = [item for item in rules if item.severity is Severity.FAIL and not item.accepted]
    tasks = (one.link for one in told.tasks if one.action.impact.severity is Severity.FAIL)
    return next(filter(None, chain(tasks, map(way, failed))), None) if failed else None


def being_tested_again(told: ToDo, components: Collection[str]) -> ToDo:
    """Return what was to be done while a run of these components finds theirs out anew."""
    words = tr("being tested again")
    tasks = (
        replace(task, overtaken=words) if task.action.id.partition(".")[0] in components else task
        for task in told.tasks
    )
    return replace(told, tasks=tuple(tasks))
