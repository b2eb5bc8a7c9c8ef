"""Kubernetes manifests: configuration, secrets, storage, a Deployment for each worker mode, Service and Ingress.

They follow docs/nocobase.md, "Deployment": no rolling update, patience while NocoBase migrates, one process a pod.
"""

from __future__ import annotations

import re
from typing import Any

from wizard.dataclass import dataclass
from wizard.export import containers
from wizard.export.containers import IMAGE
from wizard.formats.dotenv.quoting import raw
from wizard.formats.dotenv.values import Variable, variables
from wizard.formats.files import BundleFile, LackingError, SecretsMode
from wizard.formats.image import STORAGE
from wizard.formats.sites import serving
from wizard.formats.templates import fill, one_line
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan, slug
from wizard.plan.secret import HIDDEN, Secrets
from wizard.plan.sections import WORKER_ID_COUNT, Deployment, Distribution, Node
from wizard.plan.web import HEALTH_PATH
from wizard.plan.worker_mode import read

SECRET_PATH = "kubernetes/secret.yaml"  # noqa: S105 - a path
"""The Secret with the variables, where the bundle has their values."""
_DEFAULT_PORT = 13000
_LONGEST_BASE = 30
_LONGEST_LABEL = 20


@dataclass(frozen=True, slots=True)
class Group:
    """The nodes of one worker mode: a Deployment. `waits`: its pods start once one that serves requests is ready."""

    name: str
    label: str
    mode: str
    replicas: int
    nodes: tuple[str, ...]
    folded: bool
    serves: bool
    waits: bool

    @property
    def path(self) -> str:
        """The manifest's path in the bundle."""
        return f"kubernetes/deployment-{self.label}.yaml"


def base_name(plan: Plan) -> str:
    """Return what every object's name is or begins with: a DNS label that begins with a letter."""
    name = slug(plan.name)
    return serving.shortened(name if name.startswith("nocobase") else f"nocobase-{name}", _LONGEST_BASE, "-")


def secret_name(plan: Plan) -> str:
    """Return the name of the Secret with the variables."""
    return f"{base_name(plan)}-secrets"


def files_name(plan: Plan) -> str:
    """Return the name of the Secret with the files that NocoBase reads by path."""
    return f"{base_name(plan)}-files"


def tls_name(plan: Plan) -> str:
    """Return the name of the Secret with the certificate, or nothing where TLS does not end at the Ingress."""
    ends = plan.balancer.tls or plan.application.public_url.startswith("https://")
    return f"{base_name(plan)}-tls" if ends else ""


def file_key(path: str) -> str:
    """Return the key that the file at `path` has in the Secret with the files."""
    return re.sub(r"[^A-Za-z0-9._-]", "-", path.strip("/"))


def groups(plan: Plan) -> tuple[Group, ...]:
    """Return the Deployments, the first that serves requests at the head.

    Raises UnwritableError where there are more processes than worker IDs.
    """
    containers.refuse_none(plan)
    if plan.processes > WORKER_ID_COUNT:
        reason = tr(
            "The plan has {count} processes, and NocoBase has {ids} worker IDs.",
            count=plan.processes,
            ids=WORKER_ID_COUNT,
        )
        raise LackingError("nodes", reason)
    modes = dict.fromkeys(node.worker_mode for node in plan.nodes)
    ordered = sorted(modes, key=lambda mode: not read(mode)[0].serves)
    if not read(ordered[0])[0].serves:
        raise LackingError("nodes", tr("No node serves requests, so the Service would have nobody behind it."))
    found: list[Group] = []
    for mode in ordered:
        label = _free(_label(mode), {group.label for group in found})
        found.append(_group(plan, mode, label, waits=bool(found)))
    return tuple(found)


