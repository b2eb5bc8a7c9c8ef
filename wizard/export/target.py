"""What an export target is: whether it fits a plan, its files, its part of the README, and how its files start nodes.

Each target is one file in `export/targets`, which has a `TARGET`. Nothing else lists them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from wizard.dataclass import dataclass
from wizard.export.commands.deployer import Commands
from wizard.formats.dotenv import Variable
from wizard.formats.files import BundleFile, SecretsMode
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets
from wizard.plan.sections import Deployment, Node
from wizard.plan.worker_mode import read


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: the plan, the secrets at hand, what stands in their place, and the names of the targets."""

    plan: Plan
    secrets: Secrets
    mode: SecretsMode
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a README tells of: the plan with a name for each node, the paths of all files, and the secrets they lack.

    `deployer` has the commands that run the nodes, None where no target of the bundle brings what they need.
    """

    plan: Plan
    paths: tuple[str, ...]
    missing: tuple[Variable, ...]
    deployer: Commands | None

    @property
    def first(self) -> Node | None:
        """The node to start first, alone: one that serves requests, if there is one."""
        nodes = self.plan.nodes
        return next((node for node in nodes if read(node.worker_mode)[0].serves), nodes[0] if nodes else None)

    @property
    def on_kubernetes(self) -> bool:
        """Whether the plan's nodes are pods."""
        return self.plan.application.deployment is Deployment.KUBERNETES


@dataclass(frozen=True, slots=True)
class ReadmePart:
    """What the README says of one target, as Markdown.

    `files` are rows of the table of files: what a reader finds, and what it is for. `note` stands below that table.
    `filling` says how the secrets that the bundle lacks get into these files. `section` is a whole section, for a
    `balancer` the one that brings a new configuration; `out` and `back` are the scripts that keep requests from the
    node `Contents.first` and let them come again.
    """

    files: tuple[tuple[str, str], ...]
    note: str = ""
    filling: str = ""
    section: str = ""
    balancer: bool = False
    out: str = ""
    back: str = ""


class Target(ABC):
    """One kind of files that a plan can be exported as.

    `name` is what `--target` takes, `title` what the window shows. `order` says where it stands among the others, the
    lowest first. `needs` are the targets whose files its own ones lean on. `starts` are the deployments whose nodes
    its files start; of several targets in a bundle the last one counts. `takes_secrets`: its files have places for
    secrets.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    order: ClassVar[int] = 100
    needs: ClassVar[tuple[str, ...]] = ()
    starts: ClassVar[tuple[Deployment, ...]] = ()
    takes_secrets: ClassVar[bool] = False

    def unfit(self, plan: Plan) -> str:
        """Return the sentence that says why “all targets” leaves this one out for the plan, or nothing."""
        del plan
        return ""

    @abstractmethod
    def files(self, order: Order) -> Sequence[BundleFile]:
        """Return the files; raises UnwritableError where one cannot carry a value or the plan lacks what it needs."""

    @abstractmethod
    def readme(self, contents: Contents) -> ReadmePart:
        """Return what the README says of the files."""

    def deployer(self, plan: Plan, paths: Sequence[str], missing: Sequence[str]) -> Commands | None:
        """Return the commands that run the plan's nodes with these files.

        `paths` are all files of the bundle, `missing` the variables whose secret is in none of them.
        """
        del plan, paths, missing
        return None
