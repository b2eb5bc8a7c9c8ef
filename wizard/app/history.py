"""Use case history: each run is kept, of a saved cluster under its id and of anything else under its real path.

What is kept is the report, the facts behind it, and the plan; no secret. So a later run can say what changed, and a
kept run can be judged again.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from wizard.app.from_here import inside_names
from wizard.dataclass import dataclass
from wizard.engine.check import Nothing
from wizard.engine.report import Report
from wizard.engine.selection import Selection
from wizard.engine.since import Since, compared
from wizard.formats import cluster_file
from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.redact import Redactor
from wizard.reading import parse_json, read_file
from wizard.storage.kept_runs import LARGEST, KeptRun, KeptRuns

SCHEMA = 1
_KEY_LENGTH = 32
"""Letters of a digest that name a source's folder."""
_SELECTION = ("only", "skip", "whole_ids", "withheld")
_LONGEST_MS = 10**12
"""Milliseconds of a run that anybody waited for; more is a damaged number."""
_DAMAGED = (ValueError, KeyError, TypeError, AttributeError, OverflowError)
"""What a document raises that is none of a run; JSON has numbers without end."""
_log = logging.getLogger(__name__)


class HistoryError(Exception):
    """A kept run or a report cannot be read; the message is a sentence with its path."""


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run that was kept, or a report in JSON: what it was asked for, when, and what it found."""

    started: datetime
    elapsed_ms: int
    good: bool
    selection: Selection
    findings: tuple[Finding, ...]
    version: str
    document: Mapping[str, Any]
    path: Path

    def count(self, severity: Severity) -> int:
        """Return how many findings of a severity counted."""
        return sum(finding.severity is severity and not finding.accepted for finding in self.findings)


def key_of(sources: Sequence[str], cluster_id: str = "") -> str:
    """Return the key under which runs are kept: a saved cluster's id, or a digest of the real paths."""
    if cluster_id:
        return cluster_id
    paths = sorted(os.path.realpath(os.path.expanduser(source)) for source in sources)  # noqa: PTH111 - as typed
    import hashlib

    return hashlib.sha256("\0".join(paths).encode(errors="surrogateescape")).hexdigest()[:_KEY_LENGTH]


