"""Target env: the env files that NocoBase, Compose, systemd and shells read, and one for `docker run --env-file`."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.export import secrets_file
from wizard.export.commands.bare import Bare
from wizard.export.commands.deployer import Commands
from wizard.export.commands.docker import DockerRun
from wizard.export.target import Contents, Order, ReadmePart, Target
from wizard.formats import dotenv
from wizard.formats.files import BundleFile
from wizard.formats.templates import fill
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment


class _Env(Target):
    name = "env"
    title = mark("Env files")
    order = 10
    starts = (Deployment.BARE, Deployment.DOCKER)
    takes_secrets = True

    def files(self, order: Order) -> Sequence[BundleFile]:
        return dotenv.write(order.plan, order.secrets, order.mode)

    def readme(self, contents: Contents) -> ReadmePart:
        alike = tr("variables that are the same on every node: read by NocoBase itself, Compose, systemd and shells")
        raw = tr("the same without quotes, for readers that take lines as they are: `docker run --env-file`")
        own = [
            (
                f"`{dotenv.node_path(node.name)}`",
                tr("what is different on {node}", node=f"{node.name} ({node.host})" if node.host else node.name),
            )
            for node in contents.plan.nodes
        ]
        return ReadmePart(
            files=((f"`{dotenv.COMMON}`", alike), (f"`{dotenv.RAW}`", raw), *own),
            filling="" if contents.on_kubernetes else fill("readme/env-secrets.md.j2", script=secrets_file.SCRIPT),
        )

    def deployer(self, plan: Plan, paths: Sequence[str], missing: Sequence[str]) -> Commands | None:
        del paths
        return Bare(plan, missing) if plan.application.deployment is Deployment.BARE else DockerRun(plan, missing)


TARGET = _Env()
