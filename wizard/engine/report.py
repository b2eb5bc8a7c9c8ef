"""The outcome of a run: findings, figures, and their JSON form, which is a fixed contract (`schema: 1`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wizard import __version__
from wizard.plan.action import Action
from wizard.plan.finding import Finding, Severity

TOOL = "nocobase-cluster-wizard"


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of a run. `faults` counts errors of our own (a probe or judge that broke)."""

    findings: tuple[Finding, ...]
    started: datetime
    elapsed_ms: int
    cancelled: bool = False
    faults: int = 0

    def count(self, severity: Severity) -> int:
        """How many findings have `severity`."""
        return sum(finding.severity is severity for finding in self.findings)

    def as_json(self, source: str, actions: Iterable[Action] = ()) -> dict[str, Any]:
        """Return the report as the contract's JSON document; `source` says what was checked, `actions` what to do."""
        counted = Counter(finding.severity for finding in self.findings)
        return {
            "schema": 1,
            "tool": {"name": TOOL, "version": __version__},
            "source": source,
            "started": self.started.isoformat(timespec="milliseconds"),
            "elapsed_ms": self.elapsed_ms,
            "summary": {severity.value: counted[severity] for severity in Severity},
            "actions": [action.as_json() for action in actions],
            "findings": [finding.as_json() for finding in self.findings],
        }
