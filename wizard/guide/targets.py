"""The export's targets as a face offers them: each by its title, and why a plan has no use for one. Knows no Qt."""

from __future__ import annotations

from wizard.dataclass import dataclass
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan


@dataclass(frozen=True, slots=True)
class Offer:
    """One target: its name, its title, and the sentence that says why it does not fit the plan (empty if it does)."""

    name: str
    title: str
    unfit: str


def names() -> tuple[str, ...]:
    """Return the names of all targets in the order in which they are shown."""
    from wizard.export.targets import all_targets

    return tuple(target.name for target in all_targets())


def offers(plan: Plan) -> tuple[Offer, ...]:
    """Return what can be chosen for a plan."""
    from wizard.export.targets import all_targets

    return tuple(Offer(target.name, tr(target.title), target.unfit(plan)) for target in all_targets())


def title(name: str) -> str:
    """Return what people read for a target's name."""
    from wizard.export.targets import chosen

    return next(tr(target.title) for target in chosen([name]) if target.name == name)