def render(plan: Plan, secrets: Secrets, mode: SecretsMode) -> tuple[BundleFile, ...]:
    """Return `kubernetes/*.yaml`; raises UnwritableError where the plan lacks what they need.

    Without the values at hand there is no Secret: an empty one would start NocoBase with a publicly known key.
    """
    own = [f"nodes.{index}.{name}" for index in range(len(plan.nodes)) for name in ("processes", "worker_mode")]
    containers.refuse_unreadable(plan, ["application.version", *own])
    serving.refuse_unreadable(plan)
    found = variables(plan.with_value("application.deployment", Deployment.KUBERNETES)).common
    parted = containers.part(found, secrets, mode)
    every = _common(plan, [variable.name for variable in parted.every])
    plain = [(variable, _value(variable, secrets)) for variable in found if not variable.ref]
    files = [
        _file("configmap", every, variables=plain),
        _file("storage", every),
        _file("service", every, sticky=plan.balancer.distribution is Distribution.IP_HASH),
        _file("ingress", every, **_ingress(plan)),
    ]
    for group in every["groups"]:
        text = fill("kubernetes-deployment.yaml.j2", group=group, **every)
        files.append(BundleFile(group.path, text))
    if parted.given:
        masked = mode is SecretsMode.MASKED
        values = [(item, item.shown(HIDDEN) if masked else _value(item, secrets)) for item in parted.given]
        secret = _file("secret", every, variables=values, missing=parted.missing)
        files.append(BundleFile(secret.path, secret.text, secret=True))
    return tuple(files)


def _file(name: str, every: dict[str, Any], **more: Any) -> BundleFile:
    return BundleFile(f"kubernetes/{name}.yaml", fill(f"kubernetes-{name}.yaml.j2", **every, **more))


def _common(plan: Plan, secret_keys: list[str]) -> dict[str, Any]:
    found = groups(plan)
    base = base_name(plan)
    ports = {node.port for node in plan.nodes}
    health = f"{plan.application.public_path}{HEALTH_PATH}"
    return {
        "cluster": one_line(plan.name),
        "name": base,
        "secret_name": secret_name(plan),
        "files_name": files_name(plan),
        "version": plan.application.version,
        "image": f"{IMAGE}:{plan.application.version or 'VERSION'}",
        "port": ports.pop() if len(ports) == 1 else _DEFAULT_PORT,  # each pod has an address of its own
        "health": health,
        "waiting": containers.waiting_script(f"http://{base}{health}"),
        "storage_target": STORAGE,
        "groups": found,
        "total": sum(group.replicas for group in found),
        "worker_ids": WORKER_ID_COUNT,
        "secret_keys": secret_keys,
        "mounted": [(path, file_key(path)) for path in containers.mounted_files(plan)],
        "local": containers.local_hosts(plan),
    }


def _value(variable: Variable, secrets: Secrets) -> str:
    return raw(variable.reveal(secrets) or "", variable.name, variable.key, shown=variable.may_be_shown)


def _ingress(plan: Plan) -> dict[str, Any]:
    names = serving.server_names(plan, "Kubernetes")
    path = serving.checked(
        "application.public_path", plan.application.public_path or "/", serving.PUBLIC_PATH, "Kubernetes"
    )
    limit = serving.checked("balancer.upload_limit", plan.balancer.upload_limit, serving.SIZE, "Kubernetes")
    return {
        "hosts": [name.lower() for name in names if _is_host(name.lower())],
        "tls_name": tls_name(plan),
        "redirect": plan.balancer.redirect,
        "public_path": path,
        "upload_limit": limit,
        "sticky": plan.balancer.distribution is Distribution.IP_HASH,
    }


def _is_host(name: str) -> bool:
    """Whether an Ingress takes the name: a DNS name, also with `*.` before it, and no address."""
    labels = name.removeprefix("*.").split(".")
    numeric = all(label.isdigit() for label in labels)
    return not numeric and all(re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", label) for label in labels)


def _group(plan: Plan, mode: str, label: str, *, waits: bool) -> Group:
    nodes: list[tuple[int, Node]] = [(i, node) for i, node in enumerate(plan.nodes) if node.worker_mode == mode]
    return Group(
        name=f"{base_name(plan)}-{label}",
        label=label,
        mode=mode,
        replicas=sum(node.processes for _i, node in nodes),
        nodes=tuple(node.name or f"node{index + 1}" for index, node in nodes),
        folded=any(node.processes > 1 for _i, node in nodes),
        serves=read(mode)[0].serves,
        waits=waits,
    )


def _label(mode: str) -> str:
    if mode in {"", "!", "*"}:
        return {"": "app", "!": "web", "*": "tasks"}[mode]
    tasks = slug(mode.replace("!", "").replace(":process", ""))
    return f"{'web' if read(mode)[0].serves else 'tasks'}-{tasks}"[:_LONGEST_LABEL].rstrip("-")


def _free(label: str, taken: set[str]) -> str:
    return next(name for name in (label, *(f"{label}-{number}" for number in range(2, 99))) if name not in taken)
