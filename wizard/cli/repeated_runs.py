"""Looking again: until nothing fails (`--wait`), or for as long as somebody watches (`--watch`)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from wizard.checks.registry import component, names
from wizard.cli.output import say, write
from wizard.cli.progress import pause
from wizard.engine.report import Report
from wizard.engine.selection import Selection
from wizard.engine.since import compared, milder
from wizard.guide.reports.report import renewed
from wizard.guide.reports.since import LISTED, TITLES, line_of
from wizard.guide.reports.style import printable
from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import listing, tr

PAUSE = 2.0
"""Seconds between two looks at what failed."""

Look = Callable[[Selection], Report]


def waited(look: Look, selection: Selection, seconds: float) -> Report:
    """Return the last look: what failed is looked at again until nothing fails, or `seconds` are over.

    Where at last nothing of it fails, all is looked at once more. What the plan alone says is not waited for: nobody
    changes it meanwhile. An interrupt ends it with what is known.
    """
    end = time.monotonic() + seconds
    report = look(selection)
    told: list[str] = []
    try:
        while (failing := _failing(report)) and not report.cancelled and (left := end - time.monotonic()) > 0:
            if failing != told:
                say(tr("Waiting for {components}.", components=listing(failing)))
                told = failing
            pause(min(PAUSE, left))
            report = renewed(report, look(_part(selection, failing)), failing)
            if not _failing(report) and not report.cancelled:
                report = look(selection)
    except KeyboardInterrupt:
        return replace(report, cancelled=True)
    return report


def watched(
    look: Look,
    selection: Selection,
    seconds: float,
    tell: Callable[[Report], None],
    looked: Callable[[Report], None] = lambda _report: None,
) -> Report:
    """Look every `seconds` until an interrupt, and return the last look that ended.

    `tell` gets the first look, and each that changed something; what changed is printed, too. `looked` gets the others.
    """
    report = look(selection)
    try:
        tell(report)
        while not report.cancelled:
            pause(seconds)
            newer = look(selection)
            if newer.cancelled:
                break
            former, report = report, newer
            if changes := _changes(former.findings, newer.findings):
                write("".join(f"{line}\n" for line in changes), None)
                tell(report)
            else:
                looked(report)
    except KeyboardInterrupt:  # the way to end it
        return report
    return report


def _failing(report: Report) -> list[str]:
    """Return the components in which something fails that can change while one waits."""
    found = {item.component for item in report.findings if item.severity is Severity.FAIL and not item.accepted}
    return [name for name in names() if name in found and not component(name).offline]


def _part(selection: Selection, components: Sequence[str]) -> Selection:
    """Return the wanted ids of some components."""
    ids = [spec.id for name in components for spec in component(name).specs if selection.wants(spec.id)]
    return Selection(tuple(ids), (), frozenset(ids))


def _changes(former: Sequence[Finding], present: Sequence[Finding]) -> list[str]:
    """Return a line for each change, with the time of day."""
    now = datetime.now(UTC).astimezone().strftime("%H:%M:%S")
    found = compared(former, present, lambda _id: True, lambda _id: True)
    told = [(tr(TITLES[change]), found[change]) for change in LISTED]
    told.append((tr("Milder"), milder(former, present)))
    return [f"{now}  {title}  {printable(line_of(finding))}" for title, findings in told for finding in findings]
