"""Findings that an admin knows and wants: each is accepted with a reason, until a date, as long as it is no worse."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from typing import Any

from wizard.dataclass import dataclass
from wizard.plan.finding import Acceptance, ErrorKind, Finding, Severity

GRAVITY = (Severity.WARN, Severity.UNKNOWN, Severity.FAIL)
"""The severities that ask something of a person, and so can be accepted, the gravest last."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """One finding that is accepted: which it was, why, and the last day on which that holds (None: without an end).

    `severity`, `error` and `identity` are those it had: where it gets graver or is another one, it counts again.
    """

    id: str
    subject: str
    severity: Severity
    reason: str
    error: ErrorKind | None = None
    identity: Mapping[str, str] = field(default_factory=dict)
    until: date | None = None

    @property
    def name(self) -> tuple[str, str]:
        """What it is known by among those of one plan: the finding's id and its subject."""
        return self.id, self.subject

    def covers(self, finding: Finding, names: Sequence[str], today: date) -> bool:
        """Whether a finding is the accepted one; `names` are the facts that make its identity."""
        if (finding.id, finding.subject) != (self.id, self.subject) or finding.severity not in GRAVITY:
            return False
        if self.until and today > self.until:
            return False
        no_worse = GRAVITY.index(finding.severity) <= GRAVITY.index(self.severity)
        return no_worse and (finding.error, identity_of(finding, names)) == (self.error, dict(self.identity))


def identity_of(finding: Finding, names: Sequence[str]) -> dict[str, str]:
    """Return the facts that make a finding's identity, as texts that can be compared and written down."""
    return {name: _text(finding.facts[name]) for name in names if finding.facts.get(name) is not None}


def marked(finding: Finding, accepted: Sequence[Accepted], names: Sequence[str], today: date) -> Finding:
    """Return the finding, marked as accepted where one of `accepted` covers it."""
    for one in accepted:
        if one.covers(finding, names, today):
            return replace(finding, accepted=Acceptance(one.reason, one.until))
    return finding


def accept(finding: Finding, names: Sequence[str], reason: str, until: date | None) -> Accepted:
    """Return what accepts a finding as it is now."""
    return Accepted(
        finding.id, finding.subject, finding.severity, reason, finding.error, identity_of(finding, names), until
    )


def merged(base: Sequence[Accepted], ours: Sequence[Accepted], theirs: Sequence[Accepted]) -> tuple[Accepted, ...]:
    """Return what is accepted once both sides have changed `base`: where they changed the same one, `ours` counts."""
    was, mine = _by_name(base), _by_name(ours)
    touched = {name for name in was.keys() | mine.keys() if was.get(name) != mine.get(name)}
    kept = (one for one in theirs if one.name not in touched)
    return (*kept, *(one for one in ours if one.name in touched))


def _by_name(accepted: Sequence[Accepted]) -> dict[tuple[str, str], list[Accepted]]:
    found: dict[tuple[str, str], list[Accepted]] = {}
    for one in accepted:
        found.setdefault(one.name, []).append(one)
    return found


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
