"""The one fact a part of the cluster is known by: found out by a check if possible, else as planned. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import tr, trn
from wizard.plan.kinds import Choice
from wizard.plan.plan import Plan
from wizard.plan.sections import Layout, QueueKind


def fact(step: str, plan: Plan, live: Sequence[Finding]) -> str:
    """Return the fact that a step's line shows below its title, or nothing."""
    teller = _TELLERS.get(step)
    return teller(plan, live) if teller else ""


def label(plan: Plan, key: str) -> str:
    """Return the words for the value of a choice."""
    kind = plan.setting(key).kind
    if not isinstance(kind, Choice):
        return plan.text(key)
    options = [option.value for option in kind.options]
    return tr(kind.labels[options.index(plan.get(key).value)])


def known(live: Sequence[Finding], identifier: str, name: str) -> Any:
    """Return what a check found out under `name`, or None."""
    return next((item.facts[name] for item in live if item.id == identifier and name in item.facts), None)


def version(live: Sequence[Finding], component: str) -> str:
    """Return the version that was found out of a server, or nothing."""
    return str(known(live, f"{component}.version", "version") or "")


def entered(plan: Plan, key: str) -> str:
    """Return the text of a setting as it was entered; nothing where that cannot be read: what stands there is older."""
    return "" if plan.problem(key) else str(plan.get(key))


def _licence(plan: Plan, live: Sequence[Finding]) -> str:
    packages = known(live, "licence.plugins", "packages")
    if packages and any(item.id == "licence.plugins" and item.severity is Severity.PASS for item in live):
        return tr("{count} plug-ins licensed", count=len(packages))
    if plan.licence.key:
        return tr("Licence key")
    return entered(plan, "licence.username")


def _application(plan: Plan, _live: Sequence[Finding]) -> str:
    host = entered(plan, "application.public_url").partition("://")[2]
    return host or (tr("Keys entered") if plan.application.app_key and plan.application.aes_key else "")


def _database(plan: Plan, live: Sequence[Finding]) -> str:
    found, host = version(live, "database"), entered(plan, "database.host")
    if found or host:
        kind = label(plan, "database.dialect")
        return f"{kind} {found}" if found else tr("{kind} on {host}", kind=kind, host=host)
    return ""


def _redis(plan: Plan, live: Sequence[Finding]) -> str:
    found = version(live, "redis")
    if found:
        return f"{known(live, 'redis.version', 'product') or 'Redis'} {found}"
    return entered(plan, "redis.server.host") if plan.redis.layout is Layout.ONE else tr("A server for each role")


def _queue(plan: Plan, live: Sequence[Finding]) -> str:
    component = "rabbitmq" if plan.queue.kind is QueueKind.RABBITMQ else "redis"
    return f"{label(plan, 'queue.kind')} {version(live, component)}".strip()


def _storage(plan: Plan, _live: Sequence[Finding]) -> str:
    return entered(plan, "storage.path") and label(plan, "storage.kind").partition(" (")[0]


def _nodes(plan: Plan, _live: Sequence[Finding]) -> str:
    if not plan.nodes:
        return ""
    nodes = trn("1 node", "{count} nodes", len(plan.nodes))
    processes = trn("1 process", "{count} processes", plan.processes)
    return f"{nodes}, {processes}"


def _balancer(plan: Plan, _live: Sequence[Finding]) -> str:
    return entered(plan, "balancer.server_name") or (label(plan, "balancer.kind") if plan.nodes else "")


def _review(_plan: Plan, live: Sequence[Finding]) -> str:
    passed = sum(finding.severity is Severity.PASS for finding in live)
    return tr("{passed} of {total} passed", passed=passed, total=len(live)) if live else ""


_TELLERS: dict[str, Callable[[Plan, Sequence[Finding]], str]] = {
    "licence": _licence,
    "application": _application,
    "database": _database,
    "redis": _redis,
    "queue": _queue,
    "storage": _storage,
    "nodes": _nodes,
    "balancer": _balancer,
    "review": _review,
}
