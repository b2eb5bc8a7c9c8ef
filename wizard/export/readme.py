"""The bundle's README: what each file is for, and what to do in which order, with this plan's own names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from wizard import __version__
from wizard.export.commands import Commands, Compose, DockerRun, bringing_target, commands_for
from wizard.export.containers import part, stored_files
from wizard.export.targets import compose, kubernetes
from wizard.export.targets.compose import ENV_FILE
from wizard.formats.dotenv.values import PRESET, node_names, variables
from wizard.formats.files import SecretsMode
from wizard.formats.sites import haproxy
from wizard.formats.templates import fill
from wizard.plan.plan import Plan
from wizard.plan.plugins import needed_plugins
from wizard.plan.secret import Secrets
from wizard.plan.sections import WORKER_ID_COUNT, Deployment, LicenceMethod, Node, QueueKind, StorageKind, Tls
from wizard.plan.worker_mode import read

PLACEHOLDER = "PASSWORD-HERE"


def render(plan: Plan, secrets: Secrets, mode: SecretsMode, files: tuple[str, ...]) -> str:
    """Return the text for a bundle of `files` (their paths)."""
    named = _named(plan)
    inline = mode is SecretsMode.INLINE
    first = next((node for node in named if read(node.worker_mode)[0].serves), named[0] if named else None)
    missing = part(variables(plan).common, secrets, mode if inline else SecretsMode.REFERENCE).missing
    needed = [variable.name for variable in missing]
    whole = replace(plan, nodes=tuple(named))
    return fill(
        "README.md.j2",
        version=__version__,
        plan=plan,
        **_files(plan, named, files),
        **_ways(whole, lambda of: commands_for(of, files, needed), files, needed),
        **_balancer(plan),
        inline=inline,
        missing=missing,
        placeholder=PLACEHOLDER,
        env_file=ENV_FILE,
        nodes=named,
        first=first,
        others=[node for node in named if node is not first],
        last=named[-1] if named else None,
        rabbitmq=plan.queue.kind is QueueKind.RABBITMQ,
        key_licence=plan.licence.method is LicenceMethod.KEY,
        database_tls=plan.database.tls is not Tls.OFF,
        storage=plan.storage.path,
        local_disk=plan.storage.kind is StorageKind.LOCAL,
        preset=PRESET if plan.licence.enable_plugins else "",
        plugins=needed_plugins(plan),
        tasks_only=any(not read(node.worker_mode)[0].serves for node in named),
        app_version=plan.application.version,
        public_path=plan.application.public_path,
        base=kubernetes.base_name(plan),
        worker_ids=WORKER_ID_COUNT,
    )


def _files(plan: Plan, named: list[Node], files: tuple[str, ...]) -> dict[str, Any]:
    nginx = next((path for path in files if path.startswith("nginx/")), "")
    proxy = next((path for path in files if path.startswith("haproxy/")), "")
    by_compose = compose.PATH in files and plan.application.deployment is Deployment.DOCKER
    own = {"nginx": nginx, "haproxy": proxy}[plan.balancer.kind.value]
    in_bundle = by_compose and own and compose.BALANCER not in {node.name for node in named}
    return {
        "env": any(path.startswith("env/") for path in files),
        "nginx": nginx,
        "haproxy": proxy,
        "compose": compose.PATH in files,
        "with_compose": by_compose,
        "kubernetes": any(path.startswith("kubernetes/") for path in files),
        "secret_manifest": kubernetes.SECRET_PATH if kubernetes.SECRET_PATH in files else "",
        "secret_name": kubernetes.secret_name(plan),
        "balancer_service": plan.balancer.kind.value if in_bundle else "",
    }


def _ways(
    plan: Plan, commands: Callable[[Plan], Commands | None], files: tuple[str, ...], needed: list[str]
) -> dict[str, Any]:
    """Return the ways to run the nodes, if the bundle has what they need, and a node more where one fits."""
    way = commands(plan) if plan.nodes else None
    on_kubernetes = plan.application.deployment is Deployment.KUBERNETES
    added = _one_more(plan) if way and not on_kubernetes else None
    return {
        "way": way,
        "bringing": "" if way else bringing_target(plan),
        "on_kubernetes": on_kubernetes,
        "added_node": added,
        "added": commands(replace(plan, nodes=(*plan.nodes, added))) if added else None,
        "docker": DockerRun(plan, needed) if isinstance(way, Compose) else None,
        "stored": stored_files(plan) if plan.application.deployment is not Deployment.BARE else (),
        "others_files": [
            name
            for name, deployment, path in (
                ("compose", Deployment.DOCKER, compose.PATH),
                ("kubernetes", Deployment.KUBERNETES, "kubernetes/configmap.yaml"),
            )
            if path in files and plan.application.deployment is not deployment
        ],
    }


def _balancer(plan: Plan) -> dict[str, Any]:
    return {
        "maintenance": plan.balancer.maintenance_file,
        "switch": haproxy.maintenance_server(plan),
        "backend": haproxy.backend(plan),
        "socket": haproxy.SOCKET,
        "service_socket": compose.balancer_socket(plan),
        "certificate": plan.balancer.certificate if plan.balancer.tls else "",
        "certificate_key": plan.balancer.certificate_key,
        "key_beside": haproxy.key_beside(plan.balancer.certificate),
    }


def _one_more(plan: Plan) -> Node | None:
    """Return a node that an admin might add: like the last one, on another machine or at another port.

    There is none where the worker IDs are used up.
    """
    if plan.processes >= WORKER_ID_COUNT:
        return None
    names, last = {node.name for node in plan.nodes}, plan.nodes[-1]
    name = next(name for number in range(len(names) + 1, 999) if (name := f"node{number}") not in names)
    if plan.several_machines:
        return replace(last, name=name, host="NEW-HOST", processes=1)
    return replace(last, name=name, port=max(node.port for node in plan.nodes) + 1, processes=1)


def _named(plan: Plan) -> list[Node]:
    return [replace(node, name=name) for name, node in zip(node_names(plan), plan.nodes, strict=True)]
