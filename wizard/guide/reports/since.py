"""What changed since another run, in words: one sentence with the figures, then what is new, worse and gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from wizard.engine.since import Change, Since
from wizard.guide.reports.style import Style, wrapped
from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import listing, mark, markn, tr, trn

TITLES = {
    Change.NEW: mark("New"),
    Change.WORSE: mark("Worse"),
    Change.STILL: mark("Still there"),
    Change.GONE: mark("Gone"),
}
_COUNTED = {
    Change.NEW: markn("1 new", "{count} new"),
    Change.WORSE: markn("1 worse", "{count} worse"),
    Change.STILL: markn("1 still there", "{count} still there"),
    Change.GONE: markn("1 gone", "{count} gone"),
}
LISTED = (Change.NEW, Change.WORSE, Change.GONE)
"""What is told one by one; what is still there stands with the actions."""


def moment(when: datetime) -> str:
    """Return a date and time of day, to the minute, where the reader is."""
    return when.astimezone().strftime("%Y-%m-%d %H:%M")


def sentence(since: Since) -> str:
    """Say in one sentence what changed."""
    counted = [trn(*words, count) for change, words in _COUNTED.items() if (count := since.count(change))]
    figures = listing(counted)
    if not counted:
        figures = tr("nothing changed") if since.together else tr("the two runs looked at nothing in common")
    if since.good:
        return tr("Since the last good run ({moment}): {figures}.", moment=moment(since.started), figures=figures)
    return tr("Since the run of {moment}: {figures}.", moment=moment(since.started), figures=figures)


def since_text(since: Since | None, style: Style) -> Iterator[str]:
    """Return the lines that say what changed; none where nothing was compared."""
    if since is None:
        return
    yield from wrapped(sentence(since), 0, style)
    width = max(len(tr(TITLES[change])) for change in LISTED)
    for change in LISTED:
        for finding in since.findings.get(change, ()):
            severity = Severity.PASS if change is Change.GONE else finding.severity
            word = style.severity(f"{tr(TITLES[change]):{width}}", severity)
            first, *others = wrapped(line_of(finding), width + 4, style)
            yield f"  {word}  {first}"
            yield from (f"{'':{width + 4}}{line}" for line in others)


def listed(since: Since) -> list[str]:
    """Return a line for each finding that is new, worse or gone, with which of these it is."""
    return [
        tr("{name}: {summary}", name=tr(TITLES[change]), summary=line_of(finding))
        for change in LISTED
        for finding in since.findings.get(change, ())
    ]


def line_of(finding: Finding) -> str:
    """Return a finding in one line: its id, its subject, and what it says."""
    name = f"{finding.id} {finding.subject}".rstrip()
    return tr("{name}: {summary}", name=name, summary=finding.summary)
