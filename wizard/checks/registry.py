"""All components by name, in the order they are shown. Each is loaded when it is first asked for.

A component's own module is light: its declarations, no driver, no probe and no judge. Those are loaded when its checks
are made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from typing import Any

from wizard.engine.check import Check, CrossCheck
from wizard.engine.component import Column, Component, Request
from wizard.engine.selection import ALL, Selection
from wizard.plan.finding import Finding
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets
from wizard.plan.spec import Spec, Stage

MODULES = {
    "plan": "wizard.checks.plan.component",
    "licence": "wizard.checks.licence.component",
    "database": "wizard.checks.database.component",
    "redis": "wizard.checks.redis.component",
    "rabbitmq": "wizard.checks.rabbitmq.component",
    "storage": "wizard.checks.storage.component",
    "node": "wizard.checks.node.component",
    "balancer": "wizard.checks.balancer.component",
    "cluster": "wizard.checks.cluster.component",
    "inside": "wizard.checks.inside.component",
}
"""The module of each component; its `COMPONENT` is the object. A new component is a line here."""


def names() -> tuple[str, ...]:
    """Return the names of all components in the order they are shown."""
    return tuple(MODULES)


@cache
def component(name: str) -> Component:
    """Return a component by its name; raises KeyError."""
    made = import_module(MODULES[name]).COMPONENT
    if not isinstance(made, Component):
        raise TypeError(f"{MODULES[name]}.COMPONENT is no Component")
    return made


def components() -> tuple[Component, ...]:
    """Return all components in the order they are shown."""
    return tuple(component(name) for name in MODULES)


def in_column(*columns: Column) -> tuple[Component, ...]:
    """Return the components that stand in these columns of the picture of the cluster, column by column."""
    return tuple(one for column in columns for one in components() if one.column is column)


def nodes() -> Component:
    """Return the component that asks each node."""
    (found,) = in_column(Column.NODES)
    return found


def asks_nobody(name: str) -> bool:
    """Whether a component of this name has checks that ask nobody: those of the rules."""
    return name in MODULES and component(name).offline


def offline() -> tuple[str, ...]:
    """Return the names of the components whose checks ask nobody."""
    return tuple(one.name for one in components() if one.offline)


def on_request() -> tuple[str, ...]:
    """Return the names of the components that look only in a run that is asked to."""
    return tuple(one.name for one in components() if one.on_request)


def names_subjects(finding: Finding) -> bool:
    """Whether a finding's sentence names its subject itself, by its component."""
    return finding.component in MODULES and component(finding.component).names_subjects


def all_specs() -> tuple[Spec, ...]:
    """Return the declaration of every id, by component."""
    return tuple(spec for one in components() for spec in one.specs)


def spec_of(finding: Finding) -> Spec | None:
    """Return the declaration of a finding's id; None of one that no component declares, such as the demo's."""
    return component(finding.component).spec(finding.id) if finding.component in MODULES else None


def selection(only: Iterable[str] = (), skip: Iterable[str] = (), stage: Stage = Stage.RUN) -> Selection:
    """Return which ids are wanted: by ids, or by how they begin, of those that can be asked at a stage."""
    only, skip = tuple(only), tuple(skip)
    later = (
        frozenset(spec.id for spec in all_specs() if spec.stage is Stage.RUN) if stage is Stage.START else frozenset()
    )
    whole = (prefix for prefix in (*only, *skip) if _names_an_id(prefix))
    return Selection(only, skip, frozenset(whole), later)


def _names_an_id(prefix: str) -> bool:
    name = prefix.partition(".")[0]
    return name in MODULES and component(name).spec(prefix) is not None


def wanted(chosen: Selection) -> tuple[Component, ...]:
    """Return the components that have an id which is wanted; no other one is loaded."""
    near = [name for name in MODULES if not chosen.only or any(_may_be_of(name, prefix) for prefix in chosen.only)]
    return tuple(one for one in map(component, near) if any(chosen.wants(spec.id) for spec in one.specs))


def _may_be_of(name: str, prefix: str) -> bool:
    return name.startswith(prefix) or prefix.startswith(f"{name}.")


def _asked(chosen: Selection, plan: Plan | None = None) -> Iterator[Component]:
    """Return the components whose checks can give a wanted id; with a plan, also those that a comparison needs."""
    own = wanted(chosen)
    asked = {name for one in own for name in (one.name, *one.asked_by)}
    for cross in (cross for one in own for cross in (one.cross_checks(plan) if plan else ())):
        if any(chosen.wants(spec.id) for spec in cross.specs):
            asked.update(cross.needs)
    return (component(name) for name in MODULES if name in asked)


def checks_for(plan: Plan, secrets: Secrets, request: Request = Request()) -> list[Check[Any]]:  # noqa: B008
    """Return the checks of the plan that can give a wanted id, those first that wait the most."""
    in_turn = sorted(_asked(request.selection, plan), key=lambda one: one.turn)
    return [check for one in in_turn for check in one.checks(plan, secrets, request)]


def cross_checks_for(plan: Plan, chosen: Selection = ALL) -> list[CrossCheck]:
    """Return the checks that look at the facts of several subjects together."""
    return [check for one in _asked(chosen) for check in one.cross_checks(plan)]
