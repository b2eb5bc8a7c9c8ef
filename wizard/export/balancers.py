"""What the targets of balancers share: which of them fits a plan, and what their parts of the README tell alike."""

from __future__ import annotations

from typing import Any

from wizard.export.target import Contents
from wizard.formats.sites.writers import WRITERS, site_path
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.sections import BalancerKind, Deployment
from wizard.plan.worker_mode import read


def unfit(plan: Plan, kind: BalancerKind) -> str:
    """Return why a plan has no use for the configuration of this balancer, or nothing."""
    if not plan.balancer.is_written:
        return tr("The plan's balancer is of another make, of which this program writes nothing.")
    if kind is not plan.balancer.kind:
        return tr("The plan's balancer is {name}.", name=_title(plan, plan.balancer.kind))
    if plan.application.deployment is Deployment.KUBERNETES and not all(node.host for node in plan.nodes):
        return tr("On Kubernetes the Ingress balances; pods without a host cannot be behind another balancer.")
    return ""


def words(contents: Contents, kind: BalancerKind) -> dict[str, Any]:
    """Return what the README's section about a balancer of this kind is filled with."""
    plan = contents.plan
    deployer = contents.deployer if kind is plan.balancer.kind else None
    return {
        "file": site_path(plan, kind),
        "title": "" if sum(site_path(plan, one) in contents.paths for one in WRITERS) == 1 else _title(plan, kind),
        "tasks_only": any(not read(node.worker_mode)[0].serves for node in plan.nodes),
        "service": deployer if deployer and deployer.balancer() else None,
    }


def _title(plan: Plan, kind: BalancerKind) -> str:
    label: str = plan.setting("balancer.kind").kind.label(kind)  # type: ignore[attr-defined]
    return label
