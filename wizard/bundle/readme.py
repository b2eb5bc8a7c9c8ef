"""The bundle's README: what each file is for, and what to do in which order, with this plan's own names."""

from __future__ import annotations

from dataclasses import replace

from wizard import __version__
from wizard.bundle import haproxy, kubernetes
from wizard.bundle.commands import DockerRun, commands_for
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
    way = None
    if named:
        way = commands_for(whole, compose_file=compose_file, asks=bool(missing), inline=inline and not missing)
    return fill(
        "README.md.j2",
        version=__version__,
        plan=plan,
        env=any(path.startswith("env/") for path in files),
        nginx=next((path for path in files if path.startswith("nginx/")), ""),
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
        way=way,
        on_kubernetes=on_kubernetes,
        with_compose=compose_file and plan.application.deployment is Deployment.DOCKER,
        docker=DockerRun(whole),
        rabbitmq=plan.queue.kind is QueueKind.RABBITMQ,
        key_licence=plan.licence.method is LicenceMethod.KEY,
        storage=plan.storage.path,
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


def _named(plan: Plan) -> list[Node]:
    return [replace(node, name=name) for name, node in zip(node_names(plan), plan.nodes, strict=True)]
