"""What a person accepts in the window, and takes back: an edit of the plan like any other. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from wizard.app.acceptance import AcceptError, accepted_as, no_reason
from wizard.formats.cluster_file.accepted import day
from wizard.plan.bundle_names import ACCEPTED
from wizard.plan.finding import Finding
from wizard.plan.i18n import sentences, tr
from wizard.plan.plan import Plan


def accept(plan: Plan, findings: Iterable[Finding], reason: str, until: date | None) -> Plan:
    """Return the plan in which these findings are accepted as they are now, in the place of former ones."""
    ones = [accepted_as(finding, reason, until) for finding in findings]
    names = {one.name for one in ones}
    return replace(plan, accepted=(*(one for one in plan.accepted if one.name not in names), *ones))


def withdraw(plan: Plan, findings: Iterable[Finding]) -> Plan:
    """Return the plan in which these findings are accepted no longer."""
    names = {(finding.id, finding.subject) for finding in findings}
    return replace(plan, accepted=tuple(one for one in plan.accepted if one.name not in names))


def where(source: str, file: Path | None) -> str:
    """Say where else than in the saved cluster it will stand, by the source's file for it; nothing of a saved one.

    An exported bundle gets it with the next export, and several sources have no one place for it.
    """
    if file:
        told = tr("It is noted in {file}, too, where “check” looks for it.", file=file)
        return sentences(told, tr("It holds for every source in that folder.")) if file.name == ACCEPTED else told
    if not source:
        return ""
    return tr("It is kept with the saved cluster alone, and an export takes it along; what was opened stays as it is.")


def read(reason: str, until: str) -> tuple[str, date | None]:
    """Return what was entered; raises AcceptError with the sentence that says what is wrong with it."""
    if not reason.strip():
        raise AcceptError(no_reason())
    return reason.strip(), _until(until.strip())


def _until(text: str) -> date | None:
    if not text:
        return None
    try:
        last = day(text)
    except ValueError:
        raise AcceptError(tr("“{text}” is no day as YYYY-MM-DD.", text=text)) from None
    if last < datetime.now(UTC).astimezone().date():
        raise AcceptError(tr("{day} is over: it would count again at once.", day=text))
    return last
