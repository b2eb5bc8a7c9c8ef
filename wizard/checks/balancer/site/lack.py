"""One thing that a site does not give, and the reading of times."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wizard.checks.shared.health import PATH as HEALTH_PATH
from wizard.dataclass import dataclass
from wizard.formats.sites.model import Answer, Site, Term, Wanted
from wizard.plan.finding import Severity
from wizard.plan.i18n import listing, sentences, tr
from wizard.plan.quoted import bounded

PATIENCE = 600.0
"""Seconds that a balancer must wait for an answer: exports, imports and installations take minutes."""
_SHOWN = 120
_UNITS = {
    "us": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "m": 60.0,
    "h": 3600.0,
    "d": 86400.0,
    "w": 604800.0,
    "M": 2592000.0,
    "y": 31536000.0,
}
_TIME = re.compile(r"([0-9]+)\s*(us|ms|s|m|h|d|w|M|y)?")


@dataclass(frozen=True, slots=True)
class Lack:
    """What is amiss: how bad (unknown: only perhaps), its name, the line to put, and where (the line of a place).

    `what` is a sentence about what stands there. Where nothing does, `usual` is what holds instead, and `unless` names
    what may say otherwise.
    """

    severity: Severity
    name: str
    line: str
    what: str = ""
    place: int = 0
    usual: str = ""
    unless: str = ""


def told(lacks: Sequence[Lack]) -> str:
    """Say what is amiss; what is not there is told together."""
    said = [lack.what for lack in lacks if lack.what]
    absent: dict[str, list[str]] = {}
    for lack in lacks:
        if not lack.what:
            absent.setdefault(lack.unless, []).append(f"{lack.name} ({lack.usual})")
    for unless, names in absent.items():
        values = {"names": listing(dict.fromkeys(names)), "what": unless}
        if unless:
            said.append(
                tr("Not in the file, so that the default holds unless {what} says otherwise: {names}.", **values)
            )
        else:
            said.append(tr("Not in the file, so that the default holds: {names}.", **values))
    return sentences(*dict.fromkeys(said))


def in_variable(name: str, term: Term | None) -> Lack | None:
    """Return what stands in a variable, so that nobody can tell from the file what it is; None where it is written."""
    if term is None or "$" not in term.text:
        return None
    what = tr("Line {line}: {name} is in a variable ({text}).", line=term.line, name=name, text=term.text)
    return Lack(Severity.UNKNOWN, name, "", what)


def asks_password(name: str, term: Term, line: str, place: int = 0) -> Lack:
    """Return that the balancer asks for a password of its own: it stands in the header that NocoBase's pages need.

    nginx 1.22 was seen to refuse such a request with 401 (docs/nocobase.md, "Balancer").
    """
    what = tr(
        "Line {line}: the balancer asks for a password of its own ({text}), which browsers send in the header "
        "Authorization. NocoBase's pages send their token in it, and are refused with 401 after the sign-in.",
        line=term.line,
        text=bounded(term.text, _SHOWN),
    )
    return Lack(Severity.FAIL, name, line, what, place)


def own_answers(wanted: Wanted, site: Site) -> list[Answer]:
    """Return the answers that the balancer gives for NocoBase's own health path."""
    return [one for one in site.answers if one.path == f"{wanted.public_path}{HEALTH_PATH}"]


def answered(answer: Answer) -> str:
    """Say that what asks for the health learns nothing."""
    return tr(
        "Line {line} answers {path} itself ({text}): who asks for it learns nothing of the application.",
        line=answer.line,
        path=answer.path,
        text=bounded(answer.text, _SHOWN),
    )


def remarks(wanted: Wanted, site: Site) -> list[str]:
    """Return what is no fault and good to know: other health paths that the balancer answers itself."""
    own = own_answers(wanted, site)
    return [
        tr(
            "Line {line} answers {path} itself: who asks for it learns that the balancer runs, and nothing of the "
            "application.",
            line=one.line,
            path=bounded(one.path, _SHOWN),
        )
        for one in site.answers
        if one not in own
    ]


def seconds(text: str, usual: str) -> float | None:
    """Return a time as nginx (`10m`, `1h 30m`) or HAProxy writes it, in seconds.

    `usual` is the unit of a bare number.
    """
    if not re.fullmatch(rf"(?:{_TIME.pattern}\s*)+", text):
        return None
    return sum(int(number) * _UNITS[unit or usual] for number, unit in _TIME.findall(text))
