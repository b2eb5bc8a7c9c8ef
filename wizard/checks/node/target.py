"""Which node is asked, at what address."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.plan.plan import Plan

BESIDE_EXACT, BESIDE_NODES = 0.45, 0.2
"""Seconds. Servers tell their clocks exactly and nodes up to this error on either side; the sum must be well below the
second within which clocks must agree (wizard.checks.cluster.judge)."""


@dataclass(frozen=True, slots=True)
class Target:
    """One node as the balancer reaches it: plain HTTP below the public path.

    `clock_error` is how exactly its clock is to be known, in seconds, if a few questions can do that.
    """

    name: str
    host: str
    port: int
    public_path: str
    clock_error: float = BESIDE_EXACT

    @property
    def address(self) -> str:
        """Host and port, as people write them."""
        return f"{self.host}:{self.port}"

    @property
    def websocket_url(self) -> str:
        """Where the WebSocket is; the path must match exactly."""
        return f"ws://{self.address}{self.public_path}ws"

    def path(self, path: str) -> str:
        """Give a path below the public path."""
        return f"{self.public_path}{path}"

    def url(self, path: str) -> str:
        """Give the URL of a path below the public path."""
        return f"http://{self.address}{self.public_path}{path}"


def target_of(plan: Plan, index: int) -> Target:
    """Give the address of the node at `index` of the plan."""
    node = plan.nodes[index]
    exactly = BESIDE_NODES if len(plan.nodes) > 1 else BESIDE_EXACT
    return Target(name_of(plan, index), node.host, node.port, plan.application.public_path, exactly)


def name_of(plan: Plan, index: int) -> str:
    """Give what findings call the node: its name, or its place while it has none."""
    return plan.nodes[index].name or f"node{index + 1}"
