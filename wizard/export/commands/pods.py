"""Nodes run by Kubernetes: those of one worker mode are the pods of one Deployment."""

from __future__ import annotations

import json

from wizard.export import kubernetes_manifests as kubernetes
from wizard.export.commands.deployer import INSTANCE_ID, Commands
from wizard.export.containers import IMAGE, mounted_files
from wizard.export.secrets_file import SCRIPT
from wizard.formats.dotenv.first_start import LOCAL, LOCK
from wizard.formats.image import STORAGE
from wizard.formats.shell import literal
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.sections import Node

_PATIENCE = "30m"
_GONE = "5m"


class Kubernetes(Commands):
    """Deployments. `with_secret`: the bundle has the Secret with the variables."""

    def __init__(self, plan: Plan, *, with_secret: bool) -> None:
        """Keep the plan, and whether the Secret is in the bundle."""
        super().__init__(plan)
        self._with_secret = with_secret
        self._base = kubernetes.base_name(plan)
        self._groups = kubernetes.groups(plan)
        self._front = self._groups[0].name
        self._pods = f"-l app.kubernetes.io/instance={self._base}"

    @property
    def _lock(self) -> str:
        return f"kubectl set env deployment/{self._front} {LOCK}"

    @property
    def helper(self) -> str:
        """The pod that reaches the shared folder before NocoBase runs."""
        return f"{self._base}-helper"

    def prepare(self) -> str:
        """Bring everything but pods and the way in.

        The Secrets come last: pods of an earlier try that wait for them would all start at once.
        """
        return "\n".join(
            [
                "kubectl apply -f kubernetes/configmap.yaml -f kubernetes/storage.yaml -f kubernetes/service.yaml",
                *self._without_pods(),
                *self._secrets(),
            ]
        )

    def help(self) -> str:
        """Start the helper."""
        image = f"{IMAGE}:{self.plan.application.version or 'VERSION'}"
        given = [{"configMapRef": {"name": self._base}}, {"secretRef": {"name": kubernetes.secret_name(self.plan)}}]
        container = {
            "name": self.helper,
            "image": image,
            "command": ["sleep", "infinity"],
            "envFrom": given,
            "volumeMounts": [{"name": "storage", "mountPath": STORAGE}],
        }
        claim = {"name": "storage", "persistentVolumeClaim": {"claimName": f"{self._base}-storage"}}
        spec = {"enableServiceLinks": False, "containers": [container], "volumes": [claim]}
        parts = ",\n  ".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in spec.items())
        overrides = literal(f'{{"spec": {{\n  {parts}}}}}')
        run = f"kubectl run {self.helper} --image={image} --restart=Never --overrides={overrides}"
        return f"{run}\nkubectl wait --for=condition=Ready pod/{self.helper} --timeout={_GONE}"

    def help_no_more(self) -> str:
        """Take the helper away."""
        return f"kubectl delete pod {self.helper} --grace-period=1"

    def instance_id(self, first: Node) -> str:
        del first
        return f"kubectl exec {self.helper} -- sh -c '{INSTANCE_ID}'"

    def store(self, first: Node, copy: str, path: str) -> str:
        del first
        put = f"install -D -m 600 -- /dev/stdin {literal(f'{STORAGE}/{path}')} < {literal(copy)}"
        return f"kubectl exec -i {self.helper} -- {put}"

    def first(self, node: Node) -> str:
        return f"{self._lock}={LOCAL}\n{self.alone(node)}"

    def cluster_lock(self, node: Node) -> str:
        del node
        return f"{self._lock}-\n{self._ready(self._front)}"

    def alone(self, node: Node) -> str:
        del node
        return self._scaled(self._front, 1)

    def restart(self, node: Node) -> str:
        del node
        return f"kubectl delete pod POD\n{self._ready(self._front)}"

    def health(self, node: Node) -> str:
        del node
        return f"kubectl get pods {self._pods}"

    def log(self, node: Node) -> str:
        del node
        return f"kubectl logs deployment/{self._front} -c nocobase --tail=50"

    def inside(self, node: Node, command: str) -> str:
        del node
        return f"kubectl exec deployment/{self._front} -c nocobase -- {command}"

    def rest(self, others: list[Node]) -> list[str]:
        del others
        front, *behind = self._groups
        steps = [self._up_to(front, 2), *(self._up_to(group, 1) for group in behind)]
        return [step for step in steps if step]

    def stop(self, nodes: list[Node]) -> str:
        del nodes
        every = " ".join(f"deployment/{group.name}" for group in self._groups)
        return f"kubectl scale {every} --replicas=0\n{self._all_gone()}"

    def upgrade(self, first: Node) -> str:
        return "\n".join(["kubectl apply -f kubernetes/configmap.yaml", *self._without_pods(), self.alone(first)])

    def forward(self) -> str:
        """Bring the application to this machine's port 8080 while the way in is closed."""
        return f"kubectl port-forward service/{self._base} 8080:80"

    def resize(self) -> str:
        """Go to the plan's number of pods."""
        return "\n".join(self._scaled(group.name, group.replicas) for group in self._groups)

    def new_group(self) -> str:
        """Bring the Deployment of a worker mode that the cluster has not had yet."""
        return self._zero("kubernetes/deployment-NEW.yaml")

    def _secrets(self) -> list[str]:
        there = tr("“already exists”: it is there from an earlier try; to change it, delete it first")
        lines = [f"# {there}"]
        if files := mounted_files(self.plan):
            given = " \\\n  ".join(
                f"--from-file={kubernetes.file_key(path)}={literal(f'YOUR-COPY-OF{path}')}" for path in files
            )
            lines.append(f"kubectl create secret generic {kubernetes.files_name(self.plan)} \\\n  {given}")
        if name := kubernetes.tls_name(self.plan):
            pair = (self.plan.balancer.certificate, self.plan.balancer.certificate_key)
            certificate, key = pair if self.plan.balancer.tls and all(pair) else ("CERTIFICATE.pem", "KEY.pem")
            lines.append(f"kubectl create secret tls {name} --cert={literal(certificate)} --key={literal(key)}")
        if self._with_secret:
            return [*lines, f"kubectl apply -f {kubernetes.SECRET_PATH}"]
        create = f"kubectl create secret generic {kubernetes.secret_name(self.plan)} --from-env-file=/dev/stdin"
        # a pipe would hide that the script failed, and an empty Secret would be made
        return [*lines, f'values=$(sh {SCRIPT} --raw) && printf "%s\\n" "$values" | {create}']

    def _without_pods(self) -> list[str]:
        """Bring the Deployments so that no pod runs, whatever ran before."""
        return [self._zero(*(group.path for group in self._groups)), self._all_gone()]

    def _zero(self, *paths: str) -> str:
        files = " ".join(f"-f {path}" for path in paths)
        # as JSON: between documents of YAML kubectl writes no “---”
        patch = """--type=merge -p '{"spec": {"replicas": 0}}' -o json"""
        return f"kubectl patch --local {files} {patch} | kubectl apply -f -"

    def _all_gone(self) -> str:
        return f"kubectl wait --for=delete pod {self._pods} --timeout={_GONE}"

    def _up_to(self, group: kubernetes.Group, start: int) -> str:
        numbers = [str(count) for count in range(start, group.replicas + 1)]
        if len(numbers) <= 1:
            return self._scaled(group.name, group.replicas) if numbers else ""
        scaled = f"kubectl scale deployment/{group.name} --replicas=$pods && {self._ready(group.name)}"
        return f"for pods in {' '.join(numbers)}; do\n  {scaled} || break\ndone"

    def _scaled(self, name: str, count: int) -> str:
        return f"kubectl scale deployment/{name} --replicas={count}\n{self._ready(name)}"

    def _ready(self, name: str) -> str:
        return f"kubectl rollout status deployment/{name} --timeout={_PATIENCE}"
