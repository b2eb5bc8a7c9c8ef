"""The one fact a part of the cluster is known by: found out by a check if possible, else as planned. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wizard.checks import registry
from wizard.plan.display import entered, label
from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import listing, tr, trn
from wizard.plan.plan import Plan


def fact(step: str, plan: Plan, live: Sequence[Finding]) -> str:
    """Return the fact that a step's line shows below its title, or nothing."""
    if teller := _TELLERS.get(step):
        return teller(plan, live)
    return next((one.fact(plan, live) for one in registry.components() if one.step == step), "")


def _application(plan: Plan, _live: Sequence[Finding]) -> str:
    host = entered(plan, "application.public_url").partition("://")[2]
    return host or (tr("Keys entered") if plan.application.app_key and plan.application.aes_key else "")


def _queue(plan: Plan, live: Sequence[Finding]) -> str:
    versions = (one.version(live) for one in registry.components() if "queue" in one.steps(plan))
    return f"{label(plan, 'queue.kind')} {next(versions, '')}".strip()


def _nodes(plan: Plan, _live: Sequence[Finding]) -> str:
    if not plan.nodes:
        return ""
    nodes = trn("1 node", "{count} nodes", len(plan.nodes))
    processes = trn("1 process", "{count} processes", plan.processes)
    return listing((nodes, processes))


def _balancer(plan: Plan, _live: Sequence[Finding]) -> str:
    return entered(plan, "balancer.server_name") or (label(plan, "balancer.kind") if plan.nodes else "")


def _review(_plan: Plan, live: Sequence[Finding]) -> str:
    passed = sum(finding.severity is Severity.PASS for finding in live)
    return tr("{passed} of {total} passed", passed=passed, total=len(live)) if live else ""


_TELLERS: dict[str, Callable[[Plan, Sequence[Finding]], str]] = {
    "application": _application,
    "queue": _queue,
    "nodes": _nodes,
    "balancer": _balancer,
    "review": _review,
}
