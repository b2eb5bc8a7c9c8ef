"""Nodes run by Docker alone."""

from __future__ import annotations

from collections.abc import Iterable

from wizard.export import compose_file
from wizard.export.commands.deployer import INSTANCE_ID, OnMachines
from wizard.export.containers import IMAGE, mounted_files
from wizard.formats.dotenv.first_start import LOCAL, LOCK
from wizard.formats.dotenv.values import variables
from wizard.formats.image import STORAGE
from wizard.formats.shell import literal
from wizard.plan.plan import Plan
from wizard.plan.sections import Node

_ENV_FILE = "env/cluster.docker.env"


class DockerRun(OnMachines):
    """Docker alone. `missing` secrets must be in the env file before anything starts."""

    def __init__(self, plan: Plan, missing: Iterable[str]) -> None:
        """Keep the plan, and the variables to be filled in."""
        super().__init__(plan)
        self._missing = tuple(missing)
        self._ports = compose_file.published(plan)

    def start(self, node: Node) -> str:
        return self.on(node) + self._run(node)

    def stop(self, nodes: list[Node]) -> str:
        return "\n".join(f"{self.on(node)}{gone(_container(node))}" for node in nodes)

    def remove(self, node: Node) -> str:
        return self.stop([node])

    def instance_id(self, first: Node) -> str:
        lines = ["docker run --rm", *self._given(first), f"{self._image} sh -c '{INSTANCE_ID}'"]
        return self.on(first) + self._filled() + _continued(lines)

    def log(self, node: Node) -> str:
        return f"{self.on(node)}docker logs --tail 50 {_container(node)}"

    def inside(self, node: Node, command: str) -> str:
        return f"{self.on(node)}docker exec {_container(node)} {command}"

    def first(self, node: Node) -> str:
        return self.on(node) + self._run(node, f"-e {LOCK}={LOCAL}")

    def cluster_lock(self, node: Node) -> str:
        return f"{self.stop([node])}\n{self._run(node)}"

    def port(self, node: Node) -> int:
        return compose_file.port_of(self._ports[node.name])

    @property
    def _image(self) -> str:
        return f"{IMAGE}:{self.plan.application.version or 'VERSION'}"

    def _run(self, node: Node, *more: str) -> str:
        begin = f"docker run -d --name {_container(node)} --restart unless-stopped -p {self._ports[node.name]}"
        return self._filled() + _continued([begin, *self._given(node, *more), self._image])

    def _given(self, node: Node, *more: str) -> list[str]:
        """Return a container's variables and files."""
        own = next(found for name, found in variables(self.plan).nodes if name == node.name)
        # not by --env-file, which would keep the quotes of WORKER_MODE='*'
        flags = [f"-e {variable.name}={literal(variable.shown(''))}" for variable in own if not variable.problem]
        files = [_mount(path, path, "readonly") for path in mounted_files(self.plan)]
        return [" ".join([f"--env-file {_ENV_FILE}", *flags, *more]), _mount(self.folder, STORAGE), *files]

    def _filled(self) -> str:
        """Return what lets a start go on only if the folder is mounted and no secret is commented out any more."""
        if not self._missing:
            return self.guard()
        return f"{self.guard()}! grep -E '^#({'|'.join(self._missing)})=' {_ENV_FILE} && \\\n"


def gone(container: str) -> str:
    """Stop a container and take it away."""
    return f"docker stop -t 60 {container} && docker rm {container}"


def _container(node: Node) -> str:
    return f"nocobase-{node.name}"


def _continued(lines: list[str]) -> str:
    return " \\\n  ".join(lines)


def _mount(source: str, target: str, *more: str) -> str:
    """Return a mount that fails where there is nothing at `source`; its parts are fields of a line of CSV."""
    fields = ["type=bind", f"source={source}", f"target={target}", *more]
    quoted = ['"{}"'.format(field.replace('"', '""')) if {",", '"'} & set(field) else field for field in fields]
    return f"--mount {literal(','.join(quoted))}"
