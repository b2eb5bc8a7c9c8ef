"""A run as it is told, in whatever format."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property

from wizard.dataclass import dataclass
from wizard.engine.report import Report
from wizard.engine.since import Since
from wizard.guide.actions import actions_of, verdict
from wizard.plan.action import Action
from wizard.plan.plan import Plan


@dataclass(frozen=True)
class Told:
    """A report, what was checked in words, what changed since another run, and the plan, for the cluster's picture."""

    report: Report
    source: str
    since: Since | None = None
    plan: Plan = field(default_factory=Plan)

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """What to do, the most urgent first."""
        return actions_of(self.report.findings)

    @property
    def verdict(self) -> str:
        """How the cluster stands, in one sentence."""
        return verdict(self.report.findings, self.actions)
