"""Actions as text: numbered, each with what follows, its remedy ready to be pasted, and how much it clears."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wizard.guide.reports.style import WORDS, Style, printable, wrapped
from wizard.plan.action import Action
from wizard.plan.finding import Severity
from wizard.plan.i18n import sentences, tr, trn
from wizard.plan.place import stands_in
from wizard.plan.remedy import RemedyKind

_COMMENT = "# "


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
        yield from remedy_lines(action.remedy.text, space, style)
    if action.doc:
        yield space + style.faint(action.doc)


def remedy_lines(remedy: str, space: str, style: Style) -> Iterator[str]:
    """Return a remedy to be pasted, several lines below their title: of what is too wide, comments alone are broken."""
    title, lines = tr("Remedy:"), printable(remedy).splitlines()
    if len(lines) == 1:
        yield space + sentences(title, lines[0])
    elif lines:
        yield space + title
        indent = f"{space}  "
        yield from (f"{indent}{part}".rstrip() for line in lines for part in _parts(line, len(indent), style))


def _parts(line: str, indent: int, style: Style) -> list[str]:
    """Return a line of commands as it is; a comment in parts, each a comment again."""
    words = line.removeprefix(_COMMENT)
    if words == line:
        return [line]
    return [f"{_COMMENT}{part}" for part in wrapped(words, indent + len(_COMMENT), style)]
