"""No rule passes, or fails, on a default that stands where a value could not be read or was never said.

What could not be read is kept as text, and what a source cannot say is known by its key (`unsaid`); a plan has the
default in the place of both. A rule declares which settings it reads; what rests on one of these defaults is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wizard.plan.finding import UNSAID, Finding, Severity
from wizard.plan.i18n import listing, mark, sentences, tr
from wizard.plan.plan import Plan
from wizard.plan.remedy import Remedy, steps
from wizard.plan.spec import Spec

_SOUND = {Severity.PASS, Severity.INFO}
_FOR_COMPOSE = mark("Not judged: {names} is written for Compose, not for NocoBase.")
_ELSEWHERE = mark("Not judged: the files do not tell the value of {names}.")
_GROUPS = {"nodes": mark("which nodes there are (nodes)")}


def unread_of(plan: Plan, reads: Iterable[str]) -> list[str]:
    """Return those keys that could not be read, or are unsaid, among what a judgement `reads`.

    `*` stands for the number of a node (`nodes.*.host`).
    """
    keys = plan.unsaid.union(item.key for item in plan.unreadable)
    wanted = {tuple(key.split(".")) for key in reads} if keys else set()
    starred = {tuple(part == "*" for part in parts) for parts in wanted}  # few, however many nodes there are
    return sorted(key for key in keys if any(_with_stars(key, stars) in wanted for stars in starred))


def _with_stars(key: str, stars: tuple[bool, ...]) -> tuple[str, ...]:
    parts = key.split(".")
    if len(parts) != len(stars):
        return ()
    return tuple("*" if star else part for part, star in zip(parts, stars, strict=True))


def rested(spec: Spec, finding: Finding, plan: Plan, unread: Iterable[str]) -> Finding:
    """Return the finding, or that nothing is known, where it rests on `unread`: keys out of `unread_of`.

    A fault that was found without the setting it names stays one.
    """
    keys = list(unread)
    setting = finding.facts.get("setting")
    if not keys or (finding.severity not in _SOUND and setting not in keys):
        return finding
    if finding.severity not in _SOUND:
        keys = [key for key in keys if key == setting]
    return not_judged(spec, plan, keys, subject=finding.subject, facts={"setting": setting} if setting else {})


def not_judged(spec: Spec, plan: Plan, keys: Iterable[str], **more: Any) -> Finding:
    """Return the finding that nothing is known, as `keys` could not be read or are unsaid."""
    every = list(keys)
    if every and all(map(plan.is_expression, every)):  # said once, by a rule of its own
        composed = all(item.composed for item in plan.expressions if item.key in every)
        words = _ELSEWHERE if composed else _FOR_COMPOSE
        return spec.skip(tr(words, names=_labels(plan, every)), because=tuple(every), **more)
    every = [key for key in every if not plan.is_expression(key)]
    unread = [key for key in every if key not in plan.unsaid]
    unsaid = [key for key in every if key in plan.unsaid]
    summary, details = [], [plan.problem(key) for key in unread]
    if unread:
        summary.append(tr("Not judged: {names} could not be read.", names=_labels(plan, unread)))
    if unsaid:
        summary.append(tr("Not judged: the source does not say {names}.", names=_labels(plan, unsaid)))
        details.append(tr("A cluster file says it."))
        more = {"remedy": how_to_say(), **more, "facts": {**more.get("facts", {}), UNSAID: unsaid}}
    return spec.unknown(sentences(*summary), detail="\n".join(details), because=tuple(unread), **more)


def how_to_say() -> Remedy:
    """Return what to do on the command line about a value that the source does not say."""
    words = tr("Make a bundle of the source, fill in its cluster.yaml, and check the bundle:")
    return steps(words, "nocobase-cluster-wizard export FILE DIR --target env", "nocobase-cluster-wizard check DIR")


def _labels(plan: Plan, keys: list[str]) -> str:
    return listing(tr(_GROUPS[key]) if key in _GROUPS else label(plan, key) for key in keys)


def label(plan: Plan, key: str) -> str:
    """Return what texts call a setting; a key that is none, such as a variable's name, is itself."""
    try:
        return tr("“{label}” ({key})", label=tr(plan.setting(key).label), key=key)
    except KeyError:
        return key
