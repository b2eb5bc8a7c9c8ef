"""A report as text: by component, each finding in a line, with evidence and remedy below what did not pass."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import groupby

from wizard.engine.report import Report
from wizard.guide.reports.style import WORDS, Style, printable
from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import markn, tr, trn

_WORD_WIDTH = max(len(word) for word in WORDS.values())
_COUNTED = {
    Severity.PASS: markn("1 ok", "{count} ok"),
    Severity.INFO: markn("1 info", "{count} info"),
    Severity.WARN: markn("1 warning", "{count} warnings"),
    Severity.FAIL: markn("1 failed", "{count} failed"),
    Severity.SKIP: markn("1 skipped", "{count} skipped"),
    Severity.UNKNOWN: markn("1 unknown", "{count} unknown"),
}
"""How the summary counts each severity, one and several, in the order shown."""

_WITH_LINK = {Severity.WARN, Severity.FAIL, Severity.UNKNOWN}


def report_text(report: Report, style: Style) -> str:
    """Return the report's findings in their order, and the summary as the last line."""
    widest = max((len(finding.id) for finding in report.findings), default=0)
    lines: list[str] = []
    for title, group in groupby(report.findings, key=_title):
        lines += [style.bold(title), *_group(list(group), widest, style), ""]
    return "\n".join([*lines, summary_line(report, style)]) + "\n"


def _title(finding: Finding) -> str:
    """Name what a group of findings speaks of. The rules' subjects are settings, and their sentences name them."""
    return finding.component if finding.component == "plan" else f"{finding.component} {finding.subject}".strip()


def _group(findings: list[Finding], widest: int, style: Style) -> Iterator[str]:
    """Return the findings' lines; what was skipped for one reason is one line, so that the reason stands out."""
    for (skipped, _reason), some in groupby(findings, key=lambda item: (item.severity is Severity.SKIP, item.summary)):
        alike = list(some)
        if skipped and len(alike) > 1:
            yield _row(
                Severity.SKIP, trn("1 check", "{count} checks", len(alike)), printable(alike[0].summary), widest, style
            )
        else:
            yield from (line for item in alike for line in _finding(item, widest, style))


def _row(severity: Severity, name: str, text: str, widest: int, style: Style) -> str:
    word = style.severity(f"{tr(WORDS[severity]):{_WORD_WIDTH}}", severity)
    return f"  {word}  {style.faint(f'{name:{widest}}')}  {text}".rstrip()


def _finding(finding: Finding, widest: int, style: Style) -> Iterator[str]:
    indent = 2 + _WORD_WIDTH + 2 + widest + 2
    first, *others = _wrapped(finding.summary, indent, style) or [""]
    yield _row(finding.severity, finding.id, first, widest, style)
    space = " " * (2 + _WORD_WIDTH + 2)
    yield from (" " * indent + line for line in others)
    if finding.severity is Severity.PASS:
        return
    yield from (space + line for line in _wrapped(finding.detail, len(space), style))
    yield from _remedy(finding.remedy, space)
    if finding.severity in _WITH_LINK and finding.doc:
        yield space + style.faint(finding.doc)


def _remedy(remedy: str, space: str) -> Iterator[str]:
    """Return the remedy unwrapped, so that it can be pasted; several lines stand below their title."""
    title, lines = tr("Remedy:"), printable(remedy).splitlines()
    if len(lines) == 1:
        yield f"{space}{title} {lines[0]}"
    elif lines:
        yield space + title
        yield from (f"{space}  {line}".rstrip() for line in lines)


def _wrapped(text: str, indent: int, style: Style) -> list[str]:
    lines = printable(text).splitlines()
    if style.width is None:
        return lines
    width = max(style.width - indent, 30)
    wrapped = (textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""] for line in lines)
    return [part for parts in wrapped for part in parts]


def summary_line(report: Report, style: Style) -> str:
    """Return the figures of a report in one line; the severities that did not occur are left out."""
    counts = [
        style.severity(trn(*words, count), severity)
        for severity, words in _COUNTED.items()
        if (count := report.count(severity))
    ]
    total = trn("1 finding", "{count} findings", len(report.findings))
    seconds = tr("{seconds:.1f} s", seconds=report.elapsed_ms / 1000)
    line = f"{total}: {', '.join(counts)} · {seconds}" if counts else f"{total} · {seconds}"
    return " · ".join([line, tr("cancelled")]) if report.cancelled else line
