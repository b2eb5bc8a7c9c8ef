"""A report as text: how the cluster stands, what to do next, then the findings by component."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from itertools import groupby

from wizard.checks.registry import names_subjects
from wizard.engine.report import Report
from wizard.engine.since import Since
from wizard.guide.actions import actions_of, verdict
from wizard.guide.groups import Group, grouped
from wizard.guide.reports.since import since_text
from wizard.guide.reports.style import WORDS, Style, broken, columns, filled, wrapped
from wizard.guide.reports.text_actions import actions_text, remedy_lines
from wizard.plan.finding import Acceptance, Finding, Severity
from wizard.plan.i18n import listing, markn, tr, trn

_COUNTED = {
    Severity.PASS: markn("1 ok", "{count} ok"),
    Severity.INFO: markn("1 info", "{count} info"),
    Severity.WARN: markn("1 warning", "{count} warnings"),
    Severity.FAIL: markn("1 failed", "{count} failed"),
    Severity.SKIP: markn("1 skipped", "{count} skipped"),
    Severity.UNKNOWN: markn("1 unknown", "{count} unknown"),
}
"""How the summary counts each severity, one and several, in the order shown."""
_IN_ROWS = {Severity.PASS, Severity.SKIP}
"""What is counted in one row for each thing that is said, where there are several."""


_ROOM, _BELOW = 30, 6
"""Columns that a sentence gets beside its name at least; where it begins below its name."""


class Detail(Enum):
    """How much is told: what to do alone, what was found too, or every passed check as well."""

    SHORT = "short"
    USUAL = "usual"
    VERBOSE = "verbose"


def report_text(report: Report, style: Style, detail: Detail = Detail.USUAL, since: Since | None = None) -> str:
    """Return how the cluster stands, what changed, the actions, the findings by component, and the figures last."""
    made = actions_of(report.findings)
    said = [style.bold(line) for line in wrapped(verdict(report.findings, made), 0, style)]
    lines = [*said, *since_text(since, style), "", *actions_text(made, style)]
    if detail is not Detail.SHORT:
        names = [trn("1 check", "{count} checks", len(report.findings)), *(item.id for item in report.findings)]
        widest = max(map(columns, names))
        for component, group in groupby(report.findings, key=lambda finding: finding.component):
            lines += [style.bold(component), *_component(list(group), widest, style, detail), ""]
    return "\n".join([*lines, *summary_lines(report, style)]) + "\n"


def _component(findings: Sequence[Finding], widest: int, style: Style, detail: Detail) -> Iterator[str]:
    """Return the lines of a component, worst first; what is true of several subjects is said once."""
    for severity, some in groupby(grouped(findings), key=lambda group: group.finding.severity):
        groups = list(some)
        if severity is Severity.PASS and detail is Detail.USUAL:
            yield _row(severity, _checks(groups), "", widest, style)
        elif severity in _IN_ROWS:
            yield from _said_alike(groups, widest, style)
        else:
            yield from (line for group in groups for line in _group(group, widest, style))


def _said_alike(groups: Sequence[Group], widest: int, style: Style) -> Iterator[str]:
    """Return a row for each thing that is said, however many checks say it."""
    alike: dict[str, list[Group]] = {}
    for group in groups:
        alike.setdefault(group.finding.summary, []).append(group)
    for summary, same in alike.items():
        if len(same) > 1:
            yield from _told(same[0].finding.severity, _checks(same), summary, widest, style)
        else:
            yield from _group(same[0], widest, style)


def _checks(groups: Sequence[Group]) -> str:
    return trn("1 check", "{count} checks", sum(max(1, len(group.subjects)) for group in groups))


def _word_width() -> int:
    """Return the columns that the longest word for a severity takes in the chosen language."""
    return max(columns(tr(word)) for word in WORDS.values())


def _row(severity: Severity, name: str, text: str, widest: int, style: Style) -> str:
    word = style.severity(filled(tr(WORDS[severity]), _word_width()), severity)
    return f"  {word}  {style.faint(filled(name, widest))}  {text}".rstrip()


def _told(severity: Severity, name: str, text: str, widest: int, style: Style) -> Iterator[str]:
    """Return the lines of what is said: beside the name, or below it where the terminal has no room for both."""
    indent = 2 + _word_width() + 2 + widest + 2
    beside = style.width is None or style.width - indent >= _ROOM
    first, *others = wrapped(text, indent if beside else _BELOW, style) or [""]
    if beside:
        yield _row(severity, name, first, widest, style)
        yield from (" " * indent + line for line in others)
    else:
        yield _row(severity, name, "", 0, style)
        yield from (" " * _BELOW + line for line in (first, *others) if line)


def _group(group: Group, widest: int, style: Style) -> Iterator[str]:
    finding = group.finding
    subjects = "" if names_subjects(finding) else listing(group.subjects)
    if subjects and finding.summary.startswith(subjects):  # a file that the sentence begins with
        subjects = ""
    summary = tr("{subjects}: {summary}", subjects=subjects, summary=finding.summary) if subjects else finding.summary
    yield from _told(finding.severity, finding.id, summary, widest, style)
    space = " " * min(2 + _word_width() + 2, style.width // 4 if style.width else sys.maxsize)
    if finding.accepted:
        yield from (space + line for line in wrapped(accepted_words(finding.accepted), len(space), style))
    if finding.severity is Severity.PASS:
        return
    for detail in group.details:
        yield from (space + line for line in wrapped(detail, len(space), style))
    if finding.severity is Severity.INFO:  # that of any other stands with its action
        yield from remedy_lines(finding.remedy, space, style)


def accepted_words(acceptance: Acceptance) -> str:
    """Say why a finding counts for nothing, and until when."""
    if acceptance.until:
        day = acceptance.until.isoformat()
        return tr("Accepted until {day}: {reason}", day=day, reason=acceptance.reason)
    return tr("Accepted: {reason}", reason=acceptance.reason)


def counted(count: Callable[[Severity], int], style: Style = Style()) -> list[str]:  # noqa: B008 - immutable
    """Return how many findings have each severity, in words; those that did not occur are left out."""
    return [
        style.severity(trn(*words, found), severity)
        for severity, words in _COUNTED.items()
        if (found := count(severity))
    ]


def summary_lines(report: Report, style: Style) -> list[str]:
    """Return the figures of a report, on a terminal in lines no longer than its width."""
    line = summary_line(report, style)
    return [line] if style.width is None else broken(line, style.width)


def summary_line(report: Report, style: Style) -> str:
    """Return the figures of a report in one line; the severities that did not occur are left out."""
    counts = counted(report.count, style)
    if report.accepted:
        counts.append(style.faint(trn("1 accepted", "{count} accepted", len(report.accepted))))
    total = trn("1 finding", "{count} findings", len(report.findings))
    seconds = tr("{seconds:.1f} s", seconds=report.elapsed_ms / 1000)
    line = tr("{total}: {figures}", total=total, figures=listing(counts)) if counts else total
    line = f"{line} · {seconds}"
    return " · ".join([line, tr("cancelled")]) if report.cancelled else line
