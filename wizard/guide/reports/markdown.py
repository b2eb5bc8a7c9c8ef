"""A report as Markdown, as one pastes it into a ticket: how it stands, what changed, what to do, what was found."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.formats.markdown import block, code, text
from wizard.guide.groups import grouped
from wizard.guide.reports.since import LISTED, TITLES, line_of, moment, sentence
from wizard.guide.reports.style import WORDS, Style
from wizard.guide.reports.text import summary_line
from wizard.guide.reports.told import Told
from wizard.plan.action import Action
from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import listing, tr, trn
from wizard.plan.place import stands_in
from wizard.plan.remedy import RemedyKind

_IN_TABLE = (Severity.FAIL, Severity.UNKNOWN, Severity.WARN, Severity.INFO)


def markdown(told: Told) -> str:
    """Return the report as a document in GitHub Flavored Markdown."""
    lines = [f"## {text(told.verdict)}", "", *_about(told), "", *_since(told)]
    for number, action in enumerate(told.actions, start=1):
        lines += [*_action(number, action), ""]
    lines += [*_table(told), summary_line(told.report, Style())]
    return "\n".join(lines) + "\n"


def _about(told: Told) -> Iterator[str]:
    yield tr("{source}, checked {moment}.", source=code(told.source), moment=moment(told.report.started))


def _since(told: Told) -> Iterator[str]:
    if told.since is None:
        return
    yield text(sentence(told.since))
    yield ""
    for change in LISTED:
        for finding in told.since.findings.get(change, ()):
            yield f"- **{text(tr(TITLES[change]))}** {text(line_of(finding))}"
    yield ""


def _action(number: int, action: Action) -> Iterator[str]:
    clears = trn("(clears 1 finding)", "(clears {count} findings)", len(action.clears))
    words = " ".join(filter(None, (f"**{text(action.title)}**", text(action.impact.text), text(clears))))
    yield f"{number}. {words}"
    if action.places:
        yield f"   {text(stands_in(action.places))}"
    if action.remedy and action.remedy.kind is RemedyKind.ADVICE:
        yield f"   {text(action.remedy.text)}"
    elif action.remedy:
        yield ""
        yield from (f"   {line}".rstrip() for line in block(action.remedy.text))


def _table(told: Told) -> Iterator[str]:
    shown = [item for item in told.report.findings if item.severity in _IN_TABLE]
    if not shown:
        return
    titles = (tr("State"), tr("Check"), tr("What was found"))
    yield f"| {' | '.join(titles)} |"
    yield "| --- | --- | --- |"
    for group in grouped(shown):
        name = " ".join(filter(None, (group.finding.id, listing(group.subjects))))
        yield f"| {_state(group.finding)} | {code(name)} | {text(group.finding.summary)} |"
    yield ""


def _state(finding: Finding) -> str:
    word = text(tr(WORDS[finding.severity]))
    if not finding.accepted:
        return word
    return text(tr("{state}, accepted: {reason}", state=tr(WORDS[finding.severity]), reason=finding.accepted.reason))
