"""What a source said, and what it has no word for: told once it was opened. Knows no Qt."""

from __future__ import annotations

from pathlib import PurePath

from wizard.dataclass import dataclass
from wizard.guide import flow, layouts
from wizard.guide.places import Link
from wizard.plan.i18n import tr, trn
from wizard.plan.plan import SECTIONS, Plan

_MOST = 6
"""As many gaps are named one by one."""


@dataclass(frozen=True, slots=True)
class Read:
    """A sentence about a source, and the way to each thing that it does not say."""

    sentence: str
    gaps: tuple[Link, ...]


def what_was_read(plan: Plan, title: str) -> Read | None:
    """Return what the source `title` said; None where nobody knows, as of a saved cluster."""
    if not plan.places or not title:
        return None
    name = PurePath(title).name or title
    count = len({(place.file, place.line, place.name) for place in plan.places.values()})
    values = trn("1 value was read from {name}.", "{count} values were read from {name}.", count, name=name)
    return Read(values, tuple(_gaps(plan)[:_MOST]))


def _gaps(plan: Plan) -> list[Link]:
    """Return what a cluster needs and the source has no place for, step by step."""
    asked = _asked(plan)
    wanted = [key for key, _setting, value in plan.settings() if key in asked and _is_gap(plan, key, value)]
    gaps = []
    for section in SECTIONS:
        of_section = [key for key in wanted if key.startswith(f"{section}.")]
        if section in plan.unsaid or (section == "nodes" and not plan.nodes):
            gaps.append(Link(section, tr(flow.step(section).title)))
        else:
            gaps += [Link(key, flow.called(plan, key)) for key in of_section]
    return gaps


def _asked(plan: Plan) -> frozenset[str]:
    """Return the keys of the settings that stand unfolded on a page: what is folded away has an answer of its own.

    The account that checks may sign in with is nothing that a cluster needs.
    """
    of_cluster = (form for form in layouts.APPLICATION if form is not layouts.SIGNING_IN)
    forms = (layouts.LICENCE, *of_cluster, layouts.DATABASE, layouts.STORAGE, layouts.BALANCER)
    lines = (line for form in forms for line in form.lines if line.visible is None or line.visible(plan))
    return frozenset(key for line in lines for key in line.keys)


def _is_gap(plan: Plan, key: str, value: object) -> bool:
    return key in plan.unsaid and value in {"", None}
