"""Actions as text: numbered, each with what follows, its remedy ready to be pasted, and how much it clears."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wizard.guide.reports.style import WORDS, Style, printable, wrapped
from wizard.plan.action import Action
from wizard.plan.finding import Severity
from wizard.plan.i18n import sentences, tr, trn
from wizard.plan.place import stands_in
from wizard.plan.remedy import RemedyKind


def actions_text(actions: Sequence[Action], style: Style) -> list[str]:
    """Return the lines of all actions, an empty one behind each."""
    return [line for number, action in enumerate(actions, start=1) for line in [*_action(number, action, style), ""]]


def _action(number: int, action: Action, style: Style) -> Iterator[str]:
    mark = f"{number}. "
    space = " " * len(mark)
    severity = action.impact.severity
    advice = action.remedy.text if action.remedy and action.remedy.kind is RemedyKind.ADVICE else ""
    clears = trn("(clears 1 finding)", "(clears {count} findings)", len(action.clears))
    weight = "" if severity is Severity.FAIL else tr("{severity}:", severity=tr(WORDS[severity]))
    text = sentences(weight, action.title, action.impact.text, advice, clears)
    first, *others = wrapped(text, len(mark), style)
    yield mark + style.severity(first, severity)
    yield from (space + line for line in others)
    if action.places:
        yield from (space + line for line in wrapped(stands_in(action.places), len(space), style))
    if action.remedy and not advice:
        yield from remedy_lines(action.remedy.text, space)
    if action.doc:
        yield space + style.faint(action.doc)


def remedy_lines(remedy: str, space: str) -> Iterator[str]:
    """Return a remedy unwrapped, so that it can be pasted; several lines stand below their title."""
    title, lines = tr("Remedy:"), printable(remedy).splitlines()
    if len(lines) == 1:
        yield f"{space}{title} {lines[0]}"
    elif lines:
        yield space + title
        yield from (f"{space}  {line}".rstrip() for line in lines)
