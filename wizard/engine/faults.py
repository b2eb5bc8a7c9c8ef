"""What is said where this program itself broke: its fault is nobody else's, and costs nothing that was found before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wizard.plan.finding import ErrorKind, Finding, Severity
from wizard.plan.i18n import tr
from wizard.plan.spec import Spec


def not_found_out(specs: Iterable[Spec], subject: str, log: object) -> list[Finding]:
    """Return an unknown for each of `specs`; `log` is the place of the log, or nothing."""
    reason = tr("Could not be found out: a fault in this program, not in your cluster.")
    where = tr("The log has the details: {path}.", path=log) if log else ""
    return [spec.unknown(reason, subject=subject, detail=where, error=ErrorKind.OTHER) for spec in specs]


def kept_through_a_fault(found: Sequence[Finding], unknowns: Iterable[Finding]) -> list[Finding]:
    """Return what was found, with an unknown in the place of each finding that the fault left without its fact.

    `found` are the findings of facts in which the one that the fault met counts as not answered in time.
    """
    lost = {finding.id for finding in found if finding.error is ErrorKind.TIMEOUT}
    told = {finding.id: finding for finding in unknowns}
    return [
        told[finding.id] if finding.id in told and (finding.id in lost or _hangs_on(finding, lost)) else finding
        for finding in found
    ]


def _hangs_on(finding: Finding, lost: set[str]) -> bool:
    """Whether a finding was skipped because of one of `lost`, or for want of a fact."""
    return finding.severity is Severity.SKIP and not lost.isdisjoint(finding.because or lost)
