"""Nodes run by Docker Compose."""

from __future__ import annotations

from collections.abc import Iterable

from wizard.export import compose_file
from wizard.export.commands.deployer import INSTANCE_ID, OnMachines
from wizard.export.commands.docker import DockerRun, gone
from wizard.formats.dotenv import first_start
from wizard.formats.image import STORAGE
from wizard.formats.shell import literal
from wizard.plan.plan import Plan
from wizard.plan.sections import Node


class Compose(OnMachines):
    """Docker Compose. Where secrets are `missing` in the env files, it is told to look for them and refuses without."""

    place = "compose"

    def __init__(self, plan: Plan, missing: Iterable[str]) -> None:
        """Keep the plan, and whether secrets are missing."""
        super().__init__(plan)
        self._missing = tuple(missing)
        self.program = "docker compose" + (f" --env-file {compose_file.ENV_FILE}" if self._missing else "")
        self._ports = compose_file.published(plan)

    def plainly(self) -> OnMachines:
        return DockerRun(self.plan, self._missing)

    def start(self, node: Node) -> str:
        return self.on(node) + self._up(node)

    def stop(self, nodes: list[Node]) -> str:
        if self.plan.several_machines:
            return "\n".join(f"{self.on(node)}{self.program} stop {node.name}" for node in nodes)
        return f"{self.program} stop {' '.join(node.name for node in nodes)}"

    def remove(self, node: Node) -> str:
        return self.on(node) + gone(f"{compose_file.project(self.plan)}-{node.name}-1")

    def upgrade(self, first: Node) -> str:
        return f"{self.on(first)}{self.program} pull {first.name}\n{self._up(first)}"

    def instance_id(self, first: Node) -> str:
        return f"{self.on(first)}{self.guard()}{self.program} run --rm {first.name} sh -c '{INSTANCE_ID}'"

    def store(self, first: Node, copy: str, path: str) -> str:
        if self.plan.storage.path or self.plan.several_machines:
            return super().store(first, copy, path)
        # the shared folder is a volume of Docker's
        put = f"install -D -m 600 -- /dev/stdin {literal(f'{STORAGE}/{path}')} < {literal(copy)}"
        return f"{self.program} run --rm -T {first.name} {put}"

    def log(self, node: Node) -> str:
        return f"{self.on(node)}{self.program} logs --tail 50 {node.name}"

    def inside(self, node: Node, command: str) -> str:
        return f"{self.on(node)}{self.program} exec {node.name} {command}"

    def first(self, node: Node) -> str:
        return self.on(node) + self._with_lock(first_start.LOCAL, node)

    def cluster_lock(self, node: Node) -> str:
        return self.on(node) + self._with_lock(first_start.SHARED, node)

    def balancer(self) -> str:
        if compose_file.BALANCER in {node.name for node in self.plan.nodes}:
            return ""  # a node has the service's name
        return f"{self.program} --profile {compose_file.BALANCER} up -d --force-recreate {compose_file.BALANCER}"

    def in_balancer(self, command: str) -> str:
        return f"{self.program} --profile {compose_file.BALANCER} exec {compose_file.BALANCER} {command}"

    def port(self, node: Node) -> int:
        return compose_file.port_of(self._ports[node.name])

    def _up(self, node: Node) -> str:
        return f"{self.guard()}{self._started(node)}"

    def _started(self, node: Node) -> str:
        return f"{self.program} up -d --wait --wait-timeout 1800 {node.name}"

    def _with_lock(self, adapter: str, node: Node) -> str:
        edit = first_start.edit(compose_file.ENV_FILE, adapter)
        return f"{self.guard()}{edit} && {self._started(node)}"
