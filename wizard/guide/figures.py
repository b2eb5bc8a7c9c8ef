"""Figures in words: how long something took, and how many findings of which kind a run brought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import listing, markn, tr, trn

_FIGURES = (
    (Severity.FAIL, markn("1 failed", "{count} failed")),
    (Severity.UNKNOWN, markn("1 could not be found out", "{count} could not be found out")),
    (Severity.WARN, markn("1 warning", "{count} warnings")),
    (Severity.PASS, markn("1 passed", "{count} passed")),
    (Severity.SKIP, markn("1 not looked at", "{count} not looked at")),
    (Severity.INFO, markn("1 note", "{count} notes")),
)


def duration(milliseconds: int | None) -> str:
    """Return a time in words: milliseconds below a second, one at the least, else seconds with one decimal."""
    if milliseconds is None:
        return ""
    if milliseconds < 1000:  # noqa: PLR2004 - a second
        return tr("{count} ms", count=max(1, milliseconds))
    return tr("{seconds:.1f} s", seconds=milliseconds / 1000)


def by_severity(counts: Mapping[Severity, int]) -> list[str]:
    """Return how many findings of each kind there are, the gravest first."""
    return [trn(*words, count) for severity, words in _FIGURES if (count := counts.get(severity, 0))]


def accepted_count(count: int) -> list[str]:
    """Say how many findings are accepted; nothing of none."""
    return [trn("1 accepted", "{count} accepted", count)] if count else []


def figures(found: Sequence[Finding], elapsed_ms: int | None, stale: int = 0) -> str:
    """Return the one sentence of figures that the review opens with; `stale` more were overtaken by an edit."""
    parts = by_severity(Counter(item.severity for item in found if not item.accepted))
    parts += accepted_count(sum(bool(item.accepted) for item in found))
    if stale:
        parts.append(trn("1 changed since the test", "{count} changed since the test", stale))
    count = len(found) + stale
    total = trn("1 check", "{count} checks", count)
    if elapsed_ms is not None:
        total = tr("{total} in {time}", total=total, time=duration(elapsed_ms))
    return tr("{total}: {figures}.", total=total, figures=listing(parts))
