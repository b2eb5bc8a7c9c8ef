"""What changed between two runs of one cluster: what is new, worse, still there, and gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from wizard.dataclass import dataclass
from wizard.plan.accepted import GRAVITY
from wizard.plan.finding import Finding, Severity


class Change(StrEnum):
    """How what is found now stands to what was found before."""

    NEW = "new"
    WORSE = "worse"
    STILL = "still"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since a run that began at `started`; each finding is the present one, but for those that are gone.

    `good` says that nothing had failed in that run, `together` that both looked at something in common.
    """

    started: datetime
    good: bool
    findings: Mapping[Change, tuple[Finding, ...]]
    together: bool = True

    def counting(self, counts: Callable[[Finding], bool]) -> Since:
        """Return the changes among the findings that still count, as some were accepted after the run."""
        return replace(self, findings={change: (*filter(counts, found),) for change, found in self.findings.items()})

    def count(self, change: Change) -> int:
        """Return how many findings changed so."""
        return len(self.findings.get(change, ()))

    def as_json(self) -> dict[str, Any]:
        """Return the changes as a JSON object; new key of the contract's schema 1.

        Where `in_common` is false the lists are empty, and say nothing.
        """
        return {
            "started": self.started.isoformat(timespec="milliseconds"),
            "good": self.good,
            "in_common": self.together,
            **{
                change.value: [
                    {"id": item.id, "subject": item.subject, "severity": item.severity.value, "summary": item.summary}
                    for item in self.findings.get(change, ())
                ]
                for change in Change
            },
        }


def compared(
    former: Iterable[Finding],
    present: Iterable[Finding],
    wanted_before: Callable[[str], bool],
    wanted_now: Callable[[str], bool],
) -> dict[Change, tuple[Finding, ...]]:
    """Return what changed from one run to another, in the order of the findings.

    Only ids that both runs were asked for are compared. What asked something and was not looked at this time is still
    there: nobody saw it mended.
    """
    before = _worst(item for item in former if wanted_now(item.id))
    now = _worst(item for item in present if wanted_before(item.id))
    changes: dict[Change, list[Finding]] = {change: [] for change in Change}
    for key, finding in now.items():
        then = before.get(key)
        if change := _change(then, finding):
            changes[change].append(then if then and finding.severity is Severity.SKIP else finding)
    for key, finding in before.items():
        after = now.get(key)
        if _rank(finding) and not (after and (_rank(after) or after.severity is Severity.SKIP)):
            changes[Change.GONE].append(finding)
    return {change: tuple(found) for change, found in changes.items()}


def milder(former: Iterable[Finding], present: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that still ask something of a person, and less than they did before."""
    before = _worst(former)
    now = _worst(present).items()
    return tuple(finding for key, finding in now if 0 < _rank(finding) < _rank(before.get(key)))


def _change(then: Finding | None, finding: Finding) -> Change | None:
    """Return how a present finding stands to the former one, None where neither asks something of a person."""
    was, is_now = _rank(then), _rank(finding)
    if is_now > was:
        return Change.WORSE if was else Change.NEW
    if is_now or (was and finding.severity is Severity.SKIP):
        return Change.STILL
    return None


def _rank(finding: Finding | None) -> int:
    """Return how much a finding asks of a person: nothing (0), or the more the graver it is; accepted ones nothing."""
    if finding is None or finding.accepted or finding.severity not in GRAVITY:
        return 0
    return GRAVITY.index(finding.severity) + 1


def _worst(findings: Iterable[Finding]) -> dict[tuple[str, str], Finding]:
    """Return the gravest finding of each id and subject: a rule can find two things of one subject."""
    found: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        key = (finding.id, finding.subject)
        if key not in found or _rank(finding) > _rank(found[key]):
            found[key] = finding
    return found
