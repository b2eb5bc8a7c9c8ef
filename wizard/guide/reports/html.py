"""A report as one page of HTML with all it needs in itself: no script, style or picture comes from elsewhere.

Its content policy lets nothing run or load but what this program wrote, known by digest: what a server said is text.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from itertools import groupby

from markupsafe import Markup, escape

from wizard import __version__, resources
from wizard.checks.registry import component, names
from wizard.dataclass import dataclass
from wizard.engine.report import TOOL
from wizard.formats.templates import fill
from wizard.guide import status
from wizard.guide.diagram import Diagram, picture
from wizard.guide.drawing import svg
from wizard.guide.drawing.words import WITH_UNIT
from wizard.guide.findings_store import FindingsStore, of_rules
from wizard.guide.groups import Group, grouped
from wizard.guide.reports.since import LISTED, TITLES, line_of, moment, sentence
from wizard.guide.reports.style import WORDS, Style, printable
from wizard.guide.reports.text import accepted_words, counted, summary_line
from wizard.guide.reports.told import Told
from wizard.plan.action import Action
from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import language, listing, tr, trn
from wizard.plan.place import stands_in


@dataclass(frozen=True, slots=True)
class _Component:
    """What was found of one component; `open` where something wants a person."""

    title: str
    figures: str
    groups: list[Group]
    open: bool


def html(told: Told) -> str:
    """Return the report as a page."""
    style = resources.text("styles/report.css") + svg.style()
    script = resources.text("scripts/report.js")
    return fill(
        "report.html.j2",
        told=told,
        language=language().replace("_", "-"),
        policy=f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; base-uri 'none'",
        generator=f"{TOOL} {__version__}",
        style=_ours(style),
        script=_ours(script),
        picture=_ours(svg.svg(diagram_of(told), alone=False)),
        about=tr("{source}, checked {moment}.", source=told.source, moment=moment(told.report.started)),
        since=sentence(told.since) if told.since else "",
        changes=list(_changes(told)),
        components=list(_components(told)),
        figures=summary_line(told.report, Style()),
        clears=_clears,
        stands_in=stands_in,
        word=lambda finding: tr(WORDS[finding.severity]),
        icon=_icon,
        accepted=_accepted,
        kept=_kept,
    )


def diagram_of(told: Told) -> Diagram:
    """Return the picture of the cluster by what the run found."""
    store = FindingsStore()
    store.begin(names())
    store.add(told.report.findings)
    store.judge(item for item in told.report.findings if of_rules(item))
    store.finish()
    return picture(told.plan, store)


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _icon(name: str) -> Markup:
    drawn = resources.text(f"icons/{name}.svg").replace('fill="softColor"', 'fill="none"')
    return _ours(drawn.replace("<svg ", '<svg class="icon" aria-hidden="true" ', 1).strip())


def _ours(text: str) -> Markup:
    """Return a text that is HTML already: our own files, and what was escaped while it was made."""
    return Markup(text)  # noqa: S704 - nothing of others is in it as markup


def _kept(text: str) -> Markup:
    """Return a text in which no line ends between a number and its unit; what is searched and copied is as it was."""
    return _ours(WITH_UNIT.sub(r'<span class="whole">\g<0></span>', str(escape(text))))


def _changes(told: Told) -> Iterator[tuple[str, str]]:
    found = told.since.findings if told.since else {}
    for change in LISTED:
        for finding in found.get(change, ()):
            yield tr(TITLES[change]), printable(line_of(finding))


def _components(told: Told) -> Iterator[_Component]:
    for name, found in groupby(told.report.findings, key=lambda finding: finding.component):
        findings = list(found)

        def count(severity: Severity, findings: list[Finding] = findings) -> int:
            return sum(item.severity is severity and not item.accepted for item in findings)

        title = tr(component(name).title) if name in names() else name
        yield _Component(title, listing(counted(count)), grouped(findings), any(count(one) for one in status.OPEN))


def _clears(action: Action) -> str:
    return trn("(clears 1 finding)", "(clears {count} findings)", len(action.clears))


def _accepted(finding: Finding) -> str:
    return accepted_words(finding.accepted) if finding.accepted else ""
