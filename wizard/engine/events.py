"""The events of a run, in the order they come: started, then each check's start and end, then finished."""

from __future__ import annotations

from typing import TypeAlias

from wizard.dataclass import dataclass
from wizard.engine.report import Report
from wizard.plan.finding import Finding


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run begins; `total` checks will end."""

    total: int


@dataclass(frozen=True, slots=True)
class CheckStarted:
    """A check begins; `name` is what progress calls it."""

    name: str


@dataclass(frozen=True, slots=True)
class CheckFinished:
    """A check ended with its findings; `done` of `total` have ended."""

    name: str
    findings: tuple[Finding, ...]
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The run is over: all findings, or those up to the cancel."""

    report: Report


Event: TypeAlias = RunStarted | CheckStarted | CheckFinished | RunFinished
