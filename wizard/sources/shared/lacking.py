"""What one node of a source is not given and others are: a variable that is missing there has its default alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wizard.plan.node_variables import may_differ
from wizard.plan.place import Disagreement, Place
from wizard.plan.plan import Plan
from wizard.plan.sections import Node
from wizard.plan.sections.redis import ADAPTER_VARIABLES, ROLE_VARIABLES
from wizard.plan.setting import settings_of
from wizard.plan.worker_mode import read

_OF_ONE = ("nodes.", "licence.", "storage.", "application.root_", "application.language")
"""Settings of a node's own, and of what one node does for all: the download of plug-ins, the first start."""
_OF_A_NODE = frozenset(name for setting in settings_of(Node()).values() for name in setting.env)
_ALL_OR_NONE = "application.app_key"
"""A key that a plan is silent of only where not all that a node is given is at hand (`open_ended`)."""
_OF_REQUESTS = ("application.cors_origins", "application.body_limit")
"""What decides nothing on a node that serves no requests."""
_CORE = ("APP_KEY", "DB_DIALECT", "DB_HOST", "DB_DATABASE")


def lacking(plans: Sequence[Plan], *, whole: bool) -> Iterator[Disagreement]:
    """Go through the variables that some nodes are given and others are not, each with one node that is not.

    A plan without a node is what all of them are given. Unless `whole` says that each plan has all that its node is
    given, one that says nothing of key and database is taken for a part of it.
    """
    nodes = [plan for plan in plans if plan.nodes]
    for_all = {name for plan in plans if not plan.nodes for name in _variables(plan)}
    given = [(plan, _variables(plan)) for plan in nodes]
    told: dict[str, tuple[Plan, str, Place]] = {}
    for plan, names in given:
        for name, (key, place) in names.items():
            told.setdefault(name, (plan, key, place))
    for plan, names in given:
        if _ALL_OR_NONE in plan.unsaid or not (whole or any(name in names for name in _CORE)):
            continue
        for name, (other, key, place) in told.items():
            if name in names or name in for_all:
                continue
            if _differs(other, plan, key):
                file = plan.place_of("nodes.0.name") or Place(plan.name)
                yield Disagreement(key, place, file, node=plan.nodes[0].name, lacks=True)


def _variables(plan: Plan) -> dict[str, tuple[str, Place]]:
    """Return the variables that decide what is the same on every node, each with its setting's key and its place."""
    alone = {*ROLE_VARIABLES.values(), *ADAPTER_VARIABLES}
    found: dict[str, tuple[str, Place]] = {}
    for key, place in plan.places.items():
        if place.name in alone:
            found.setdefault(place.name, (place.name, place))
        elif _is_for_all(key, place.name) and _says(plan, key):
            found.setdefault(place.name, (key, place))
    return found


def _is_for_all(key: str, name: str) -> bool:
    """Whether every node needs the same of a setting, by its key and its variable."""
    return name.isupper() and name not in _OF_A_NODE and not key.startswith(_OF_ONE) and not may_differ(name)


def _says(plan: Plan, key: str) -> bool:
    """Whether the plan says something of a setting; an empty text says nothing."""
    if not plan.has_setting(key):
        return False
    return plan.get(key) not in {None, ""} or bool(plan.problem(key)) or plan.is_expression(key)


def _differs(given: Plan, without: Plan, key: str) -> bool:
    """Whether a node that is not given it does something else: what is given may be the default."""
    if key in without.unsaid or (key in _OF_REQUESTS and not read(without.nodes[0].worker_mode)[0].serves):
        return False
    if not given.has_setting(key) or given.problem(key) or without.problem(key):
        return True
    return bool(given.get(key) != without.get(key))
