"""What every way to run the nodes can do: each text is a shell script, and a comment in it says where it runs."""

from __future__ import annotations

from abc import ABC, abstractmethod

from wizard.formats.shell import literal
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.plugins import needed_plugins
from wizard.plan.sections import Node, StorageKind
from wizard.plan.web import HEALTH_PATH

INSTANCE_ID = "yarn nocobase generate-instance-id && cat storage/.license/instance-id"
"""Run in NocoBase's folder (code: packages/core/cli-v1/src/commands/instance-id.js)."""
LIST = "yarn nocobase pm list"


class Commands(ABC):
    """One way to run the nodes.

    `owner`: the option that gives a file to the account that NocoBase runs as; root's containers need none.
    `place`: the folder of the bundle in which the commands run; its own if empty.
    """

    owner = ""
    place = ""

    def __init__(self, plan: Plan) -> None:
        """Keep the plan."""
        self.plan = plan

    @abstractmethod
    def instance_id(self, first: Node) -> str:
        """Show the ID that a licence key is bound to; the database runs, NocoBase not yet."""

    @abstractmethod
    def store(self, first: Node, copy: str, path: str) -> str:
        """Bring the file `copy` into the shared folder at `path`."""

    @abstractmethod
    def first(self, node: Node) -> str:
        """Start the first node for the first time: alone, and with the local lock, as no plug-in is enabled yet."""

    @abstractmethod
    def cluster_lock(self, node: Node) -> str:
        """Start the first node again, with the cluster's lock."""

    @abstractmethod
    def alone(self, node: Node) -> str:
        """Start one node while no other runs."""

    @abstractmethod
    def restart(self, node: Node) -> str:
        """Stop one node that gets no requests any more, start it and look at its health."""

    @abstractmethod
    def health(self, node: Node) -> str:
        """Look at the health of a node."""

    @abstractmethod
    def log(self, node: Node) -> str:
        """Show what a node writes; nothing where it writes to the terminal."""

    @abstractmethod
    def inside(self, node: Node, command: str) -> str:
        """Run a command of NocoBase's where a running node is."""

    @abstractmethod
    def rest(self, others: list[Node]) -> list[str]:
        """Start the other nodes, one script a step: each when the one before is ready."""

    @abstractmethod
    def stop(self, nodes: list[Node]) -> str:
        """Stop these nodes."""

    @abstractmethod
    def upgrade(self, first: Node) -> str:
        """Start the first node with a new version, from the bundle that was exported for it."""

    def new_version(self) -> str:
        """Bring the plan's version to a machine; nothing where it comes with the image."""
        return ""

    def plainly(self) -> OnMachines | None:
        """Return the commands that run the same nodes without the program that puts them together, if there are any."""
        return None

    def balancer(self) -> str:
        """Start the balancer, or start it anew with a new configuration; nothing where it is not run like the nodes."""
        return ""

    def in_balancer(self, command: str) -> str:
        """Run a command where the balancer is."""
        return command

    def list_plugins(self, node: Node) -> str:
        """Show all plug-ins as NocoBase knows them."""
        return self.inside(node, LIST)

    def enable_plugins(self, node: Node) -> str:
        """Enable those a cluster needs."""
        return self.inside(node, f"yarn nocobase pm enable {' '.join(needed_plugins(self.plan))}")


class OnMachines(Commands):
    """Nodes that the machine at hand reaches by their address."""

    @abstractmethod
    def start(self, node: Node) -> str:
        """Start one node."""

    @abstractmethod
    def remove(self, node: Node) -> str:
        """Stop a node for good; the bundle at hand may know it no more."""

    def alone(self, node: Node) -> str:
        return self.start(node)

    def restart(self, node: Node) -> str:
        return "\n".join([self.stop([node]), *self.rest([node])])

    def rest(self, others: list[Node]) -> list[str]:
        return [f"{self.start(node)}\n{self.health(node)}" for node in others]

    def upgrade(self, first: Node) -> str:
        return self.start(first)

    def add(self, node: Node) -> str:
        """Start a node that the plan has not had yet."""
        return self.rest([node])[0]

    def store(self, first: Node, copy: str, path: str) -> str:
        del first
        return f"install -D -m 600 {self.owner}-- {literal(copy)} {literal(f'{self.folder}/{path}')}"

    def health(self, node: Node) -> str:
        return f"curl -i {self.address(node)}{HEALTH_PATH}"

    def address(self, node: Node) -> str:
        """Return where a browser finds the node itself, past the balancer."""
        return f"http://{node.host or 'HOST'}:{self.port(node)}{self.plan.application.public_path}"

    def port(self, node: Node) -> int:
        """Return the port at which others reach the node."""
        return node.port

    def on(self, node: Node) -> str:
        """Return the comment that says on which machine a command runs."""
        if not self.plan.several_machines:
            return ""
        where = tr("on {host}", host=node.host or node.name)
        return f"# {where}\n"

    @property
    def folder(self) -> str:
        """The shared folder as the machines have it."""
        return self.plan.storage.path or "/SHARED/FOLDER"

    def guard(self) -> str:
        """Return what lets a start go on only if the shared folder is mounted.

        NocoBase would fill an empty one anew.
        """
        if self.plan.storage.kind is StorageKind.LOCAL or not self.plan.storage.path:
            return ""
        return f"mountpoint -- {literal(self.plan.storage.path)} && "
