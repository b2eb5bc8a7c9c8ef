"""Settings found by what people call them: label, step, variable, help. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from unicodedata import combining, normalize

from wizard.dataclass import dataclass
from wizard.guide import flow, status
from wizard.guide.deciding import deciding
from wizard.plan.i18n import listing, tr
from wizard.plan.plan import Plan

_JOINED = {ord("œ"): "oe", ord("æ"): "ae"}


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that can be chosen: what it is called, a hint beside it, and all the words that it is found by."""

    key: str
    title: str
    hint: str
    words: str


def settings(plan: Plan) -> list[Hit]:
    """Return every setting that stands on a step, in the order of the plan."""
    found = []
    for key, setting, _value in plan.settings():
        if not flow.step_of_key(key):
            continue
        title, variables = flow.called(plan, key), listing(setting.env)
        hint = variables or key
        if decides := deciding(plan, key):
            hint = " · ".join((hint, tr("decided by “{setting}”", setting=status.label(plan, decides))))
        found.append(Hit(key, title, hint, folded(" ".join((title, key, variables, tr(setting.help))))))
    return found


def folded(text: str) -> str:
    """Return a text as it is searched: without capitals, accents and joined letters, which many keyboards lack."""
    apart = normalize("NFKD", text.casefold().translate(_JOINED))
    return "".join(sign for sign in apart if not combining(sign))


def matching(hits: Iterable[Hit], text: str) -> list[Hit]:
    """Return what has all the words of `text`, those first whose title begins with it, then those that name it there.

    Without any word it is all of them.
    """
    wanted = folded(text).split()
    found = [hit for hit in hits if all(word in hit.words for word in wanted)]
    return sorted(found, key=lambda hit: _rank(hit, wanted)) if wanted else found


def _rank(hit: Hit, wanted: Sequence[str]) -> int:
    title = folded(hit.title)
    if any(part.startswith(" ".join(wanted)) for part in (title, title.rpartition(": ")[2])):
        return 0
    return 1 if all(word in title for word in wanted) else 2
