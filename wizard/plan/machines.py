"""Whether the nodes stand on several machines, as far as their hosts tell: services of Compose have names as hosts."""

from __future__ import annotations

from wizard.plan.localhost import is_localhost
from wizard.plan.observed import Topic
from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment

_SIGNS_OF_A_NETWORK = frozenset(".:")
"""A host with one of them is an address or has a domain; no service of Compose is called so."""


def on_several_machines(plan: Plan) -> bool | None:
    """Return whether the nodes are on more than one machine; None where their hosts may be names of containers."""
    together = {name for item in plan.seen(Topic.TOGETHER) for name in item.names}
    hosts = {_machine(node.host, together) for node in plan.nodes if node.host}
    if len(hosts) < 2:  # noqa: PLR2004 - one machine, or none is named
        return False
    in_docker = plan.application.deployment is Deployment.DOCKER
    return None if in_docker and not any(_SIGNS_OF_A_NETWORK & {*host} for host in hosts) else True


def _machine(host: str, together: set[str]) -> str:
    """Return one word for every name of one machine."""
    if host in together:
        return "services of one Compose file"
    return "localhost" if is_localhost(host) else host.lower().rstrip(".")
