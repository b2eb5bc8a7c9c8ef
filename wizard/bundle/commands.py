"""The commands of the README: how the nodes of this very plan are started, stopped, upgraded, added and removed."""

from __future__ import annotations

import shlex
from abc import ABC, abstractmethod

from wizard.bundle import compose, kubernetes
from wizard.bundle.containers import IMAGE, STORAGE, mounted_files
from wizard.bundle.env.values import variables
from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment, Node
from wizard.plan.words import tr

_PATIENCE = "30m"
_GONE = "5m"
_LOCK = "LOCK_ADAPTER_DEFAULT"


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

    @abstractmethod
    def local_lock(self, first: Node) -> str:
        """Start the first node once with the local lock, and again with that of the cluster."""

    @abstractmethod
    def add(self, node: Node) -> str:
        """Start a node that the plan has not had yet."""

    @abstractmethod
    def remove(self, node: Node) -> str:
        """Stop a node for good; the bundle at hand may know it no more."""

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

    def add(self, node: Node) -> str:
        return self.rest([node])[0]

    def remove(self, node: Node) -> str:
        return self.stop([node])

    def health(self, node: Node) -> str:
        return f"curl -i http://{node.host or 'HOST'}:{node.port}{self.plan.application.public_path}api/__health_check"


class DockerRun(_OverHttp):
    """Docker alone."""

    def start(self, node: Node) -> str:
        return self.on(node) + self._run(node, self.plan.application.version or "VERSION")

    def stop(self, nodes: list[Node]) -> str:
        return "\n".join(f"{self.on(node)}{_gone(f'nocobase-{node.name}')}" for node in nodes)

    def upgrade(self, first: Node) -> str:
        return self.on(first) + self._run(first, "NEW-VERSION")

    def local_lock(self, first: Node) -> str:
        version = self.plan.application.version or "VERSION"
        gone = _gone(f"nocobase-{first.name}")
        return "\n".join(
            [
                f"{self.on(first)}{gone}",
                self._run(first, version, f"-e {_LOCK}=local"),
                _enable(),
                gone,
                self._run(first, version),
            ]
        )

    def _run(self, node: Node, version: str, *more: str) -> str:
        own = next(found for name, found in variables(self.plan).nodes if name == node.name)
        # not by --env-file, which would keep the quotes of WORKER_MODE='*'
        flags = [f"-e {variable.name}={shlex.quote(variable.shown(''))}" for variable in own if not variable.problem]
        mounts = [f"{self.plan.storage.path or '/SHARED/FOLDER'}:{STORAGE}"]
        mounts += [f"{path}:{path}:ro" for path in mounted_files(self.plan)]
        lines = [
            f"docker run -d --name nocobase-{node.name} --restart unless-stopped -p {node.port}:{node.port}",
            " ".join(["--env-file env/cluster.docker.env", *flags, *more]),
            *(f"-v {shlex.quote(mount)}" for mount in mounts),
        ]
        return " \\\n  ".join(lines) + f" {IMAGE}:{version}"


def _enable() -> str:
    return f"# {tr('enable the plug-ins, then:')}"


def _gone(container: str) -> str:
    return f"docker stop -t 60 {container} && docker rm {container}"


class Compose(_OverHttp):
    """Docker Compose; `asks`: secrets are missing in the env files and Compose must be told where they are."""

    def __init__(self, plan: Plan, *, asks: bool) -> None:
        """Keep the plan, and whether secrets are missing."""
        super().__init__(plan)
        self.program = "docker compose" + (f" --env-file {compose.ENV_FILE}" if asks else "")

    def start(self, node: Node) -> str:
        return self.on(node) + self._up(node)

    def stop(self, nodes: list[Node]) -> str:
        if self.plan.several_machines:
            return "\n".join(f"{self.on(node)}{self.program} stop {node.name}" for node in nodes)
        return f"{self.program} stop {' '.join(node.name for node in nodes)}"

    def upgrade(self, first: Node) -> str:
        return f"{self.on(first)}{self.program} pull {first.name}\n{self._up(first)}"

    def local_lock(self, first: Node) -> str:
        up = self._up(first)
        enable = _enable()
        return "\n".join([f"{self.on(first)}{_lock_line('local')}", up, enable, _lock_line("redis"), up])

    def remove(self, node: Node) -> str:
        return self.on(node) + _gone(f"{compose.project(self.plan)}-{node.name}-1")

    def _up(self, node: Node) -> str:
        return f"{self.program} up -d --wait --wait-timeout 1800 {node.name}"


def _lock_line(adapter: str) -> str:
    return f"sed -i 's/^{_LOCK}=.*/{_LOCK}={adapter}/' {compose.ENV_FILE}"


class Bare(_OverHttp):
    """NocoBase on the machine itself. A shell of its own has the variables, so that no other command sees them."""

    image = False

    def start(self, node: Node) -> str:
        return self.on(node) + self._start(node)

    def rest(self, others: list[Node]) -> list[str]:
        elsewhere = f"# {tr('in another shell, as “yarn start” keeps this one')}"
        return [f"{self.start(node)}\n{elsewhere}\n{self.health(node)}" for node in others]

    def stop(self, nodes: list[Node]) -> str:
        names = ", ".join(node.name for node in nodes)
        return f"# {tr('end “yarn start”, or stop the service that runs it: {names}', names=names)}"

    def upgrade(self, first: Node) -> str:
        return self.start(first)

    def local_lock(self, first: Node) -> str:
        enable = f"# {tr('enable the plug-ins, end “yarn start”, then:')}"
        return "\n".join([f"{self.on(first)}{self._start(first, f' {_LOCK}=local;')}", enable, self._start(first)])

    def _start(self, node: Node, more: str = "") -> str:
        return f"(set -a; . env/cluster.env; . env/node-{node.name}.env;{more} cd NOCOBASE-FOLDER && yarn start)"


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

    def local_lock(self, first: Node) -> str:
        del first
        front = self._groups[0].name
        enable = _enable()
        change = f"kubectl set env deployment/{front} {_LOCK}"
        return "\n".join([f"{change}=local", self._ready(front), enable, f"{change}-", self._ready(front)])

    def add(self, node: Node) -> str:
        group = self._group_of(node)
        return self._scaled(group.name, group.replicas + 1)

    def remove(self, node: Node) -> str:
        group = self._group_of(node)
        return f"kubectl scale deployment/{group.name} --replicas={group.replicas - 1}"

    def open(self) -> str:
        """Let the first pod in again after all were stopped."""
        return self._scaled(self._groups[0].name, 1)

    def _group_of(self, node: Node) -> kubernetes.Group:
        return next(group for group in self._groups if group.mode == node.worker_mode)

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