def document_of(
    report: Report, plan: Plan, selection: Selection, redactor: Redactor, document: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the document of a run: `document`, its report in JSON, with all that is needed to judge it again."""
    from wizard.engine.facts_json import facts_to_json

    facts = [
        {"component": component, "subject": subject, "facts": facts_to_json(found, redactor)}
        for (component, subject), found in report.facts.items()
        if not isinstance(found, Nothing)
    ]
    kept = {
        "selection": {name: sorted(getattr(selection, name)) for name in _SELECTION},
        "good": report.good,
        "cancelled": report.cancelled,
        "plan": cluster_file.document(plan),
        "unsaid": sorted(plan.unsaid),
        "inside_names": inside_names(plan),
        "facts": facts,
    }
    return {**document, "run": kept}


def keep(key: str, report: Report, document: Mapping[str, Any], runs: KeptRuns | None = None) -> str:
    """Keep a run that found anything; return why it could not be kept, which costs nobody the result."""
    if not report.findings:  # of what nobody looked at nothing is good
        return ""
    try:
        (runs or KeptRuns()).keep(key, document, started=report.started, good=report.good)
    except (OSError, ValueError) as error:
        _log.warning("the run was not kept: %s", error)
        return str(getattr(error, "strerror", None) or error)
    return ""


def past_runs(key: str, runs: KeptRuns | None = None) -> Iterator[PastRun]:
    """Go through the kept runs of a source, the newest first; damaged ones are logged and left out."""
    for kept in (runs or KeptRuns()).runs(key):
        if found := _read(kept):
            yield found


def last(key: str, selection: Selection, *, good: bool, runs: KeptRuns | None = None) -> PastRun | None:
    """Return the last run of a source that can be compared with one of `selection`; with `good`, the last good one.

    It is one that was asked for everything, or for the same.
    """
    for kept in (runs or KeptRuns()).runs(key):
        if good and not kept.good:
            continue
        found = _read(kept)
        if found and _is_comparable(found.selection, selection):
            return found
    return None


def _is_comparable(past: Selection, present: Selection) -> bool:
    """Whether a past run was asked for everything, or for the same."""
    return not (past.only or past.skip) or all(
        set(getattr(past, name)) == set(getattr(present, name)) for name in _SELECTION
    )


def from_file(path: Path) -> PastRun:
    """Read a report in JSON, or a kept run, from a file; raises HistoryError."""
    try:
        document = parse_json(read_file(path, LARGEST), path)
        _refuse_newer(document, path)
        return _past(document, path)
    except OSError as error:
        raise HistoryError(tr("{path} cannot be read: {reason}.", path=path, reason=error.strerror or error)) from error
    except _DAMAGED as error:
        raise HistoryError(tr("{path} is no report of this program in JSON.", path=path)) from error


def following(past: PastRun, plan: Plan) -> PastRun:
    """Return a past run in which counts no longer what `plan` accepts by now; what was accepted then stays so."""
    from wizard.app.check import accepted  # the checks' declarations, once there is a run

    found = (item if item.accepted else accepted(plan, item) for item in past.findings)
    return replace(past, findings=tuple(found)) if plan.accepted else past


def since(past: PastRun, report: Report, selection: Selection) -> Since:
    """Return what changed from a past run to this report of `selection`."""
    looked_at = _looked_at(selection, report.findings)
    changes = compared(past.findings, report.findings, past.selection.wants, looked_at)
    together = any(past.selection.wants(item.id) for item in report.findings)
    return Since(past.started, past.good, changes, together)


def _looked_at(selection: Selection, findings: Sequence[Finding]) -> Callable[[str], bool]:
    """Return whether a run looked at an id: what it was not asked to look into is not gone."""
    from wizard.checks.registry import component, names  # once there is a run

    told = {finding.component for finding in findings}

    def looked_at(identifier: str) -> bool:
        name = identifier.partition(".")[0]
        if not selection.wants(identifier):
            return False
        return name in told or name not in names() or not component(name).on_request

    return looked_at


def _read(kept: KeptRun) -> PastRun | None:
    try:
        return _past(kept.document(), kept.path)
    except (OSError, *_DAMAGED) as error:
        _log.warning("%s is not read: %s", kept.path, error)
        return None


def _refuse_newer(document: Any, path: Path) -> None:
    schema = document["schema"]
    if isinstance(schema, int) and schema > SCHEMA:
        raise HistoryError(tr("{path} was written by a newer version of the wizard.", path=path))


def _past(document: Any, path: Path) -> PastRun:
    if document["schema"] != SCHEMA:
        raise ValueError(document["schema"])
    findings = tuple(Finding.from_json(item) for item in document["findings"])
    failed = any(item.severity is Severity.FAIL and not item.accepted for item in findings)
    run = document.get("run", {"good": not failed})
    started, elapsed = datetime.fromisoformat(document["started"]), int(document["elapsed_ms"])
    if not 0 <= elapsed <= _LONGEST_MS:
        raise ValueError(elapsed)
    started.astimezone()  # raises for a day that no calendar of this machine has
    return PastRun(
        started=started,
        elapsed_ms=elapsed,
        good=bool(run["good"]),
        selection=_selection(run.get("selection"), findings),
        findings=findings,
        version=str(document["tool"]["version"]),
        document=document,
        path=path,
    )


def _selection(wanted: Mapping[str, Sequence[str]] | None, findings: Sequence[Finding]) -> Selection:
    """Return what a run was asked for; a report does not say it, so it is taken for the ids that it tells of."""
    if wanted is None:
        ids = dict.fromkeys(finding.id for finding in findings)
        return Selection(tuple(ids), (), frozenset(ids))
    only, skip, whole, withheld = ([_text(one) for one in wanted[name]] for name in _SELECTION)
    return Selection(tuple(only), tuple(skip), frozenset(whole), frozenset(withheld))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
