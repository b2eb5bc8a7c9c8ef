"""Which nodes are asked with an account of the application, and for what."""

from __future__ import annotations

from wizard.checks.cluster.session import Account
from wizard.checks.node.target import Target as Node
from wizard.checks.node.target import target_of as node_of
from wizard.dataclass import dataclass
from wizard.engine.check import secret_at
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, Secrets
from wizard.plan.sections import Deployment
from wizard.plan.worker_mode import read

_NO_PASSWORD = Secret("")


@dataclass(frozen=True, slots=True)
class Target:
    """The nodes that take requests, in the plan's order, and the account; `storage` is the shared folder's path."""

    nodes: tuple[Node, ...]
    account: Account
    public_url: str
    deployment: Deployment
    storage: str


def target_of(plan: Plan, secrets: Secrets) -> Target:
    """Return what the plan says; the account's password must be at hand."""
    password = secret_at(plan, secrets, "application.check_password") or _NO_PASSWORD
    return Target(
        nodes=serving_nodes(plan),
        account=Account(plan.application.check_account, password),
        public_url="" if plan.problem("application.public_url") else plan.application.public_url,
        deployment=plan.application.deployment,
        storage=plan.storage.path,
    )


def serving_nodes(plan: Plan) -> tuple[Node, ...]:
    """Return the nodes that take requests and have an address."""
    return tuple(
        node_of(plan, index)
        for index, node in enumerate(plan.nodes)
        if node.host
        and read(node.worker_mode)[0].serves
        and not any(plan.problem(f"nodes.{index}.{part}") for part in ("host", "port", "worker_mode"))
    )
