"""The commands of the README: how the nodes of this very plan are started, stopped, upgraded, added and removed."""

from __future__ import annotations

import shlex
from abc import ABC, abstractmethod

from wizard.bundle import compose, kubernetes
from wizard.bundle.containers import IMAGE, STORAGE
from wizard.bundle.env.values import variables
from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment, Node
from wizard.plan.words import tr

_PATIENCE = "30m"
_GONE = "5m"


class Commands(ABC):
    """One way to run the nodes. Each text is a shell script; a comment in it says where it runs.

    `image`: whether an upgrade is a change of the image's tag.
    """

    image = True

    def __init__(self, plan: Plan) -> None:
        """Keep the plan."""
        self.plan = plan

    @abstractmethod
    def first(self, node: Node) -> str:
        """Start the first node, alone."""

    @abstractmethod
    def health(self, node: Node) -> str:
        """Look at the health of a node."""

    @abstractmethod
    def rest(self, others: list[Node]) -> list[str]:
        """Start the other nodes, one script a step: each when the one before is ready."""

    @abstractmethod
    def stop(self, nodes: list[Node]) -> str:
        """Stop these nodes."""

    @abstractmethod
    def upgrade(self, first: Node) -> str:
        """Start the first node with a new version."""

    def on(self, node: Node) -> str:
        """Give the comment that says on which machine a command runs."""
        return f"# {tr('on {host}', host=node.host or node.name)}\n" if self.plan.several_machines else ""


class _OverHttp(Commands):
    """Nodes that the machine at hand reaches by their address."""

    @abstractmethod
    def start(self, node: Node) -> str:
        """Start one node."""

    def first(self, node: Node) -> str:
        return self.start(node)

    def rest(self, others: list[Node]) -> list[str]:
        return [f"{self.start(node)}\n{self.health(node)}" for node in others]

    def health(self, node: Node) -> str:
        return f"curl -i http://{node.host or 'HOST'}:{node.port}{self.plan.application.public_path}api/__health_check"


class DockerRun(_OverHttp):
    """Docker alone."""

    def start(self, node: Node) -> str:
        return self.on(node) + self._run(node, self.plan.application.version or "VERSION")

    def stop(self, nodes: list[Node]) -> str:
        return "\n".join(f"{self.on(node)}docker stop --time 60 nocobase-{node.name}" for node in nodes)

    def upgrade(self, first: Node) -> str:
        return f"{self.on(first)}docker rm nocobase-{first.name}\n{self._run(first, 'NEW-VERSION')}"

    def _run(self, node: Node, version: str) -> str:
        own = next(found for name, found in variables(self.plan).nodes if name == node.name)
        # not by --env-file, which would keep the quotes of WORKER_MODE='*'
        flags = " ".join(
            f"-e {variable.name}={shlex.quote(variable.shown(''))}" for variable in own if not variable.problem
        )
        storage = shlex.quote(f"{self.plan.storage.path or '/SHARED/FOLDER'}:{STORAGE}")
        return (
            f"docker run -d --name nocobase-{node.name} --restart unless-stopped -p {node.port}:{node.port} \\\n"
            f"  --env-file env/cluster.docker.env {flags} \\\n"
            f"  -v {storage} {IMAGE}:{version}"
        )


class Compose(_OverHttp):
    """Docker Compose; `asks`: secrets are missing in the env files and Compose must be told where they are."""

    def __init__(self, plan: Plan, *, asks: bool) -> None:
        """Keep the plan, and whether secrets are missing."""
        super().__init__(plan)
        self._compose = "docker compose" + (f" --env-file {compose.ENV_FILE}" if asks else "")

    def start(self, node: Node) -> str:
        return self.on(node) + self._up(node)

    def stop(self, nodes: list[Node]) -> str:
        if self.plan.several_machines:
            return "\n".join(f"{self.on(node)}{self._compose} stop {node.name}" for node in nodes)
        return f"{self._compose} stop {' '.join(node.name for node in nodes)}"

    def upgrade(self, first: Node) -> str:
        return f"{self.on(first)}{self._compose} pull {first.name}\n{self._up(first)}"

    def _up(self, node: Node) -> str:
        return f"{self._compose} up -d --wait --wait-timeout 1800 {node.name}"


