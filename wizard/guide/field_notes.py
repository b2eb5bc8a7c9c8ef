"""What is said below a field: why its text cannot be read, else what the rules find wrong with its value. No Qt."""

from __future__ import annotations

from wizard.checks.registry import spec_of
from wizard.dataclass import dataclass
from wizard.guide.findings_store import FindingsStore
from wizard.plan.finding import WORST_FIRST, Finding, Severity
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence about one field. `fails` says whether it is wrong, or only could not be found out."""

    text: str
    fails: bool = True


def note(plan: Plan, record: FindingsStore, key: str, *, judged: bool) -> Note | None:
    """Return what is wrong at `key`. The rules count where it is `judged`: once somebody has worked on the field."""
    if problem := plan.problem(key):
        return Note(problem)
    if not judged:
        return None
    found = record.once(plan, _wrong).get(key)
    if not found:
        return None
    gravest = min(found, key=lambda item: WORST_FIRST.index(item.severity))
    spec = spec_of(gravest)
    words = tr(spec.note) if spec and spec.note else gravest.summary
    return Note(words, gravest.severity is Severity.FAIL)


def _wrong(_plan: Plan, record: FindingsStore) -> dict[str, list[Finding]]:
    """Return by the keys of settings what the rules find wrong with them, or could not find out."""
    found: dict[str, list[Finding]] = {}
    for item in record.rules:
        if item.severity in {Severity.FAIL, Severity.UNKNOWN} and not item.accepted:
            found.setdefault(str(item.facts.get("setting", "")), []).append(item)
    return found
