"""What is said of a check that got no answer, or measured a time, through no fault of the other side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from wizard.engine.check import Check
from wizard.plan.finding import OUT_OF_TIME, ErrorKind, Finding, Severity
from wizard.plan.i18n import listing, sentences, tr
from wizard.plan.remedy import Remedy, advice

BROKEN_OFF = "broken_off"
"""The fact of a finding on a connection that the other side ended: servers give a client some seconds to sign in."""


def time_was_up() -> str:
    """Return the reason for what a run's own deadline left open."""
    return tr("Could not be found out: the run's time was up.")


def untimed(check: Check[Any], findings: Iterable[Finding]) -> list[Finding]:
    """Return what may still be told of a check that this machine slowed down: not that an answer took long."""
    timed = {spec.id for spec in check.specs if spec.timed}
    return [
        _unknown(item, *_busy()) if item.severity is Severity.WARN and item.id in timed else item for item in findings
    ]


def unsure(check: Check[Any], findings: Iterable[Finding]) -> list[Finding]:
    """Return what may still be told of a check whose time this machine took: not of silence, slowness or patience."""
    return [
        too_busy(item)
        if item.error is ErrorKind.TIMEOUT
        else _unknown(item, *_busy())
        if item.facts.get(BROKEN_OFF)
        else item
        for item in untimed(check, findings)
    ]


def too_busy(finding: Finding) -> Finding:
    """Return a finding of a check that this machine held up until its deadline; what was skipped for it, too."""
    return cut_off(finding, *_busy())


def flooded(finding: Finding) -> Finding:
    """Return a finding of a check that was sent more than any server has to say."""
    from wizard.engine.sockets import BUDGET, MIB  # loaded by then; the window words findings before it checks

    reason = tr(
        "Could not be found out: what answers there sent more than {most} MiB without an end.", most=BUDGET // MIB
    )
    look = advice(tr("Find out what answers at this address: no server that NocoBase uses says so much to a check."))
    return cut_off(finding, reason, look, ErrorKind.PROTOCOL)


def cut_off(
    finding: Finding, reason: str, remedy: Remedy | None = None, error: ErrorKind = ErrorKind.TIMEOUT
) -> Finding:
    """Return a finding of a check that got no answer through no fault of the other side.

    What hangs on the missing answer is unknown, the rest stands.
    """
    if finding.severity in {Severity.PASS, Severity.INFO}:
        return finding
    if finding.severity is not Severity.SKIP and finding.error is not ErrorKind.TIMEOUT:
        return finding
    return _unknown(finding, reason, remedy, error)


def _unknown(finding: Finding, reason: str, remedy: Remedy | None, error: ErrorKind = ErrorKind.TIMEOUT) -> Finding:
    facts = {OUT_OF_TIME: True} if error is ErrorKind.TIMEOUT else {}
    unknown = replace(finding, severity=Severity.UNKNOWN, error=error, summary=reason, detail="", facts=facts)
    return unknown.with_remedy(remedy)


def _busy() -> tuple[str, Remedy]:
    return tr("Could not be found out: this machine was too busy to tell."), with_more_time()


def with_more_time() -> Remedy:
    """Return the advice to try again where this machine was too busy."""
    return advice(tr("Run it again when less is going on here, or give each check more time with --timeout SECONDS."))


def told_what_it_stopped(findings: list[Finding], gate: str) -> list[Finding]:
    """Return the findings of an overdue check; the one without an answer names what was therefore not looked at.

    Where the gate itself got none, that is said of every other one already.
    """
    slow = next((item for item in findings if item.error is ErrorKind.TIMEOUT), None)
    stopped = [item.id for item in findings if item.severity is Severity.SKIP]
    if slow is None or slow.id == gate or not stopped:
        return findings
    names = tr("It took all the time of the check; not looked at: {ids}.", ids=listing(stopped))
    reason = tr("Not looked at: {slow} took all the time of the check.", slow=slow.id)
    return [
        replace(item, summary=sentences(item.summary, names))
        if item is slow
        else replace(item, summary=reason)
        if item.severity is Severity.SKIP
        else item
        for item in findings
    ]