class Bare(_OverHttp):
    """NocoBase on the machine itself."""

    image = False

    def start(self, node: Node) -> str:
        return f"{self.on(node)}set -a; . env/cluster.env; . env/node-{node.name}.env; set +a\nyarn start"

    def stop(self, nodes: list[Node]) -> str:
        names = ", ".join(node.name for node in nodes)
        return f"# {tr('end “yarn start”, or stop the service that runs it: {names}', names=names)}"

    def upgrade(self, first: Node) -> str:
        return self.start(first)


class Kubernetes(Commands):
    """Deployments: nodes of one worker mode are the pods of one of them. `inline`: the bundle has the Secret."""

    def __init__(self, plan: Plan, *, inline: bool) -> None:
        """Keep the plan, and whether the Secret is in the bundle."""
        super().__init__(plan)
        self._inline = inline
        self._base = kubernetes.base_name(plan)
        self._groups = kubernetes.groups(plan)
        self._all = " ".join(f"deployment/{group.name}" for group in self._groups)

    def first(self, node: Node) -> str:
        del node
        plain = " ".join(f"-f kubernetes/{name}.yaml" for name in ("configmap", "storage", "service", "ingress"))
        return "\n".join(
            [
                f"kubectl apply {plain}",
                f"# {tr('the pods wait, as their Secret is not there yet')}",
                f"kubectl apply {' '.join(f'-f {group.path}' for group in self._groups)}",
                *self._alone(),
                f"# {tr('now one starts')}",
                self._secret(),
                self._ready(self._groups[0].name),
            ]
        )

    def health(self, node: Node) -> str:
        del node
        return f"kubectl get pods -l app.kubernetes.io/instance={self._base}"

    def rest(self, others: list[Node]) -> list[str]:
        del others
        front, *behind = self._groups
        steps = [(front.name, count) for count in range(2, front.replicas + 1)]
        steps += [(group.name, count) for group in behind for count in range(1, group.replicas + 1)]
        return [self._scaled(name, count) for name, count in steps]

    def stop(self, nodes: list[Node]) -> str:
        del nodes
        gone = f"kubectl wait --for=delete pod -l app.kubernetes.io/instance={self._base} --timeout={_GONE}"
        return f"kubectl scale {self._all} --replicas=0\n{gone}"

    def upgrade(self, first: Node) -> str:
        del first
        front = self._groups[0].name
        return f"kubectl set image {self._all} '*={IMAGE}:NEW-VERSION'\n{self._scaled(front, 1)}"

    def _alone(self) -> list[str]:
        front, *others = self._groups
        zero = " ".join(f"deployment/{group.name}" for group in others)
        lines = [f"kubectl scale deployment/{front.name} --replicas=1"]
        return [*lines, f"kubectl scale {zero} --replicas=0"] if others else lines

    def _secret(self) -> str:
        if self._inline:
            return "kubectl apply -f kubernetes/secret.yaml"
        return f"kubectl create secret generic {kubernetes.secret_name(self.plan)} --from-env-file=secrets.env"

    def _scaled(self, name: str, count: int) -> str:
        return f"kubectl scale deployment/{name} --replicas={count}\n{self._ready(name)}"

    def _ready(self, name: str) -> str:
        return f"kubectl rollout status deployment/{name} --timeout={_PATIENCE}"


def commands_for(plan: Plan, *, compose_file: bool, asks: bool, inline: bool) -> Commands:
    """Give the commands for the plan's deployment: with Docker those of Compose if the bundle has its file."""
    match plan.application.deployment:
        case Deployment.KUBERNETES:
            return Kubernetes(plan, inline=inline)
        case Deployment.BARE:
            return Bare(plan)
        case Deployment.DOCKER if compose_file:
            return Compose(plan, asks=asks)
        case _:
            return DockerRun(plan)
