"""Target kubernetes: the cluster's manifests."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.export import kubernetes_manifests as manifests
from wizard.export.commands.deployer import Commands
from wizard.export.commands.pods import Kubernetes
from wizard.export.target import Contents, Order, ReadmePart, Target
from wizard.formats.files import BundleFile
from wizard.formats.templates import fill
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment

_WITHOUT = mark("the cluster on Kubernetes: ConfigMap, storage, a Deployment for each worker mode, Service, Ingress")
_WITH_SECRET = mark(
    "the cluster on Kubernetes: ConfigMap, Secret, storage, a Deployment for each worker mode, Service, Ingress"
)


class _Kubernetes(Target):
    name = "kubernetes"
    title = mark("Kubernetes")
    order = 50
    starts = (Deployment.KUBERNETES,)
    takes_secrets = True

    def files(self, order: Order) -> Sequence[BundleFile]:
        return manifests.render(order.plan, order.secrets, order.mode)

    def readme(self, contents: Contents) -> ReadmePart:
        secret = manifests.SECRET_PATH if manifests.SECRET_PATH in contents.paths else ""
        purpose = _WITH_SECRET if secret else _WITHOUT
        filling = fill("readme/kubernetes-secrets.md.j2", secret=secret)
        return ReadmePart(
            files=(("`kubernetes/*.yaml`", tr(purpose)),),
            note=fill("readme/kubernetes-note.md.j2", unused=not contents.on_kubernetes),
            filling=filling if contents.on_kubernetes else "",
        )

    def deployer(self, plan: Plan, paths: Sequence[str], missing: Sequence[str]) -> Commands | None:
        del missing
        return Kubernetes(plan, with_secret=manifests.SECRET_PATH in paths)


TARGET = _Kubernetes()
