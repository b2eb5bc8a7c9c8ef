"""The outcome of a run: findings, figures, and their JSON form, which is a fixed contract (`schema: 1`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from wizard import __version__
from wizard.dataclass import dataclass
from wizard.plan.action import Action
from wizard.plan.finding import Finding, Severity
from wizard.program_name import PROGRAM

TOOL = PROGRAM


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of a run. `faults` counts errors of our own (a probe or judge that broke).

    `facts` are what the probes that ended found, by component and subject: for keeping the run, and never shown.
    """

    findings: tuple[Finding, ...]
    started: datetime
    elapsed_ms: int
    cancelled: bool = False
    faults: int = 0
    facts: Mapping[tuple[str, str], Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def good(self) -> bool:
        """Whether the run ended and nothing failed in it."""
        return not (self.count(Severity.FAIL) or self.cancelled or self.faults)

    def count(self, severity: Severity) -> int:
        """How many findings have `severity` and count: accepted ones do not."""
        return sum(finding.severity is severity and not finding.accepted for finding in self.findings)

    @property
    def accepted(self) -> tuple[Finding, ...]:
        """The findings that are known and wanted."""
        return tuple(finding for finding in self.findings if finding.accepted)

    def as_json(self, source: str, actions: Iterable[Action] = ()) -> dict[str, Any]:
        """Return the report as the contract's JSON document; `source` says what was checked, `actions` what to do."""
        counted = Counter(finding.severity for finding in self.findings if not finding.accepted)
        accepted = {"accepted": len(self.accepted)} if self.accepted else {}
        cancelled = {"cancelled": True} if self.cancelled else {}
        return {
            "schema": 1,
            "tool": {"name": TOOL, "version": __version__},
            "source": source,
            "started": self.started.isoformat(timespec="milliseconds"),
            "elapsed_ms": self.elapsed_ms,
            **cancelled,
            "summary": {severity.value: counted[severity] for severity in Severity} | accepted,
            "actions": [action.as_json() for action in actions],
            "findings": [finding.as_json() for finding in self.findings],
        }
