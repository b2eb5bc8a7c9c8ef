"""Which nodes of a balancer's site are those that another source names: a balancer has its own names for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from wizard.pattern import pattern
from wizard.plan.plan import Plan
from wizard.plan.sections import BalancerKind, Node
from wizard.sources.contract import OpenedSource

_OF_A_SITE = ("balancer.", "application.public_", "nodes.")
"""What the places of a site's plan begin with."""
_SAID_OF_NODES = frozenset({"name", "host", "port"})
_NUMBERED = pattern(r"node[0-9]+")
"""What a server is called here that has no name on the balancer."""


def with_names_of_others(sources: Sequence[OpenedSource]) -> list[OpenedSource]:
    """Return the sources, a server of a site called as the other sources call the node at its address.

    Where these say where each node is, a server at another address is no node of theirs: what the balancer's own checks
    say of it, who hold the site against the nodes. It stays where both have one name for it, and disagree.
    """
    others = [source.plan for source in sources if not _is_site(source.plan)]
    known = {(node.host.lower(), node.port): node.name for plan in others for node in _placed(plan)}
    nodes = [(plan, node) for plan in others for node in plan.nodes]
    if not known:
        return [*sources]
    whole = all(node.host for _plan, node in nodes)
    names = {node.name for _plan, node in nodes}
    return [
        replace(source, plan=_renamed(source.plan, known, names, whole=whole)) if _is_site(source.plan) else source
        for source in sources
    ]


def _is_site(plan: Plan) -> bool:
    said = {key.rpartition(".")[2] for key in plan.places if key.startswith("nodes.")}
    return (
        "balancer.kind" in plan.places
        and all(key.startswith(_OF_A_SITE) for key in plan.places)
        and said <= _SAID_OF_NODES
        and not plan.extras
    )


def _placed(plan: Plan) -> list[Node]:
    return [node for index, node in enumerate(plan.nodes) if node.host and f"nodes.{index}.host" in plan.places]


def _renamed(plan: Plan, known: Mapping[tuple[str, int], str], names: set[str], *, whole: bool) -> Plan:
    kept: list[tuple[int, Node]] = []
    for index, node in enumerate(plan.nodes):
        called = known.get((node.host.lower(), node.port))
        named = plan.balancer.kind is BalancerKind.HAPROXY or not _NUMBERED.fullmatch(node.name)
        if called or not whole or (named and node.name in names):
            kept.append((index, replace(node, name=called or node.name)))
    return _with_nodes(plan, kept)


def _with_nodes(plan: Plan, kept: Sequence[tuple[int, Node]]) -> Plan:
    """Return the plan with these of its nodes, by the numbers that they had in it."""
    numbers = {str(old): str(new) for new, (old, _node) in enumerate(kept)}

    def moved(key: str) -> str:
        section, _, rest = key.partition(".")
        number, _, name = rest.partition(".")
        if section != "nodes" or not name:
            return key
        return f"nodes.{numbers[number]}.{name}" if number in numbers else ""

    places = {to: place for key, place in plan.places.items() if (to := moved(key))}
    unreadable = tuple(replace(item, key=to) for item in plan.unreadable if (to := moved(item.key)))
    return replace(
        plan,
        nodes=tuple(node for _old, node in kept),
        places=places,
        unsaid=frozenset(to for key in plan.unsaid if (to := moved(key))),
        unreadable=unreadable,
    )
