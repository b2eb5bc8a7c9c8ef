"""What this machine cannot tell: a name that the nodes alone find is no fault of theirs when it is unknown here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from wizard.checks.registry import component, names
from wizard.checks.shared.look_there import look_from_there
from wizard.plan.finding import ErrorKind, Finding, Severity
from wizard.plan.i18n import sentences, tr
from wizard.plan.observed import Observed, Topic
from wizard.plan.place import Place
from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment

_IN_CLUSTER = (".svc", ".cluster.local")
"""How names end that Kubernetes gives to Services."""
_OF_A_NAMESPACE = 2
"""Parts of a Service's name with its namespace."""


def from_here(finding: Finding, plan: Plan) -> Finding:
    """Return the finding; unknown, where it fails on a name that the nodes find and this machine need not."""
    if finding.error is not ErrorKind.DNS or finding.severity is not Severity.FAIL or finding.component not in names():
        return finding
    for host in _hosts(finding, plan):
        found = _known_inside(host, plan)
        if found is not None:
            return _unknown(finding, host, found)
    return finding


def inside_names(plan: Plan) -> dict[str, str]:
    """Return the names that the nodes find, each with its address if the source says one: to be kept with a run."""
    return {item.subject: item.value for item in plan.seen(Topic.NAME)}


def with_names(plan: Plan, kept: Mapping[str, str]) -> Plan:
    """Return a plan with the names that were kept."""
    return replace(plan, observed=tuple(Observed(Topic.NAME, name, Place(""), kept[name]) for name in kept))


def _hosts(finding: Finding, plan: Plan) -> Iterable[str]:
    for key in component(finding.component).concerns(plan, finding):
        if key.endswith(".host") and isinstance(host := plan.get(key), str) and host:
            yield host.rstrip(".").lower()


def _known_inside(host: str, plan: Plan) -> str | None:
    """Return the address that the nodes find the host at, empty where it is not said; None where nothing tells."""
    first, *others = host.split(".")
    in_kubernetes = plan.application.deployment is Deployment.KUBERNETES
    for item in plan.seen(Topic.NAME):
        own = item.subject.lower()
        if own == host or (in_kubernetes and own == first and len(others) < _OF_A_NAMESPACE and not item.value):
            return item.value
    in_cluster = not others or host.endswith(_IN_CLUSTER)
    return "" if in_kubernetes and in_cluster else None


def _unknown(finding: Finding, host: str, address: str) -> Finding:
    if address:
        why = tr(
            "The nodes are given {address} for {host}; this machine does not know the name.", address=address, host=host
        )
    else:
        why = tr("{host} is a name of the nodes' own network, which this machine does not know.", host=host)
    summary = sentences(tr("Not found out from here."), why)
    return replace(finding, severity=Severity.UNKNOWN, summary=summary).with_remedy(look_from_there())
