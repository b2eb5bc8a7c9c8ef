"""When “localhost” is another machine than the one that is meant: on several hosts, and inside a container."""

from __future__ import annotations

from wizard.plan.i18n import tr
from wizard.plan.observed import Topic
from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment


def is_localhost(host: str) -> bool:
    """Whether `host` means the machine itself."""
    return (
        host.lower().rstrip(".") in {"localhost", "localhost.localdomain"} or host.startswith("127.") or host == "::1"
    )


def in_containers(plan: Plan) -> bool:
    """Whether each node runs in a container with a network of its own."""
    contained = plan.application.deployment in {Deployment.DOCKER, Deployment.KUBERNETES}
    return contained and not plan.seen(Topic.HOST_NETWORK)


def goes_astray(plan: Plan, host: str) -> bool:
    """Whether a node that looks for `host` finds itself instead of what is meant."""
    return is_localhost(host) and (in_containers(plan) or plan.several_machines)


def why(plan: Plan, product: str, host: str) -> str:
    """Say where the search for `product`, a name, ends."""
    if in_containers(plan):
        return tr(
            "{product} is on {host}, but inside a container {host} is the container itself.", product=product, host=host
        )
    return tr("{product} is on {host}, but on each machine {host} is that machine.", product=product, host=host)
