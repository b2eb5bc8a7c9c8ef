"""What sources of containers share: whether one is NocoBase, and what its image says."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from wizard.formats.dotenv.grammar import Assignment
from wizard.formats.image import is_nocobase as nocobase_image
from wizard.formats.image import is_published, version_of
from wizard.plan.kinds import BadValueError
from wizard.plan.place import Place
from wizard.plan.plan import Plan
from wizard.plan.sections import Node
from wizard.plan.sections.application import Environment

_OWN = ("APP_KEY", "DB_DIALECT")
"""Variables that no other program is given together."""


def is_nocobase(image: str, variables: Container[str] | Mapping[str, Assignment]) -> bool:
    """Whether a container is NocoBase, by its image or by what it is given."""
    return nocobase_image(image, given=all(name in variables for name in _OWN))


def said(plan: Plan, key: str, value: object, place: Place) -> Plan:
    """Return a plan in which the source says `value` of `key`, and where."""
    return replace(plan.with_value(key, value), places={**plan.places, key: place})


def with_version(plan: Plan, image: str, place: Place | None) -> Plan:
    """Return a plan with the version that an image's tag says, if it says one; an image of one's own has its own."""
    version = version_of(image)
    if not version or place is None or not nocobase_image(image, given=False):
        return plan
    try:
        return said(plan, "application.version", plan.setting("application.version").parse(version), place)
    except BadValueError:
        return plan


def with_environment(plan: Plan, image: str, place: Place | None) -> Plan:
    """Return a plan with what NocoBase's own image takes for APP_ENV where nothing that its container gets says it."""
    key = "application.environment"
    if place is None or key not in plan.unsaid or not is_published(image):
        return plan
    return said(plan, key, Environment.PRODUCTION, place)


def tried(plan: Plan, key: str, value: str, place: Place) -> Plan:
    """Return a plan in which the source says it, where that is a value of the setting's kind."""
    try:
        return said(plan, key, plan.setting(key).parse(value), place)
    except BadValueError:
        return plan


def node_name(text: str) -> str:
    """Return the name of a container, a service or a machine as that of a node."""
    return re.sub(r"[^a-z0-9-]+", "-", text.lower()).strip("-")[:60].strip("-") or "node"


def replicated(plan: Plan, named: Sequence[tuple[str, int]], *, first: int) -> Plan:
    """Return the plan with a node for each replica; they are given the same.

    `named` are, for each node, how the names of its replicas begin and how many there are; `first` is the number of the
    one that is there.
    """
    more: list[Node] = []
    told = list(plan.disagreements)
    taken = {node.name for node in plan.nodes}
    for node, (begins, count) in zip(plan.nodes, named, strict=False):
        for number in range(first + 1, first + count):
            name = node_name(f"{begins}{number}")
            if name not in taken:
                more.append(replace(node, name=name))
                told += [replace(item, node=name) for item in plan.disagreements if item.node == node.name]
            taken.add(name)
    at = len(plan.nodes)
    hosts = {f"nodes.{at + index}.host" for index in range(len(more))}
    return replace(plan, nodes=(*plan.nodes, *more), unsaid=plan.unsaid | hosts, disagreements=tuple(told))


def silent(name: str, title: str) -> Plan:
    """Return a plan of which nothing is said but its name: of a source that speaks of the way in alone."""
    plan = Plan(name=name or title)
    return replace(plan, unsaid=frozenset({key for key, _setting, _value in plan.settings()} | {"nodes"}))


def _is_name(key: str) -> bool:
    """Whether the key is a name that a source gives where none is said."""
    return key == "name" or (key.startswith("nodes.") and key.endswith(".name"))


def open_ended(plan: Plan) -> Plan:
    """Return a plan of which more may be said: a file that belongs to it was not there, so nothing in it is missing."""
    silent_keys = {key for key, _setting, _value in plan.settings() if plan.place_of(key) is None and not _is_name(key)}
    kept = tuple(item for item in plan.unreadable if item.key in plan.places)
    return replace(plan, unreadable=kept, unsaid=plan.unsaid | silent_keys)
