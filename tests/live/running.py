"""Runs checks as the product does, to the end, and gives their findings."""

from collections.abc import Sequence
from typing import Any

from wizard.checks.check import Check
from wizard.checks.events import Event, RunFinished
from wizard.checks.report import Report
from wizard.checks.runner import Run
from wizard.demo.process import wait_until
from wizard.plan.finding import Finding


def findings_of(checks: Sequence[Check[Any]], **run_options: Any) -> dict[tuple[str, str], Finding]:
    """Run `checks` and give the findings by (id, subject); a fault of our own fails the test."""
    events: list[Event] = []
    run = Run(checks, events.append, **run_options)
    run.start()
    assert run.wait(60), "the run did not end"
    # `wait` returns when the run is over, which is just before its last event.
    report = _report(events)
    assert report.faults == 0, report.findings
    keys = [(finding.id, finding.subject) for finding in report.findings]
    assert len(keys) == len(set(keys)), "one finding per id and subject"
    return dict(zip(keys, report.findings, strict=True))


def _report(events: list[Event]) -> Report:
    assert wait_until(lambda: bool(events) and isinstance(events[-1], RunFinished), within=5)
    return events[-1].report
