"""The commands of the README: how the nodes of this very plan are started, stopped, upgraded, added and removed."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from wizard.export.commands.bare import Bare
from wizard.export.commands.composed import Compose
from wizard.export.commands.deployer import Commands
from wizard.export.commands.docker import DockerRun
from wizard.export.commands.pods import Kubernetes
from wizard.export.targets import compose, kubernetes
from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment

__all__ = ["Bare", "Commands", "Compose", "DockerRun", "Kubernetes", "commands_for"]

_BRING = {Deployment.DOCKER: "compose", Deployment.BARE: "env", Deployment.KUBERNETES: "kubernetes"}


def commands_for(plan: Plan, paths: Collection[str], missing: Iterable[str]) -> Commands | None:
    """Return the commands for the plan's deployment, or None if the bundle of `paths` lacks the files they need.

    `missing` are the variables whose secret is in none of them.
    """
    env = "env/cluster.env" in paths
    match plan.application.deployment:
        case Deployment.KUBERNETES if "kubernetes/configmap.yaml" in paths:
            return Kubernetes(plan, with_secret=kubernetes.SECRET_PATH in paths)
        case Deployment.BARE if env:
            return Bare(plan, missing)
        case Deployment.DOCKER if compose.PATH in paths:
            return Compose(plan, missing)
        case Deployment.DOCKER if env:
            return DockerRun(plan, missing)
        case _:
            return None


def bringing_target(plan: Plan) -> str:
    """Return the target that brings the files those commands need."""
    return _BRING[plan.application.deployment]
