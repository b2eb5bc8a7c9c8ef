"""What a node takes from elsewhere when it is started, and another is given in the files: they may be the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wizard.plan.node_variables import may_differ
from wizard.plan.place import Disagreement
from wizard.plan.plan import Plan
from wizard.plan.sections.redis import ADAPTER_VARIABLES, ROLE_VARIABLES


def comes_from_elsewhere(plan: Plan, key: str) -> bool:
    """Whether a value is nowhere in what was read: the shell, Compose's environment or another object has it."""
    return any(item.key == key and item.composed for item in plan.expressions)


def from_elsewhere(plans: Sequence[Plan], whole: Plan) -> Iterator[Disagreement]:
    """Go through the variables that a node takes from elsewhere and the plan of all nodes has by another one.

    That one may be from elsewhere, too, by another name there.
    """
    told = {item.name: item for item in whole.expressions}
    alone = {*ROLE_VARIABLES.values(), *ADAPTER_VARIABLES}
    given = {place.name: (place.name if place.name in alone else key, place) for key, place in whole.places.items()}
    for plan in plans:
        for item in plan.expressions:
            if not plan.nodes or not item.composed or item.name not in given:
                continue
            if item.name in told and told[item.name].named == item.named:
                continue
            key, taken = given[item.name]
            if taken != item.place and not may_differ(item.name):
                yield Disagreement(key, taken, item.place, node=plan.nodes[0].name, unknown=True)
