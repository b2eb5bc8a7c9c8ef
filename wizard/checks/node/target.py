"""Which node is asked, at what address."""

from __future__ import annotations

from wizard.dataclass import dataclass
from wizard.plan.plan import Plan


@dataclass(frozen=True, slots=True)
class Target:
    """One node as the balancer reaches it: plain HTTP below the public path; `looks`: how often at its clock."""

    name: str
    host: str
    port: int
    public_path: str
    looks: int = 2

    @property
    def address(self) -> str:
        """Host and port, as people write them."""
        return f"{self.host}:{self.port}"

    @property
    def websocket_url(self) -> str:
        """Where the WebSocket is; the path must match exactly."""
        return f"ws://{self.address}{self.public_path}ws"

    def path(self, path: str) -> str:
        """Return a path below the public path."""
        return f"{self.public_path}{path}"

    def url(self, path: str) -> str:
        """Return the URL of a path below the public path."""
        return f"http://{self.address}{self.public_path}{path}"


def target_of(plan: Plan, index: int) -> Target:
    """Return the address of the node at `index` of the plan."""
    node = plan.nodes[index]
    looks = 3 if len(plan.nodes) > 1 else 2  # servers tell their clocks exactly; beside another node it takes one more
    return Target(name_of(plan, index), node.host, node.port, plan.application.public_path, looks)


def name_of(plan: Plan, index: int) -> str:
    """Return what findings call the node: its name, or its place while it has none."""
    return plan.nodes[index].name or f"node{index + 1}"
