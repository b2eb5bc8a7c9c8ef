"""The bundle's README: what each file is for, and what to do in which order, with this plan's own names."""

from __future__ import annotations

import shlex
from dataclasses import replace

from wizard import __version__
from wizard.bundle import compose, haproxy, kubernetes
from wizard.bundle.commands import Commands, DockerRun, commands_for
from wizard.bundle.compose import ENV_FILE
from wizard.bundle.containers import mounted_files, part
from wizard.bundle.env.values import PRESET, node_names, variables
from wizard.bundle.files import SecretsMode
from wizard.bundle.templates import fill
from wizard.plan.plan import Plan
from wizard.plan.plugins import needed_plugins
from wizard.plan.secret import Secrets
from wizard.plan.sections import Deployment, LicenceMethod, Node, QueueKind
from wizard.plan.worker_mode import read

PLACEHOLDER = "PASSWORD-HERE"


def render(plan: Plan, secrets: Secrets, mode: SecretsMode, files: tuple[str, ...]) -> str:
    """Give the text for a bundle of `files` (their paths)."""
    named = _named(plan)
    inline = mode is SecretsMode.INLINE
    first = next((node for node in named if read(node.worker_mode)[0].serves), named[0] if named else None)
    missing = part(variables(plan).common, secrets, mode if inline else SecretsMode.REFERENCE).missing
    on_kubernetes = plan.application.deployment is Deployment.KUBERNETES
    compose_file = "compose/compose.yaml" in files
    whole = replace(plan, nodes=tuple(named))

    def commands(for_plan: Plan) -> Commands | None:
        if not for_plan.nodes:
            return None
        return commands_for(for_plan, compose_file=compose_file, asks=bool(missing), inline=inline and not missing)

    added = _one_more(named, several=plan.several_machines) if named else None
    nginx = next((path for path in files if path.startswith("nginx/")), "")
    with_compose = compose_file and plan.application.deployment is Deployment.DOCKER
    service = compose.BALANCER if with_compose and nginx and compose.BALANCER not in {n.name for n in named} else ""
    return fill(
        "README.md.j2",
        version=__version__,
        plan=plan,
        env=any(path.startswith("env/") for path in files),
        nginx=nginx,
        haproxy=next((path for path in files if path.startswith("haproxy/")), ""),
        compose=compose_file,
        kubernetes=[path for path in files if path.startswith("kubernetes/")],
        secret_manifest="kubernetes/secret.yaml" in files,
        inline=inline,
        missing=missing,
        placeholder=PLACEHOLDER,
        env_file=ENV_FILE,
        nodes=named,
        first=first,
        others=[node for node in named if node is not first],
        last=named[-1] if named else None,
        way=commands(whole),
        added_node=added,
        added=commands(replace(whole, nodes=(*named, added))) if added else None,
        balancer_service=service,
        on_kubernetes=on_kubernetes,
        with_compose=with_compose,
        docker=DockerRun(whole),
        rabbitmq=plan.queue.kind is QueueKind.RABBITMQ,
        key_licence=plan.licence.method is LicenceMethod.KEY,
        storage=plan.storage.path,
        licence_file=shlex.quote(f"{plan.storage.path or '/SHARED/FOLDER'}/.license/license-key"),
        preset=PRESET if plan.licence.enable_plugins else "",
        plugins=needed_plugins(plan),
        maintenance=plan.balancer.maintenance_file,
        switch=haproxy.maintenance_server(plan),
        backend=haproxy.backend(plan),
        socket=haproxy.SOCKET,
        certificate=plan.balancer.certificate if plan.balancer.tls else "",
        certificate_key=plan.balancer.certificate_key,
        key_beside=haproxy.key_beside(plan.balancer.certificate),
        tasks_only=any(not read(node.worker_mode)[0].serves for node in named),
        app_version=plan.application.version,
        base=kubernetes.base_name(plan),
        secret_name=kubernetes.secret_name(plan),
        files_name=kubernetes.files_name(plan),
        mounted=[(path, kubernetes.file_key(path)) for path in mounted_files(plan)],
    )


def _one_more(named: list[Node], *, several: bool) -> Node:
    """Give a node that an admin might add: like the last one, on another machine or at another port."""
    names, ports = {node.name for node in named}, [node.port for node in named]
    name = next(name for number in range(len(named) + 1, 999) if (name := f"node{number}") not in names)
    if several:
        return replace(named[-1], name=name, host="NEW-HOST")
    return replace(named[-1], name=name, port=max(ports) + 1)


def _named(plan: Plan) -> list[Node]:
    return [replace(node, name=name) for name, node in zip(node_names(plan), plan.nodes, strict=True)]
