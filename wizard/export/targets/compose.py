"""Target compose: the nodes as services of Docker Compose, which reads the env files."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.export import compose_file
from wizard.export.commands.composed import Compose
from wizard.export.commands.deployer import Commands
from wizard.export.target import Contents, Order, ReadmePart, Target
from wizard.formats.files import BundleFile
from wizard.formats.sites.writers import site_path
from wizard.formats.templates import fill
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment


class _Compose(Target):
    name = "compose"
    title = mark("Compose")
    order = 40
    needs = ("env",)
    starts = (Deployment.DOCKER,)

    def files(self, order: Order) -> Sequence[BundleFile]:
        plan = order.plan
        balancer = site_path(plan) if plan.balancer.kind.value in order.targets else ""
        return (BundleFile(compose_file.PATH, compose_file.render(plan, order.secrets, order.mode, balancer)),)

    def readme(self, contents: Contents) -> ReadmePart:
        ours = contents.plan.application.deployment is Deployment.DOCKER
        purpose = tr("the nodes as services of Docker Compose; it reads the env files")
        return ReadmePart(
            files=((f"`{compose_file.PATH}`", purpose),),
            note="" if ours else fill("readme/compose-unused.md.j2"),
            filling=fill("readme/compose-secrets.md.j2", env_file=compose_file.ENV_FILE) if ours else "",
        )

    def deployer(self, plan: Plan, paths: Sequence[str], missing: Sequence[str]) -> Commands | None:
        del paths
        return Compose(plan, missing)


TARGET = _Compose()
