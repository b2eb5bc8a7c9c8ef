"""A bundle: all files rendered from a plan. The same plan, secrets and way give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable

from wizard.export import manifest, readme
from wizard.export.targets import compose, kubernetes
from wizard.formats import cluster_file, dotenv
from wizard.formats.files import BundleFile, LaterError, SecretsMode
from wizard.formats.sites import haproxy, nginx
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets
from wizard.plan.sections import BalancerKind, Deployment

TARGETS = ("env", "nginx", "haproxy", "compose", "kubernetes")
AVAILABLE = TARGETS
"""The targets this version can write."""
_BALANCERS = {BalancerKind.NGINX: nginx, BalancerKind.HAPROXY: haproxy}


def fitting(plan: Plan) -> tuple[str, ...]:
    """Return the targets that “all” means for this plan: every one, but of the balancers the plan's own.

    On Kubernetes the Ingress balances; pods that have no host cannot be behind another balancer.
    """
    others = {kind.value for kind in _BALANCERS} - {plan.balancer.kind.value}
    if plan.application.deployment is Deployment.KUBERNETES and not all(node.host for node in plan.nodes):
        others |= {plan.balancer.kind.value}
    return tuple(target for target in AVAILABLE if target not in others)


def render(
    plan: Plan,
    secrets: Secrets,
    mode: SecretsMode = SecretsMode.REFERENCE,
    targets: Iterable[str] = (),
) -> tuple[BundleFile, ...]:
    """Return the bundle's files in the order of their paths; no `targets` means all that fit the plan.

    Raises UnwritableError where a file cannot carry a value or the plan lacks what a target needs, LaterError for what
    is not offered yet, and ValueError for a target nobody knows.
    """
    chosen = tuple(targets) or fitting(plan)
    for target in chosen:
        if target not in TARGETS:
            raise ValueError(tr("“{target}” is no target; there are {all}.", target=target, all=", ".join(TARGETS)))
    if mode is SecretsMode.ENCRYPTED:
        raise LaterError(tr("Encrypted secrets come in a later version; use reference or inline."))
    files = [BundleFile("cluster.yaml", cluster_file.write(plan))]
    if "env" in chosen or "compose" in chosen:  # Compose reads the env files
        files += dotenv.write(plan, secrets, mode)
    balancers = {
        kind: BundleFile(f"{kind.value}/{writer.file_name(plan)}", writer.render(plan))
        for kind, writer in _BALANCERS.items()
        if kind.value in chosen
    }
    files += balancers.values()
    if "nginx" in chosen:
        files.append(BundleFile(nginx.TEST_PATH, nginx.render_around(plan)))
    if "compose" in chosen:
        own = balancers.get(plan.balancer.kind)
        files.append(BundleFile(compose.PATH, compose.render(plan, secrets, mode, own.path if own else "")))
    if "kubernetes" in chosen:
        files += kubernetes.render(plan, secrets, mode)
    paths = tuple(file.path for file in files)
    files.append(BundleFile("README.md", readme.render(plan, secrets, mode, paths)))
    files.append(BundleFile(manifest.PATH, manifest.render(files, plan.id)))
    return tuple(sorted(files, key=lambda file: file.path))
