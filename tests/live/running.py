"""Runs checks as the product does, to the end, and gives their findings."""

import contextlib
import importlib
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from tests.patience import patience, wait_until
from tests.remedies import is_well_formed, remedy_of
from wizard.engine.check import Check
from wizard.engine.events import Event, RunFinished
from wizard.engine.report import Report
from wizard.engine.runner import Run
from wizard.plan.finding import Finding

_LATENCIES = {"database.judge_server": "QUICK_MS", "redis.judge_use": "SLOW_MS", "rabbitmq.judge_use": "SLOW_MS"}


@contextlib.contextmanager
def unhurried() -> Iterator[None]:
    """Let any latency pass: on the machine of the tests it tells how busy that is just now, and nothing of a check."""
    with pytest.MonkeyPatch.context() as patch:
        for module, limit in _LATENCIES.items():
            patch.setattr(importlib.import_module(f"wizard.checks.{module}"), limit, 60_000.0)
        yield


def findings_of(checks: Sequence[Check[Any]], **run_options: Any) -> dict[tuple[str, str], Finding]:
    """Run `checks` and give the findings by (id, subject); a fault of our own fails the test."""
    events: list[Event] = []
    run = Run(checks, events.append, **run_options)
    run.start()
    assert run.wait(patience()), "the run did not end"
    # `wait` returns when the run is over, which is just before its last event.
    report = _report(events)
    assert report.faults == 0, report.findings
    assert [finding.remedy for finding in report.findings if not is_well_formed(remedy_of(finding))] == []
    keys = [(finding.id, finding.subject) for finding in report.findings]
    assert len(keys) == len(set(keys)), "one finding per id and subject"
    return dict(zip(keys, report.findings, strict=True))


def _report(events: list[Event]) -> Report:
    assert wait_until(lambda: bool(events) and isinstance(events[-1], RunFinished))
    return events[-1].report
