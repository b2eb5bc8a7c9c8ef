"""Nodes run by NocoBase on the machine itself, as made by create-nocobase-app."""

from __future__ import annotations

from collections.abc import Iterable

from wizard.export.commands.deployer import INSTANCE_ID, OnMachines
from wizard.formats.dotenv.first_start import LOCAL, LOCK
from wizard.plan.i18n import listing, tr
from wizard.plan.plan import Plan
from wizard.plan.remedy import steps
from wizard.plan.sections import Node

_FOLDER = "NOCOBASE-FOLDER"
_START = "yarn start --quickstart"
"""Without the option NocoBase neither downloads plug-ins nor installs nor upgrades (docs/nocobase.md, First start)."""


class Bare(OnMachines):
    """NocoBase on the machine itself. A shell of its own has the variables, so that no other command sees them.

    It ends where one of the `missing` secrets has no value: neither the env file nor the environment gave it.
    """

    owner = "-o NOCOBASE-ACCOUNT "

    def __init__(self, plan: Plan, missing: Iterable[str]) -> None:
        """Keep the plan, and the variables to be filled in."""
        super().__init__(plan)
        self._missing = tuple(missing)

    def start(self, node: Node) -> str:
        return self.on(node) + self._start(node)

    def rest(self, others: list[Node]) -> list[str]:
        elsewhere = steps(tr("in another shell, as “yarn start” keeps this one")).text
        return [f"{self.start(node)}\n{elsewhere}\n{self.health(node)}" for node in others]

    def stop(self, nodes: list[Node]) -> str:
        names = listing(node.name for node in nodes)
        return steps(tr("end “yarn start”, or stop the service that runs it: {names}", names=names)).text

    def remove(self, node: Node) -> str:
        return self.stop([node])

    def instance_id(self, first: Node) -> str:
        show = INSTANCE_ID.replace("storage/", '"${STORAGE_PATH:-storage}"/')
        return self.on(first) + self.guard() + _with_variables(first, f" cd {_FOLDER} && {show}")

    def log(self, node: Node) -> str:
        del node
        return ""

    def inside(self, node: Node, command: str) -> str:
        return self.on(node) + _with_variables(node, f" cd {_FOLDER} && {command}")

    def new_version(self) -> str:
        version = self.plan.application.version or "NEW-VERSION"
        packages = "app|cli|cli-v1|devtools"
        edit = f"""sed -i -E 's#("@nocobase/({packages})": *")[^"]*#\\1{version}#' package.json"""
        return f"cd {_FOLDER} && {edit} && yarn install"

    def first(self, node: Node) -> str:
        return f"{self.on(node)}{self._start(node, f' {LOCK}={LOCAL};')}"

    def cluster_lock(self, node: Node) -> str:
        return f"{self.stop([node])}\n{self.start(node)}"

    def _start(self, node: Node, more: str = "") -> str:
        needed = " ".join(f'"${{{name}:?}}"' for name in self._missing)
        filled = f"\n : {needed}\n" if needed else ""
        return self.guard() + _with_variables(node, f"{more}{filled} cd {_FOLDER} && {_START}")


def _with_variables(node: Node, commands: str) -> str:
    return f"(set -a; . env/cluster.env; . env/node-{node.name}.env;{commands})"
